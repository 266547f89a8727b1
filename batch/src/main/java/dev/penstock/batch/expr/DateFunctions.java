package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code date-trunc date-diff make-date last-day}. Weeks begin on Monday. */
final class DateFunctions {
  static final List<String> NAMES = List.of("date-trunc", "date-diff", "make-date", "last-day");

  private DateFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    return switch (fn) {
      case "date-trunc" -> truncation(args, result);
      case "date-diff" -> difference(args, result);
      case "make-date" -> {
        for (Expr e : args) {
          if (e.type().kind() != Kind.INT64 && e.type().kind() != Kind.INT32) {
            yield null;
          }
        }
        List<Expr> longs = args.stream().map(e -> Casts.to(e, DataType.INT64, false)).toList();
        yield longs.size() == 3 ? new CallExpr(result, DateFunctions::make, longs) : null;
      }
      default ->
          DateArithmetic.isPoint(args.get(0).type())
              ? new CallExpr(
                  result,
                  DateFunctions::lastDay,
                  List.of(Casts.to(args.get(0), DataType.DATE, false)))
              : null;
    };
  }

  private static @Nullable Expr truncation(List<Expr> args, DataType result) {
    DateUnit unit = DateUnit.of(args.get(0));
    Expr t = args.get(1);
    if (unit != null && t.type().kind() == Kind.INTERVAL) {
      return new CallExpr(result, x -> Intervals.truncate(x, unit), List.of(t));
    }
    if (unit == null || !DateArithmetic.isPoint(t.type())) {
      return null;
    }
    boolean date = t.type().kind() == Kind.DATE;
    if (date && !unit.ofDays()) {
      return null;
    }
    CallExpr.Kernel kernel = date ? x -> truncateDays(x, unit) : x -> truncateMicros(x, unit);
    return Casts.to(new CallExpr(t.type(), kernel, List.of(t)), result, false);
  }

  private static FlatColumn truncateDays(Args x, DateUnit unit) {
    int[] a = x.ints(0);
    int[] out = new int[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long day = unit.firstDay(a[p]);
      if (day != (int) day) {
        throw Errors.overflow("date-trunc of " + x.value(0, p), DataType.DATE);
      }
      out[p] = (int) day;
    }
    return new IntColumn(DataType.DATE, out, x.nulls(), x.length());
  }

  private static FlatColumn truncateMicros(Args x, DateUnit unit) {
    long[] a = x.longs(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      try {
        if (unit.ofDays()) {
          out[p] = Math.multiplyExact(unit.firstDay(Math.floorDiv(a[p], Days.MICROS)), Days.MICROS);
        } else {
          out[p] = Math.subtractExact(a[p], Math.floorMod(a[p], unit.micros));
        }
      } catch (ArithmeticException e) {
        throw Errors.overflow("date-trunc of " + x.value(0, p), x.type(0));
      }
    }
    return new LongColumn(x.type(0), out, x.nulls(), x.length());
  }

  private static @Nullable Expr difference(List<Expr> args, DataType result) {
    DateUnit unit = DateUnit.of(args.get(0));
    DataType common = CommonType.of(args.get(1).type(), args.get(2).type());
    if (unit != null
        && common != null
        && common.kind() == Kind.TIME
        && unit.ordinal() >= DateUnit.DAY.ordinal()) {
      return new CallExpr(result, x -> difference(x, unit, result), args.subList(1, 3));
    }
    if (unit == null || common == null || !DateArithmetic.isPoint(common)) {
      return null;
    }
    DataType type = common.kind() == Kind.DATE && !unit.ofDays() ? DataType.TIMESTAMP : common;
    List<Expr> points =
        List.of(Casts.to(args.get(1), type, false), Casts.to(args.get(2), type, false));
    return new CallExpr(result, x -> difference(x, unit, result), points);
  }

  private static FlatColumn difference(Args x, DateUnit unit, DataType result) {
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      out[p] = boundary(x, 1, p, unit) - boundary(x, 0, p, unit);
      if (unit == DateUnit.WEEK) {
        out[p] /= 7; // of days: weeks do not count the Mondays, as in DuckDB
      }
      // Units of a long's microseconds are below 2^63 in number; only their difference may be more.
      if (unit == DateUnit.MICROSECOND
          && ((x.longs(1)[p & x.mask(1)] ^ x.longs(0)[p & x.mask(0)])
                  & (x.longs(1)[p & x.mask(1)] ^ out[p]))
              < 0) {
        throw Errors.overflow("date-diff of " + x.value(0, p) + " and " + x.value(1, p), result);
      }
    }
    return Integers.column(result, out, x);
  }

  /** The number of the unit that a point lies in; for weeks, of the day. */
  private static long boundary(Args x, int k, int position, DateUnit unit) {
    int p = position & x.mask(k);
    boolean date = x.type(k).kind() == Kind.DATE;
    if (!unit.ofDays()) {
      return Math.floorDiv(x.longs(k)[p], unit.micros);
    }
    long day = date ? x.ints(k)[p] : Math.floorDiv(x.longs(k)[p], Days.MICROS);
    return unit.months > 0 ? unit.number(day) : day;
  }

  private static FlatColumn make(Args x) {
    int[] out = new int[x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long year = x.longs(0)[p & x.mask(0)];
      long month = x.longs(1)[p & x.mask(1)];
      long day = x.longs(2)[p & x.mask(2)];
      if (Math.abs(year) > 5_000_000
          || year == Long.MIN_VALUE
          || month < 1
          || month > 12
          || day < 1
          || day > Days.monthLength(year, (int) month)) {
        throw Errors.badArgument("make-date", x, p, "year, month and day of a date that exists");
      }
      out[p] = (int) Days.of(year, (int) month, (int) day);
    }
    return new IntColumn(DataType.DATE, out, x.nulls(), x.length());
  }

  private static FlatColumn lastDay(Args x) {
    int[] a = x.ints(0);
    int[] out = new int[x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long civil = Days.civil(a[p]);
      long day = a[p] - (civil & 31) + Days.monthLength(civil >> 9, (int) (civil >> 5) & 15);
      if (day != (int) day) {
        throw Errors.overflow("last-day of " + x.value(0, p), DataType.DATE);
      }
      out[p] = (int) day;
    }
    return new IntColumn(DataType.DATE, out, x.nulls(), x.length());
  }
}
