package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import org.jspecify.annotations.Nullable;

/** {@code + - *} of dates, timestamps and intervals, and casts between points in time. */
final class DateArithmetic {
  private DateArithmetic() {}

  static boolean isPoint(DataType t) {
    return t.kind() == Kind.DATE || isTimestamp(t);
  }

  static boolean isTimestamp(DataType t) {
    return t.kind() == Kind.TIMESTAMP || t.kind() == Kind.TIMESTAMPTZ;
  }

  private static boolean isInteger(DataType t) {
    return t.kind() == Kind.INT32 || t.kind() == Kind.INT64;
  }

  /**
   * The kernel of an infix operator (the number, if there is one, is int64), or null if it is none
   * of this family.
   */
  static CallExpr.@Nullable Kernel of(String op, DataType a, DataType b, DataType result) {
    boolean minus = op.equals("-");
    if (op.equals("*") || op.equals("/")) {
      if (a.kind() != Kind.INTERVAL) {
        return null;
      }
      return op.equals("/")
          ? b.kind() == Kind.FLOAT64 ? Intervals::over : null
          : b.kind() == Kind.FLOAT64
              ? Intervals::times
              : b.kind() == Kind.INT64 ? DateArithmetic::multiplyInterval : null;
    }
    if (a.kind() == Kind.TIME && b.kind() == Kind.INTERVAL) {
      return x -> Intervals.moveClock(x, minus);
    } else if (a.kind() == Kind.DATE && b.kind() == Kind.TIME && !minus) {
      return Intervals::atClock;
    }
    if (a.kind() == Kind.DATE && isInteger(b)) {
      return x -> plusDays(x, minus);
    } else if (a.kind() == Kind.DATE && b.kind() == Kind.DATE && minus) {
      return x -> daysBetween(x, result);
    } else if (isTimestamp(a) && a.equals(b) && minus) {
      return DateArithmetic::between;
    } else if (isPoint(a) && b.kind() == Kind.INTERVAL && isPoint(result)) {
      return x -> plusInterval(x, result, minus);
    } else if (a.kind() == Kind.INTERVAL && b.kind() == Kind.INTERVAL) {
      return x -> addIntervals(x, minus);
    }
    return null;
  }

  private static FlatColumn plusDays(Args x, boolean minus) {
    int[] a = x.ints(0);
    int am = x.mask(0);
    int bm = x.mask(1);
    int[] out = new int[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    boolean ints = x.column(1) instanceof IntColumn;
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long days = ints ? x.ints(1)[p & bm] : x.longs(1)[p & bm];
      long r = minus ? a[p & am] - days : a[p & am] + days;
      // Beyond an int either way, wrapped or not.
      if (r != (int) r || days != (int) days && Math.abs(days >> 1) > 1L << 32) {
        throw Errors.overflow(minus ? "-" : "+", x, p, DataType.DATE);
      }
      out[p] = (int) r;
    }
    return new IntColumn(DataType.DATE, out, x.nulls(), x.length());
  }

  private static FlatColumn daysBetween(Args x, DataType result) {
    int[] a = x.ints(0);
    int[] b = x.ints(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (long) a[i & am] - b[i & bm];
    }
    return Integers.column(result, out, x);
  }

