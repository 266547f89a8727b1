package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code year month day quarter week dow doy hour minute second epoch}: whole parts of points in
 * time (UTC) and times of day.
 */
final class DateParts {
  static final List<String> NAMES =
      List.of(
          "year", "month", "day", "quarter", "week", "dow", "doy", "hour", "minute", "second",
          "epoch");

  private static final long SECOND = 1_000_000L;

  private DateParts() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    CallExpr.Kernel kernel = of(fn, args.get(0).type(), result);
    return kernel == null ? null : new CallExpr(result, kernel, args);
  }

  /** The kernel, or null if the type has no such part. */
  private static CallExpr.@Nullable Kernel of(String part, DataType from, DataType result) {
    if (result.kind() != Kind.INT64 && result.kind() != Kind.INT32) {
      return null;
    }
    boolean ofClock =
        switch (part) {
          case "hour", "minute", "second", "epoch" -> true;
          default -> false;
        };
    if (from.kind() == Kind.DATE) {
      return x -> ofDays(part, x, result);
    } else if (DateArithmetic.isTimestamp(from) && !ofClock) {
      return x -> ofDays(part, x, result);
    } else if (DateArithmetic.isTimestamp(from) || (from.kind() == Kind.TIME && ofClock)) {
      return x -> ofMicros(part, x, result);
    }
    return null;
  }

  /** Days since the epoch at each row, and nothing particular elsewhere. */
  private static long[] days(Args x) {
    long[] out = new long[x.length()];
    if (x.type(0).kind() == Kind.DATE) {
      int[] a = x.ints(0);
      for (int i = 0; i < out.length; i++) {
        out[i] = a[i];
      }
    } else {
      long[] a = x.longs(0);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        out[p] = Math.floorDiv(a[p], Days.MICROS);
      }
    }
    return out;
  }

  private static FlatColumn ofDays(String part, Args x, DataType result) {
    long[] v = days(x);
    int[] rows = x.rows();
    int n = x.rowCount();
    switch (part) {
      case "year" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = Days.year(v[rows[i]]);
        }
      }
      case "month" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = Days.month(v[rows[i]]);
        }
      }
      case "day" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = Days.day(v[rows[i]]);
        }
      }
      case "quarter" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = (Days.month(v[rows[i]]) + 2L) / 3;
        }
      }
      case "week" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = Days.isoWeek(v[rows[i]]);
        }
      }
      case "dow" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = Days.isoWeekday(v[rows[i]]) % 7;
        }
      }
      case "doy" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = Days.dayOfYear(v[rows[i]]);
        }
      }
      case "epoch" -> {
        for (int i = 0; i < n; i++) {
          v[rows[i]] = v[rows[i]] * 86_400;
        }
      }
      default -> {
        // hour, minute and second of a date
        for (int i = 0; i < n; i++) {
          v[rows[i]] = 0;
        }
      }
    }
    return Integers.column(result, v, x);
  }

  private static FlatColumn ofMicros(String part, Args x, DataType result) {
    long[] a = x.longs(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    long unit =
        switch (part) {
          case "hour" -> 3600 * SECOND;
          case "minute" -> 60 * SECOND;
          default -> SECOND;
        };
    long cycle =
        switch (part) {
          case "hour" -> 24;
          case "epoch" -> Long.MAX_VALUE;
          default -> 60;
        };
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long whole = Math.floorDiv(a[p], unit);
      out[p] = cycle == Long.MAX_VALUE ? whole : Math.floorMod(whole, cycle);
    }
    return Integers.column(result, out, x);
  }
}
