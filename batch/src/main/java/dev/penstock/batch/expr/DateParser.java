package dev.penstock.batch.expr;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads one text by a {@link DateFormat}; what the format does not say is that of 1900-01-01
 * 00:00:00. Numbers may have fewer digits than they are written with, names are read without regard
 * to case, spaces at both ends are skipped. Not thread-safe.
 */
final class DateParser {
  private static final int NONE = -1;

  private final String text;
  private int at;

  private int year = 1900;
  private int month = 1;
  private int day = 1;
  private int dayOfYear = NONE;
  private int isoYear = NONE;
  private int isoWeek = NONE;
  private int weekday = 1;
  private int hour;
  private int half = NONE;
  private int minute;
  private int second;
  private int micros;
  private int offsetSeconds;
  private @Nullable ZoneId zone;

  private DateParser(String text) {
    this.text = text;
  }

  /** Microseconds since 1970, or null if the text is none of the format. */
  static @Nullable Long parse(String text, DateFormat format) {
    DateParser parser = new DateParser(text.strip());
    for (DateFormat.Piece piece : format.pieces) {
      if (!(piece.specifier() == 0
          ? parser.literal(piece.text())
          : parser.read(piece.specifier()))) {
        return null;
      }
    }
    return parser.at == parser.text.length() ? parser.result() : null;
  }

  private boolean literal(String expected) {
    boolean here = text.startsWith(expected, at);
    boolean end = !here && text.substring(at).equals(expected.stripTrailing());
    at += here ? expected.length() : end ? text.length() - at : 0;
    return here || end;
  }

  private boolean read(char specifier) {
    switch (specifier) {
      case 'Y':
        return (year = number(4, 0, 9999)) >= 0;
      case 'y':
        int two = number(2, 0, 99);
        year = two < 69 ? 2000 + two : 1900 + two;
        return two >= 0;
      case 'm':
        return (month = number(2, 1, 12)) >= 0;
      case 'd':
        return (day = number(2, 1, 31)) >= 0;
      case 'j':
        return (dayOfYear = number(3, 1, 366)) >= 0;
      case 'G':
        return (isoYear = number(4, 0, 9999)) >= 0;
      case 'V':
        return (isoWeek = number(2, 1, 53)) >= 0;
      case 'u':
        return (weekday = number(1, 1, 7)) >= 0;
      case 'H':
        return (hour = number(2, 0, 23)) >= 0;
      case 'I':
        hour = number(2, 1, 12);
        half = half == NONE ? 0 : half;
        return hour >= 0;
      case 'M':
        return (minute = number(2, 0, 59)) >= 0;
      case 'S':
        return (second = number(2, 0, 59)) >= 0;
      case 'f':
        return fraction(6);
      case 'g':
        return fraction(3);
      case 'n':
        return fraction(9);
      case 'p':
        boolean pm = text.regionMatches(true, at, "PM", 0, 2);
        half = pm ? 12 : 0;
        boolean known = pm || text.regionMatches(true, at, "AM", 0, 2);
        at += 2;
        return known;
      case 'b', 'h':
        return (month = monthName(3)) > 0;
      case 'B':
        return (month = monthName(9)) > 0;
      case 'a':
        return weekdayName(3);
      case 'A':
        return weekdayName(9);
      case 'z':
        return offset();
      case 'Z':
        return zoneName();
      default:
        return false; // %U %W %w are only written
    }
  }

  /** A number of at most so many digits, or -1 if there is none in the range. */
  private int number(int digits, int least, int most) {
    int from = at;
    int v = 0;
    while (at < text.length() && at < from + digits && digit(at) >= 0) {
      v = v * 10 + digit(at);
      at++;
    }
    return at > from && v >= least && v <= most ? v : NONE;
  }

  private int digit(int i) {
    char c = text.charAt(i);
    return c >= '0' && c <= '9' ? c - '0' : -1;
  }

  /** Digits behind a point; those beyond microseconds are cut off. */
  private boolean fraction(int digits) {
    int from = at;
    micros = 0;
    while (at < text.length() && at < from + digits && digit(at) >= 0) {
      if (at < from + 6) {
        micros = micros * 10 + digit(at);
      }
      at++;
    }
    for (int i = at - from; i < 6; i++) {
      micros *= 10;
    }
    return at > from;
  }

  private int monthName(int letters) {
    for (int m = 1; m <= 12; m++) {
      if (name(DateFields.month(m), letters)) {
        return m;
      }
    }
    return NONE;
  }

  private boolean weekdayName(int letters) {
    for (int d = 1; d <= 7; d++) {
      if (name(DateFields.weekday(d), letters)) {
        return true;
      }
    }
    return false;
  }

  private boolean name(String name, int letters) {
    int n = Math.min(letters, name.length());
    boolean here = text.regionMatches(true, at, name, 0, n);
    at += here ? n : 0;
    return here;
  }

  /** {@code Z}, {@code +02}, {@code +0200}, {@code +02:00}. */
  private boolean offset() {
    if (at < text.length() && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')) {
      at++;
      return true;
    }
    if (at >= text.length() || "+-".indexOf(text.charAt(at)) < 0) {
      return false;
    }
    int sign = text.charAt(at) == '-' ? -1 : 1;
    at++;
    int hours = number(2, 0, 18);
    int minutes = 0;
    if (at < text.length() && (text.charAt(at) == ':' || digit(at) >= 0)) {
      at += text.charAt(at) == ':' ? 1 : 0;
      minutes = number(2, 0, 59);
    }
    offsetSeconds = sign * (hours * 3600 + minutes * 60);
    return hours >= 0 && minutes >= 0;
  }

  private boolean zoneName() {
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "/_+-".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    try {
      zone = ZoneId.of(text.substring(from, at));
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private @Nullable Long result() {
    if (half != NONE) {
      if (hour > 12) {
        return null;
      }
      hour = hour % 12 + half;
    }
    long days;
    if (isoYear != NONE) {
      long fourth = Days.of(isoYear, 1, 4);
      long week = isoWeek == NONE ? 1 : isoWeek;
      days = fourth - Days.isoWeekday(fourth) + (week - 1) * 7 + weekday;
    } else if (dayOfYear != NONE) {
      days = Days.of(year, 1, 1) + dayOfYear - 1;
    } else if (day > Days.monthLength(year, month)) {
      return null;
    } else {
      days = Days.of(year, month, day);
    }
    long seconds = days * 86_400 + hour * 3600L + minute * 60L + second - offsetSeconds;
    ZoneId named = zone;
    if (named != null) {
      LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
      seconds -= local.atZone(named).withLaterOffsetAtOverlap().getOffset().getTotalSeconds();
    }
    return seconds * 1_000_000 + micros;
  }
}
