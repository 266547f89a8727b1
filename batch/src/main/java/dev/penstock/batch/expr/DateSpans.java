package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.PairColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code date-sub age}: how much time lies between two timestamps, in whole units or by parts. */
final class DateSpans {
  static final List<String> NAMES = List.of("date-sub", "age");

  private DateSpans() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    boolean age = fn.equals("age");
    List<Expr> two = age ? args : args.subList(1, args.size());
    DateUnit unit = age ? null : DateUnit.of(args.get(0));
    if (two.size() != 2 || !two.get(0).type().equals(two.get(1).type())) {
      return null;
    }
    DataType type = two.get(0).type();
    boolean times = type.kind() == Kind.TIME;
    if (!times && !DateArithmetic.isTimestamp(type)) {
      return null;
    }
    if (age) {
      return times ? null : new CallExpr(result, DateSpans::age, two);
    }
    return unit == null || (times && unit.ordinal() < DateUnit.DAY.ordinal())
        ? null
        : new CallExpr(result, x -> whole(x, unit, result), two);
  }

  private static FlatColumn whole(Args x, DateUnit unit, DataType result) {
    return Gather.longs(
        x,
        result,
        p -> {
          long a = x.number(0, p);
          long b = x.number(1, p);
          if (unit.months > 0) {
            return (a <= b ? months(a, b) : -months(b, a)) / unit.months;
          }
          long r = b - a;
          if (((a ^ b) & (b ^ r)) < 0) {
            throw Errors.overflow("date-sub of " + x.value(0, p) + " and " + x.value(1, p), result);
          }
          return r / unit.micros;
        });
  }

  /**
   * Whole months from one time to a later one. To the last day of a month it is a month from any
   * day beyond that one.
   */
  private static long months(long from, long to) {
    long first = Days.civil(Math.floorDiv(from, Days.MICROS));
    long last = Days.civil(Math.floorDiv(to, Days.MICROS));
    long firstDay = first & 31;
    long lastDay = last & 31;
    if (lastDay == Days.monthLength(last >> 9, (int) (last >> 5) & 15)) {
      firstDay = Math.min(firstDay, lastDay);
    }
    long begin = firstDay * Days.MICROS + Math.floorMod(from, Days.MICROS);
    long end = lastDay * Days.MICROS + Math.floorMod(to, Days.MICROS);
    return monthNumber(last) - monthNumber(first) - (end < begin ? 1 : 0);
  }

  private static long monthNumber(long civil) {
    return (civil >> 9) * 12 + (civil >> 5 & 15);
  }

  /** As PostgreSQL has it: months and days as they are counted on fingers. */
  private static FlatColumn age(Args x) {
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long a = x.number(0, p);
      long b = x.number(1, p);
      Interval r = a >= b ? between(b, a) : negated(between(a, b));
      out[2 * p] = r.high();
      out[2 * p + 1] = r.micros();
    }
    return new PairColumn(DataType.INTERVAL, out, x.nulls(), x.length());
  }

  private static Interval negated(Interval v) {
    return new Interval(-v.months(), -v.days(), -v.micros());
  }

  /** From one time to a later one; days that are missing are borrowed from the earlier month. */
  private static Interval between(long from, long to) {
    long first = Days.civil(Math.floorDiv(from, Days.MICROS));
    long last = Days.civil(Math.floorDiv(to, Days.MICROS));
    long months = monthNumber(last) - monthNumber(first);
    long days = (last & 31) - (first & 31);
    long micros = Math.floorMod(to, Days.MICROS) - Math.floorMod(from, Days.MICROS);
    if (micros < 0) {
      micros += Days.MICROS;
      days--;
    }
    if (days < 0) {
      days += Days.monthLength(first >> 9, (int) (first >> 5) & 15);
      months--;
    }
    return new Interval(Math.toIntExact(months), (int) days, micros);
  }
}
