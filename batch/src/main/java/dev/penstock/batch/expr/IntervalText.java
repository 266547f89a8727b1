package dev.penstock.batch.expr;

import dev.penstock.batch.Interval;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ISO-8601 intervals, {@code P1Y2M3W4DT5H6M7.5S}; each number may have a sign. */
final class IntervalText {
  private static final Pattern ISO =
      Pattern.compile(
          "([+-])?P(?:([+-]?\\d{1,10})Y)?(?:([+-]?\\d{1,10})M)?(?:([+-]?\\d{1,10})W)?(?:([+-]?\\d{1,10})D)?(T.+)?",
          Pattern.CASE_INSENSITIVE);

  private IntervalText() {}

  /** A bad text is an IllegalArgumentException, DateTimeException or ArithmeticException. */
  static Interval parse(String text) {
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
}
