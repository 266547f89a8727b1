package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (time-bucket width t origin)}: the beginning of the bucket that t lies in. Buckets have a
 * width of months, or of days and time; one begins at the origin, which is 2000-01-01 for months
 * and else 2000-01-03, a Monday.
 */
final class TimeBucket {
  static final List<String> NAMES = List.of("time-bucket");

  private static final long MONTHS_ORIGIN = Days.of(2000, 1, 1) * Days.MICROS;
  private static final long ORIGIN = Days.of(2000, 1, 3) * Days.MICROS;

  private TimeBucket() {}

  /** The call, or null if these types have no kernel: dates are timestamps here. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    return args.size() >= 2
            && args.size() <= 3
            && args.get(0).type().kind() == Kind.INTERVAL
            && DateArithmetic.isTimestamp(result)
            && args.subList(1, args.size()).stream().allMatch(e -> e.type().equals(result))
        ? new CallExpr(result, x -> buckets(x, result), args)
        : null;
  }

  private static FlatColumn buckets(Args x, DataType type) {
    return Gather.longs(
        x,
        type,
        p -> {
          int q = 2 * (p & x.mask(0));
          Interval width = Interval.of(x.pairs(0)[q], x.pairs(0)[q + 1]);
          long t = x.number(1, p);
          boolean months = width.months() != 0;
          if (months && (width.days() != 0 || width.micros() != 0)) {
            throw Errors.badArgument(
                "time-bucket", x, p, "a width of months, or of days and time, not of both");
          }
          long origin = x.size() == 3 ? x.number(2, p) : months ? MONTHS_ORIGIN : ORIGIN;
          try {
            long micros =
                Math.addExact(Math.multiplyExact((long) width.days(), Days.MICROS), width.micros());
            if (months ? width.months() < 0 : micros <= 0) {
              throw Errors.badArgument("time-bucket", x, p, "a width above 0");
            }
            return months
                ? ofMonths(t, origin, width.months())
                : Math.subtractExact(t, Math.floorMod(Math.subtractExact(t, origin), micros));
          } catch (ArithmeticException e) {
            throw Errors.overflow("time-bucket of " + x.value(1, p), type);
          }
        });
  }

  private static long ofMonths(long t, long origin, int width) {
    long from = DateUnit.MONTH.number(Math.floorDiv(origin, Days.MICROS));
    long month = DateUnit.MONTH.number(Math.floorDiv(t, Days.MICROS));
    long begin = month - Math.floorMod(month - from, (long) width);
    long day = Days.of(Math.floorDiv(begin, 12L), (int) Math.floorMod(begin, 12L) + 1, 1);
    return Math.multiplyExact(day, Days.MICROS);
  }
}