  private static FlatColumn between(Args x) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long u = a[p & x.mask(0)];
      long v = b[p & x.mask(1)];
      long r = u - v;
      if (((u ^ v) & (u ^ r)) < 0) {
        throw Errors.overflow("-", x, p, DataType.INTERVAL);
      }
      // Days and the rest have the sign of the whole.
      Interval interval = new Interval(0, Math.toIntExact(r / Days.MICROS), r % Days.MICROS);
      out[2 * p] = interval.high();
      out[2 * p + 1] = interval.micros();
    }
    return new PairColumn(DataType.INTERVAL, out, x.nulls(), x.length());
  }

  private static FlatColumn plusInterval(Args x, DataType result, boolean minus) {
    boolean fromDate = x.type(0).kind() == Kind.DATE;
    boolean toDate = result.kind() == Kind.DATE;
    long[] intervals = x.pairs(1);
    long[] longs = toDate ? new long[0] : new long[x.length()];
    int[] ints = toDate ? new int[x.length()] : new int[0];
    int sign = minus ? -1 : 1;
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      int v = 2 * (p & x.mask(1));
      long high = intervals[v];
      try {
        long days;
        long micros;
        if (fromDate) {
          days = x.ints(0)[q];
          micros = 0;
        } else {
          days = Math.floorDiv(x.longs(0)[q], Days.MICROS);
          micros = Math.floorMod(x.longs(0)[q], Days.MICROS);
        }
        days = Days.plusMonths(days, sign * (high >> 32)) + (long) sign * (int) high;
        // The time part counts in exact microseconds, days of 24 hours.
        long time = intervals[v + 1];
        long rest = Math.floorMod(time, Days.MICROS) * sign + micros;
        days += Math.floorDiv(time, Days.MICROS) * sign + Math.floorDiv(rest, Days.MICROS);
        rest = Math.floorMod(rest, Days.MICROS);
        if (toDate) {
          ints[p] = Math.toIntExact(days);
        } else {
          longs[p] = Math.addExact(Math.multiplyExact(days, Days.MICROS), rest);
        }
      } catch (ArithmeticException e) {
        throw Errors.overflow(minus ? "-" : "+", x, p, result);
      }
    }
    return toDate
        ? new IntColumn(result, ints, x.nulls(), x.length())
        : new LongColumn(result, longs, x.nulls(), x.length());
  }

  private static FlatColumn addIntervals(Args x, boolean minus) {
    long[] a = x.pairs(0);
    long[] b = x.pairs(1);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int u = 2 * (p & x.mask(0));
      int v = 2 * (p & x.mask(1));
      int sign = minus ? -1 : 1;
      try {
        Interval r =
            new Interval(
                Math.toIntExact((a[u] >> 32) + sign * (b[v] >> 32)),
                Math.toIntExact((int) a[u] + (long) sign * (int) b[v]),
                minus ? Math.subtractExact(a[u + 1], b[v + 1]) : Math.addExact(a[u + 1], b[v + 1]));
        out[2 * p] = r.high();
        out[2 * p + 1] = r.micros();
      } catch (ArithmeticException e) {
        throw Errors.overflow(minus ? "-" : "+", x, p, DataType.INTERVAL);
      }
    }
    return new PairColumn(DataType.INTERVAL, out, x.nulls(), x.length());
  }

  private static FlatColumn multiplyInterval(Args x) {
    long[] a = x.pairs(0);
    long[] b = x.longs(1);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int u = 2 * (p & x.mask(0));
      long times = b[p & x.mask(1)];
      try {
        Interval r =
            new Interval(
                Math.toIntExact(Math.multiplyExact(a[u] >> 32, times)),
                Math.toIntExact(Math.multiplyExact((int) a[u], times)),
                Math.multiplyExact(a[u + 1], times));
        out[2 * p] = r.high();
        out[2 * p + 1] = r.micros();
      } catch (ArithmeticException e) {
        throw Errors.overflow("*", x, p, DataType.INTERVAL);
      }
    }
    return new PairColumn(DataType.INTERVAL, out, x.nulls(), x.length());
  }

  static FlatColumn negateInterval(Args x) {
    long[] a = x.pairs(0);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      try {
        Interval r =
            new Interval(
                Math.negateExact((int) (a[2 * p] >> 32)),
                Math.negateExact((int) a[2 * p]),
                Math.negateExact(a[2 * p + 1]));
        out[2 * p] = r.high();
        out[2 * p + 1] = r.micros();
      } catch (ArithmeticException e) {
        throw Errors.overflow("-", x, p, DataType.INTERVAL);
      }
    }
    return new PairColumn(DataType.INTERVAL, out, x.nulls(), x.length());
  }

  /** The kernel of a cast between points in time (of UTC), or null if it is none of this family. */
  static CallExpr.@Nullable Kernel cast(DataType from, DataType to, boolean lenient) {
    if (isTimestamp(from) && to.kind() == Kind.TIME) {
      return x -> Gather.longs(x, to, p -> Math.floorMod(x.longs(0)[p], Days.MICROS));
    }
    if (!isPoint(from) || !isPoint(to)) {
      return null;
    }
    if (from.kind() == Kind.DATE && isTimestamp(to)) {
      return x -> toTimestamp(x, to, new Failures(x, to, lenient));
    } else if (isTimestamp(from) && to.kind() == Kind.DATE) {
      return DateArithmetic::toDate;
    }
    return x -> FlatColumns.as(x.column(0), to);
  }

  private static FlatColumn toTimestamp(Args x, DataType to, Failures failures) {
    int[] a = x.ints(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      // Days whose microseconds fit a long.
      if (Math.abs((long) a[p]) > Long.MAX_VALUE / Days.MICROS) {
        failures.at(p);
      }
      out[p] = a[p] * Days.MICROS;
    }
    return new LongColumn(to, out, failures.nulls(), x.length());
  }

  private static FlatColumn toDate(Args x) {
    long[] a = x.longs(0);
    int[] out = new int[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) Math.floorDiv(a[i], Days.MICROS);
    }
    return new IntColumn(DataType.DATE, out, x.nulls(), x.length());
  }
}
