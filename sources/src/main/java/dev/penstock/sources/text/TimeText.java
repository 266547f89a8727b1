package dev.penstock.sources.text;

/**
 * ISO dates and times read from ASCII bytes. Each reader writes at {@code out[at]} and says whether
 * the whole range was such a value.
 *
 * <pre>
 * date         1994-01-31
 * time         23:59:59[.123456789]   or 23:59
 * timestamp    date [T or blank time]
 * timestamptz  date T-or-blank time (Z | +hh | +hh:mm | +hhmm)
 * </pre>
 *
 * <p>Digits beyond microseconds are cut off. 24:00 and leap seconds are refused.
 */
public final class TimeText {
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final int BAD = Integer.MIN_VALUE;

  private TimeText() {}

  public static boolean readDate(byte[] b, int from, int to, int[] out, int at) {
    if (to - from != 10) {
      return false;
    }
    int day = days(b, from);
    out[at] = day;
    return day != BAD;
  }

  public static boolean readTime(byte[] b, int from, int to, long[] out, int at) {
    long t = micros(b, from, to);
    out[at] = t;
    return t >= 0;
  }

  public static boolean readTimestamp(byte[] b, int from, int to, long[] out, int at) {
    int n = to - from;
    if (n < 10) {
      return false;
    }
    int day = days(b, from);
    if (day == BAD) {
      return false;
    }
    long t = 0;
    if (n > 10) {
      if (b[from + 10] != 'T' && b[from + 10] != ' ' && b[from + 10] != 't') {
        return false;
      }
      t = micros(b, from + 11, to);
      if (t < 0) {
        return false;
      }
    }
    out[at] = day * DAY_MICROS + t;
    return true;
  }

  public static boolean readTimestampTz(byte[] b, int from, int to, long[] out, int at) {
    int end = to;
    long offset = 0;
    if (to - from < 17) {
      return false;
    }
    if (b[to - 1] == 'Z' || b[to - 1] == 'z') {
      end = to - 1;
    } else {
      int sign = to - 3;
      while (sign > to - 7 && b[sign] != '+' && b[sign] != '-') {
        sign--;
      }
      if (b[sign] != '+' && b[sign] != '-') {
        return false;
      }
      int size = to - sign;
      int hours = two(b, sign + 1);
      int minutes =
          size == 3
              ? 0
              : size == 5
                  ? two(b, sign + 3)
                  : size == 6 && b[sign + 3] == ':' ? two(b, sign + 4) : -1;
      if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
        return false;
      }
      offset = (hours * 60L + minutes) * 60_000_000L * (b[sign] == '-' ? -1 : 1);
      end = sign;
      if (end > from && b[end - 1] == ' ') {
        end--;
      }
    }
    if (end - from < 16 || !readTimestamp(b, from, end, out, at)) {
      return false;
    }
    out[at] -= offset;
    return true;
  }

  /** Two digits, or negative. */
  private static int two(byte[] b, int p) {
    int x = b[p] - '0';
    int y = b[p + 1] - '0';
    return (x | y | (9 - x) | (9 - y)) < 0 ? -1 : x * 10 + y;
  }

  /** Days since 1970 of the ten bytes YYYY-MM-DD, or BAD. */
  private static int days(byte[] b, int p) {
    int high = two(b, p);
    int low = two(b, p + 2);
    int month = two(b, p + 5);
    int day = two(b, p + 8);
    if ((high | low | month | day) < 0 || b[p + 4] != '-' || b[p + 7] != '-') {
      return BAD;
    }
    int year = high * 100 + low;
    if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) {
      return BAD;
    }
    // days_from_civil, Howard Hinnant: years begin in March, eras have 400 years
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }

  private static int monthLength(int year, int month) {
    return switch (month) {
      case 4, 6, 9, 11 -> 30;
      case 2 -> (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      default -> 31;
    };
  }

  /** Microseconds since midnight, or -1. */
  private static long micros(byte[] b, int from, int to) {
    int n = to - from;
    if (n != 5 && (n < 8 || n > 18)) {
      return -1;
    }
    int hour = two(b, from);
    int minute = two(b, from + 3);
    int second = n == 5 ? 0 : two(b, from + 6);
    if ((hour | minute | second) < 0
        || hour > 23
        || minute > 59
        || second > 59
        || b[from + 2] != ':'
        || (n > 5 && b[from + 5] != ':')) {
      return -1;
    }
    long fraction = 0;
    if (n > 8) {
      if (b[from + 8] != '.' || n == 9) {
        return -1;
      }
      for (int i = 0; i < Math.max(6, n - 9); i++) {
        int d = from + 9 + i < to ? b[from + 9 + i] - '0' : 0;
        if (d < 0 || d > 9) {
          return -1;
        }
        fraction = i < 6 ? fraction * 10 + d : fraction;
      }
    }
    return ((hour * 60L + minute) * 60L + second) * 1_000_000L + fraction;
  }
}
