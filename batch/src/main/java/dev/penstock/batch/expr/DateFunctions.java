package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code date-trunc date-diff make-date last-day}. Weeks begin on Monday. */
final class DateFunctions {
  static final List<String> NAMES = List.of("date-trunc", "date-diff", "make-date", "last-day");

  /**
   * A unit is a number of months, or of days, or of microseconds; a week is days that count from a
   * Monday.
   */
  private enum Unit {
    YEAR(12, 0),
    QUARTER(3, 0),
    MONTH(1, 0),
    WEEK(0, 7 * Days.MICROS),
    DAY(0, Days.MICROS),
    HOUR(0, 3_600_000_000L),
    MINUTE(0, 60_000_000L),
    SECOND(0, 1_000_000L),
    MILLISECOND(0, 1_000L),
    MICROSECOND(0, 1L);

    final int months;
    final long micros;

    Unit(int months, long micros) {
      this.months = months;
      this.micros = micros;
    }

    boolean ofDays() {
      return ordinal() <= DAY.ordinal();
    }

    static @Nullable Unit of(Expr e) {
      if (e instanceof LiteralExpr l && l.value() instanceof String name) {
        for (Unit u : values()) {
          if (u.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
            return u;
          }
        }
      }
      return null;
    }
  }

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
    Unit unit = Unit.of(args.get(0));
    Expr t = args.get(1);
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

  /** The first day of the unit that a day lies in. */
  private static long firstDay(long day, Unit unit) {
    if (unit.months > 0) {
      long civil = Days.civil(day);
      int month = (int) (civil >> 5) & 15;
      return Days.of(civil >> 9, month - (month - 1) % unit.months, 1);
    }
    return unit == Unit.WEEK ? day - Days.isoWeekday(day) + 1 : day;
  }

  private static FlatColumn truncateDays(Args x, Unit unit) {
    int[] a = x.ints(0);
    int[] out = new int[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long day = firstDay(a[p], unit);
      if (day != (int) day) {
        throw Errors.overflow("date-trunc of " + x.value(0, p), DataType.DATE);
      }
      out[p] = (int) day;
    }
    return new IntColumn(DataType.DATE, out, x.nulls(), x.length());
  }

  private static FlatColumn truncateMicros(Args x, Unit unit) {
    long[] a = x.longs(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      try {
        if (unit.ofDays()) {
          out[p] =
              Math.multiplyExact(firstDay(Math.floorDiv(a[p], Days.MICROS), unit), Days.MICROS);
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
    Unit unit = Unit.of(args.get(0));
    DataType common = CommonType.of(args.get(1).type(), args.get(2).type());
    if (unit == null || common == null || !DateArithmetic.isPoint(common)) {
      return null;
    }
    DataType type = common.kind() == Kind.DATE && !unit.ofDays() ? DataType.TIMESTAMP : common;
    List<Expr> points =
        List.of(Casts.to(args.get(1), type, false), Casts.to(args.get(2), type, false));
    return new CallExpr(result, x -> difference(x, unit, result), points);
  }

  private static FlatColumn difference(Args x, Unit unit, DataType result) {
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      out[p] = boundary(x, 1, p, unit) - boundary(x, 0, p, unit);
      // Units of a long's microseconds are below 2^63 in number; only their difference may be more.
      if (unit == Unit.MICROSECOND
          && ((x.longs(1)[p & x.mask(1)] ^ x.longs(0)[p & x.mask(0)])
                  & (x.longs(1)[p & x.mask(1)] ^ out[p]))
              < 0) {
        throw Errors.overflow("date-diff of " + x.value(0, p) + " and " + x.value(1, p), result);
      }
    }
    return Integers.column(result, out, x);
  }

  /** The number of the unit that a point lies in. */
  private static long boundary(Args x, int k, int position, Unit unit) {
    int p = position & x.mask(k);
    boolean date = x.type(k).kind() == Kind.DATE;
    if (!unit.ofDays()) {
      return Math.floorDiv(x.longs(k)[p], unit.micros);
    }
    long day = date ? x.ints(k)[p] : Math.floorDiv(x.longs(k)[p], Days.MICROS);
    if (unit.months > 0) {
      long civil = Days.civil(day);
      return Math.floorDiv((civil >> 9) * 12 + (civil >> 5 & 15) - 1, (long) unit.months);
    }
    return unit == Unit.WEEK ? Math.floorDiv(day + 3, 7L) : day; // 1970-01-01 was a Thursday
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
