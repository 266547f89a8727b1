package dev.penstock.sql.calcite;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of intervals: {@code 3 days}, {@code 1 year 2 months 04:05:06.5}, {@code -1 hour}. */
public final class IntervalText {
  private static final Pattern PART =
      Pattern.compile(
          "\\s*(?:([+-]?\\d+(?:\\.\\d+)?)\\s*([a-zA-Z]+)|([+-])?(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d{1,6})?))?)\\s*");
  private static final long SECOND = 1_000_000L;

  private IntervalText() {}

  /** The interval as plan data. */
  public static Object parse(String text) {
    Matcher m = PART.matcher(text);
    long[] sum = new long[3];
    int at = 0;
    try {
      while (at < text.length() && m.region(at, text.length()).lookingAt()) {
        if (m.group(1) != null) {
          add(sum, new BigDecimal(m.group(1)), m.group(2).toLowerCase(Locale.ROOT), text);
        } else {
          BigDecimal seconds = m.group(6) == null ? BigDecimal.ZERO : new BigDecimal(m.group(6));
          long micros =
              Math.addExact(
                  Math.multiplyExact(
                      Long.parseLong(m.group(4)) * 60 + Long.parseLong(m.group(5)), 60 * SECOND),
                  seconds.movePointRight(6).longValueExact());
          sum[2] = Math.addExact(sum[2], "-".equals(m.group(3)) ? -micros : micros);
        }
        at = m.end();
      }
    } catch (ArithmeticException e) {
      throw bad(text);
    }
    if (at < text.length() || text.isBlank()) {
      throw bad(text);
    }
    return of(sum[0], sum[1], sum[2]);
  }

  /** An interval as plan data. */
  public static Object of(long months, long days, long micros) {
    return PersistentArrayMap.createAsIfByAssoc(
        new Object[] {
          Keyword.intern("months"),
          months,
          Keyword.intern("days"),
          days,
          Keyword.intern("micros"),
          micros
        });
  }

  private static PenstockException bad(String text) {
    return PenstockException.incorrect(
        "sql-interval",
        "'" + text + "' is not an interval; write it as INTERVAL '3 days' or INTERVAL '1' MONTH");
  }

  private static void add(long[] sum, BigDecimal n, String unit, String text) {
    String u =
        unit.length() > 1 && unit.endsWith("s") && !unit.equals("us") && !unit.equals("ms")
            ? unit.substring(0, unit.length() - 1)
            : unit;
    switch (u) {
      case "millennium", "millennia" -> months(sum, n, 12_000);
      case "century", "centurie" -> months(sum, n, 1200);
      case "decade" -> months(sum, n, 120);
      case "year", "y", "yr" -> months(sum, n, 12);
      case "quarter" -> months(sum, n, 3);
      case "month", "mon" -> months(sum, n, 1);
      case "week", "w" -> days(sum, n.multiply(BigDecimal.valueOf(7)));
      case "day", "d" -> days(sum, n);
      case "hour", "h", "hr" -> micros(sum, n, 3600 * SECOND);
      case "minute", "min", "m" -> micros(sum, n, 60 * SECOND);
      case "second", "sec", "s" -> micros(sum, n, SECOND);
      case "millisecond", "msec", "ms" -> micros(sum, n, 1000);
      case "microsecond", "usec", "us" -> micros(sum, n, 1);
      default -> throw bad(text);
    }
  }

  private static void months(long[] sum, BigDecimal n, long each) {
    sum[0] =
        Math.addExact(
            sum[0],
            n.multiply(BigDecimal.valueOf(each)).setScale(0, RoundingMode.DOWN).longValueExact());
  }

  private static void days(long[] sum, BigDecimal n) {
    BigDecimal whole = n.setScale(0, RoundingMode.DOWN);
    sum[1] = Math.addExact(sum[1], whole.longValueExact());
    micros(sum, n.subtract(whole), 86_400 * SECOND);
  }

  private static void micros(long[] sum, BigDecimal n, long each) {
    sum[2] =
        Math.addExact(
            sum[2],
            n.multiply(BigDecimal.valueOf(each)).setScale(0, RoundingMode.DOWN).longValueExact());
  }
}
