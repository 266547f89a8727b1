package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.FLOAT64;
import static dev.penstock.batch.Kind.INT64;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Intervals of numbers of a unit, products of intervals and floats, and times of day moved. */
final class Intervals {
  static final Map<String, Plain> FUNCTIONS = new HashMap<>();

  static {
    months("to-millennia", 12_000);
    months("to-centuries", 1_200);
    months("to-decades", 120);
    months("to-years", 12);
    months("to-quarters", 3);
    months("to-months", 1);
    days("to-weeks", 7);
    days("to-days", 1);
    micros("to-hours", DateUnit.HOUR.micros);
    micros("to-minutes", DateUnit.MINUTE.micros);
    micros("to-microseconds", 1);
    seconds("to-seconds", 1e6);
    seconds("to-milliseconds", 1e3);
  }

  private static final int DAYS_OF_MONTH = 30;
  private static final double SECONDS_OF_DAY = 86_400;

  private interface Row {
    Interval at(int position);
  }

  private Intervals() {}

  private static FlatColumn gather(Args x, String what, Row row) {
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      try {
        Interval v = row.at(p);
        out[2 * p] = v.high();
        out[2 * p + 1] = v.micros();
      } catch (ArithmeticException e) {
        String with = x.size() == 2 ? " and " + x.value(1, p) : "";
        throw Errors.overflow(what + " of " + x.value(0, p) + with, DataType.INTERVAL);
      }
    }
    return new PairColumn(DataType.INTERVAL, out, x.nulls(), x.length());
  }

  private static void months(String fn, int unit) {
    FUNCTIONS.put(
        fn,
        Plain.of(
            DataType.INTERVAL,
            x ->
                gather(
                    x,
                    fn,
                    p ->
                        new Interval(
                            Math.toIntExact(Math.multiplyExact(x.number(0, p), (long) unit)),
                            0,
                            0)),
            INT64));
  }

  private static void days(String fn, int unit) {
    FUNCTIONS.put(
        fn,
        Plain.of(
            DataType.INTERVAL,
            x ->
                gather(
                    x,
                    fn,
                    p ->
                        new Interval(
                            0,
                            Math.toIntExact(Math.multiplyExact(x.number(0, p), (long) unit)),
                            0)),
            INT64));
  }

  private static void micros(String fn, long unit) {
    FUNCTIONS.put(
        fn,
        Plain.of(
            DataType.INTERVAL,
            x -> gather(x, fn, p -> new Interval(0, 0, Math.multiplyExact(x.number(0, p), unit))),
            INT64));
  }

  private static void seconds(String fn, double unit) {
    FUNCTIONS.put(
        fn,
        Plain.of(
            DataType.INTERVAL,
            x -> gather(x, fn, p -> new Interval(0, 0, exactly(x.doubles(0)[p] * unit))),
            FLOAT64));
  }

  /** Rounded half to even; what does not fit is an ArithmeticException. */
  private static long exactly(double v) {
    double whole = Math.rint(v);
    if (!(whole >= -0x1p63 && whole < 0x1p63)) {
      throw new ArithmeticException("long overflow");
    }
    return (long) whole;
  }

  /**
   * Times a float: what is no whole number of months goes to the days, 30 to a month, and of days
   * to the time, as in PostgreSQL.
   */
  static FlatColumn times(Args x) {
    long[] a = x.pairs(0);
    return gather(
        x,
        "the product",
        p -> {
          int q = 2 * (p & x.mask(0));
          double by = finite(x.doubles(1)[p & x.mask(1)]);
          return scaled(Interval.of(a[q], a[q + 1]), n -> n * by);
        });
  }

  /** Divided by a float. */
  static FlatColumn over(Args x) {
    long[] a = x.pairs(0);
    return gather(
        x,
        "the quotient",
        p -> {
          int q = 2 * (p & x.mask(0));
          double by = finite(x.doubles(1)[p & x.mask(1)]);
          if (by == 0) {
            throw Errors.zeroDivisor("/", x, p);
          }
          return scaled(Interval.of(a[q], a[q + 1]), n -> n / by);
        });
  }

  private static Interval scaled(Interval v, DoubleUnaryOperator by) {
    double months = by.applyAsDouble(v.months());
    int wholeMonths = Math.toIntExact((long) months);
    double restOfMonths = round6((months - wholeMonths) * DAYS_OF_MONTH);
    double days = by.applyAsDouble(v.days());
    int wholeDays = Math.toIntExact((long) days);
    double rest = days - wholeDays + restOfMonths - (int) restOfMonths;
    double seconds = round6(rest * SECONDS_OF_DAY);
    int more = (int) (seconds / SECONDS_OF_DAY);
    seconds -= more * SECONDS_OF_DAY;
    return new Interval(
        wholeMonths,
        Math.addExact(Math.addExact(wholeDays, (int) restOfMonths), more),
        exactly(by.applyAsDouble((double) v.micros()) + seconds * 1e6));
  }

  private static double finite(double by) {
    if (!Double.isFinite(by)) {
      throw new ArithmeticException("interval overflow");
    }
    return by;
  }

  /** Six digits behind the point, as PostgreSQL keeps of parts of days and of seconds. */
  private static double round6(double v) {
    return Math.rint(v * 1e6) / 1e6;
  }

  /** Cut off to a unit, towards zero; what is shorter than the unit is gone. */
  static FlatColumn truncate(Args x, DateUnit unit) {
    long[] a = x.pairs(0);
    return gather(
        x,
        "date-trunc",
        p -> {
          Interval v = Interval.of(a[2 * p], a[2 * p + 1]);
          return unit.months > 0
              ? new Interval(v.months() / unit.months * unit.months, 0, 0)
              : unit == DateUnit.WEEK
                  ? new Interval(v.months(), v.days() / 7 * 7, 0)
                  : unit == DateUnit.DAY
                      ? new Interval(v.months(), v.days(), 0)
                      : new Interval(v.months(), v.days(), v.micros() / unit.micros * unit.micros);
        });
  }

  /** A time of day moves by the time part of an interval, round the clock. */
  static FlatColumn moveClock(Args x, boolean minus) {
    long[] out = new long[x.length()];
    long[] intervals = x.pairs(1);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long by = intervals[2 * (p & x.mask(1)) + 1] % Days.MICROS;
      out[p] = Math.floorMod(x.number(0, p) + (minus ? -by : by), Days.MICROS);
    }
    return new LongColumn(DataType.TIME, out, x.nulls(), x.length());
  }

  /** A date and a time of day. */
  static FlatColumn atClock(Args x) {
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long day = x.ints(0)[p & x.mask(0)];
      if (Math.abs(day) >= Long.MAX_VALUE / Days.MICROS) {
        throw Errors.overflow("+", x, p, DataType.TIMESTAMP);
      }
      out[p] = day * Days.MICROS + x.number(1, p);
    }
    return new LongColumn(DataType.TIMESTAMP, out, x.nulls(), x.length());
  }
}
