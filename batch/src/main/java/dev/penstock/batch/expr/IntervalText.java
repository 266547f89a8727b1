package dev.penstock.batch.expr;

import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads intervals: of ISO-8601, {@code P1Y2M3W4DT5H6M7.5S}, each number with a sign if it likes,
 * and as SQL has them, {@code 1 year 2 mons -3 days 04:05:06.5}, {@code 5 minutes ago}. A part of a
 * month is days, 30 to a month, and a part of a day time.
 */
final class IntervalText {
  private static final Pattern ISO =
      Pattern.compile(
          "([+-])?P(?:([+-]?\\d{1,10})Y)?(?:([+-]?\\d{1,10})M)?(?:([+-]?\\d{1,10})W)?(?:([+-]?\\d{1,10})D)?(T.+)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PART =
      Pattern.compile(
          "\\s*(?:([+-]?)(\\d{1,9}):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d{1,9})?))?|([+-]?\\d{1,18}(?:\\.\\d{1,18})?)\\s*([a-z]+))");

  /** A unit is a number of months, or of days, or of microseconds. */
  private record Unit(int months, int days, long micros) {}

  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("millennium", new Unit(12_000, 0, 0)),
          Map.entry("millennia", new Unit(12_000, 0, 0)),
          Map.entry("century", new Unit(1_200, 0, 0)),
          Map.entry("centurie", new Unit(1_200, 0, 0)),
          Map.entry("decade", new Unit(120, 0, 0)),
          Map.entry("year", new Unit(12, 0, 0)),
          Map.entry("yr", new Unit(12, 0, 0)),
          Map.entry("y", new Unit(12, 0, 0)),
          Map.entry("quarter", new Unit(3, 0, 0)),
          Map.entry("month", new Unit(1, 0, 0)),
          Map.entry("mon", new Unit(1, 0, 0)),
          Map.entry("week", new Unit(0, 7, 0)),
          Map.entry("w", new Unit(0, 7, 0)),
          Map.entry("day", new Unit(0, 1, 0)),
          Map.entry("d", new Unit(0, 1, 0)),
          Map.entry("hour", new Unit(0, 0, 3_600_000_000L)),
          Map.entry("hr", new Unit(0, 0, 3_600_000_000L)),
          Map.entry("h", new Unit(0, 0, 3_600_000_000L)),
          Map.entry("minute", new Unit(0, 0, 60_000_000L)),
          Map.entry("min", new Unit(0, 0, 60_000_000L)),
          Map.entry("m", new Unit(0, 0, 60_000_000L)),
          Map.entry("second", new Unit(0, 0, 1_000_000L)),
          Map.entry("sec", new Unit(0, 0, 1_000_000L)),
          Map.entry("s", new Unit(0, 0, 1_000_000L)),
          Map.entry("millisecond", new Unit(0, 0, 1_000L)),
          Map.entry("msec", new Unit(0, 0, 1_000L)),
          Map.entry("ms", new Unit(0, 0, 1_000L)),
          Map.entry("microsecond", new Unit(0, 0, 1L)),
          Map.entry("usec", new Unit(0, 0, 1L)),
          Map.entry("us", new Unit(0, 0, 1L)));

  private IntervalText() {}

  /** A bad text is an IllegalArgumentException, DateTimeException or ArithmeticException. */
  static Interval parse(String text) {
    return text.matches("[+-]?[Pp].*") ? iso(text) : words(text.toLowerCase(Locale.ROOT));
  }

  private static Interval iso(String text) {
    Matcher m = ISO.matcher(text);
    if (!m.matches() || !Character.isLetterOrDigit(text.charAt(text.length() - 1))) {
      throw new IllegalArgumentException(text);
    }
    boolean any = false;
    for (int k = 2; k <= 6; k++) {
      any |= m.group(k) != null;
    }
    if (!any) {
      throw new IllegalArgumentException(text);
    }
    long months = number(m.group(2)) * 12 + number(m.group(3));
    long days = number(m.group(4)) * 7 + number(m.group(5));
    long micros = 0;
    if (m.group(6) != null) {
      Duration d = Duration.parse("P" + m.group(6));
      micros = Math.addExact(Math.multiplyExact(d.getSeconds(), 1_000_000L), d.getNano() / 1000);
    }
    int sign = "-".equals(m.group(1)) ? -1 : 1;
    return new Interval(
        Math.toIntExact(sign * months),
        Math.toIntExact(sign * days),
        Math.multiplyExact(sign, micros));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static Interval words(String text) {
    boolean ago = text.endsWith(" ago");
    String rest = ago ? text.substring(0, text.length() - 4) : text;
    rest = rest.startsWith("@") ? rest.substring(1) : rest;
    Matcher m = PART.matcher(rest);
    Interval sum = new Interval(0, 0, 0);
    int at = 0;
    while (m.lookingAt()) {
      sum = plus(sum, m.group(3) != null ? clock(m) : part(new BigDecimal(m.group(5)), m.group(6)));
      at = m.end();
      m.region(at, rest.length());
    }
    if (at == 0 || !rest.substring(at).isBlank()) {
      throw new IllegalArgumentException(text);
    }
    return ago ? new Interval(-sum.months(), -sum.days(), -sum.micros()) : sum;
  }

  private static Interval clock(Matcher m) {
    String seconds = m.group(4) == null ? "0" : m.group(4);
    long micros =
        Math.addExact(
            Math.multiplyExact(Long.parseLong(m.group(2)), 3_600_000_000L),
            Long.parseLong(m.group(3)) * 60_000_000L + micros(new BigDecimal(seconds), 1_000_000L));
    if (Integer.parseInt(m.group(3)) > 59 || new BigDecimal(seconds).intValue() > 59) {
      throw new IllegalArgumentException(m.group());
    }
    return new Interval(0, 0, m.group(1).equals("-") ? -micros : micros);
  }

  private static Interval part(BigDecimal n, String name) {
    Unit unit = UNITS.get(name);
    if (unit == null && name.endsWith("s")) {
      unit = UNITS.get(name.substring(0, name.length() - 1));
    }
    if (unit == null) {
      throw new IllegalArgumentException(name);
    }
    if (unit.micros > 0) {
      return new Interval(0, 0, micros(n, unit.micros));
    }
    BigDecimal months = n.multiply(BigDecimal.valueOf(unit.months));
    BigDecimal wholeMonths = months.setScale(0, RoundingMode.DOWN);
    // A part of a year is whole months, a part of a month days and time.
    BigDecimal restOfMonths =
        unit.months == 1
            ? months.subtract(wholeMonths).multiply(BigDecimal.valueOf(30))
            : BigDecimal.ZERO;
    BigDecimal days = n.multiply(BigDecimal.valueOf(unit.days)).add(restOfMonths);
    BigDecimal wholeDays = days.setScale(0, RoundingMode.DOWN);
    return new Interval(
        wholeMonths.intValueExact(),
        wholeDays.intValueExact(),
        micros(days.subtract(wholeDays), Days.MICROS));
  }

  private static long micros(BigDecimal n, long unit) {
    return n.multiply(BigDecimal.valueOf(unit))
        .setScale(0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  private static Interval plus(Interval a, Interval b) {
    return new Interval(
        Math.addExact(a.months(), b.months()),
        Math.addExact(a.days(), b.days()),
        Math.addExact(a.micros(), b.micros()));
  }
}
