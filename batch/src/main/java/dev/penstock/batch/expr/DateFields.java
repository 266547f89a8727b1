package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (date-part "field" t)} of points in time (UTC), times of day and intervals, and {@code
 * monthname dayname}. The epoch is a float64, all others int64.
 */
final class DateFields {
  static final List<String> NAMES = List.of("date-part", "monthname", "dayname");

  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

  private static final long SECOND = 1_000_000L;
  private static final long DAYS_OF_YEAR_X4 = 1_461;

  private DateFields() {}

  static String month(int month) {
    return MONTHS.get(month - 1);
  }

  static String weekday(int isoWeekday) {
    return DAYS.get(isoWeekday - 1);
  }

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    DataType first = args.get(0).type();
    if (!fn.equals("date-part")) {
      boolean month = fn.equals("monthname");
      return DateArithmetic.isPoint(first) && args.size() == 1
          ? new CallExpr(result, x -> names(x, month), args)
          : null;
    }
    if (args.size() != 2
        || !(args.get(0) instanceof LiteralExpr l)
        || !(l.value() instanceof String field)) {
      return null;
    }
    boolean epoch = field.equals("epoch");
    if (result.kind() != (epoch ? Kind.FLOAT64 : Kind.INT64)) {
      return null;
    }
    Kind kind = args.get(1).type().kind();
    List<Expr> one = args.subList(1, 2);
    return switch (kind) {
      case DATE, TIMESTAMP, TIMESTAMPTZ, TIME ->
          new CallExpr(
              result,
              epoch
                  ? x -> Gather.doubles(x, p -> seconds(x, p))
                  : x -> Gather.longs(x, result, p -> field(field, day(x, p), clock(x, p))),
              one);
      case INTERVAL ->
          new CallExpr(
              result,
              epoch
                  ? x -> Gather.doubles(x, p -> seconds(interval(x, p)))
                  : x -> Gather.longs(x, result, p -> field(field, interval(x, p))),
              one);
      default -> null;
    };
  }

  private static FlatColumn names(Args x, boolean month) {
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> month ? month(Days.month(day(x, p))) : weekday(Days.isoWeekday(day(x, p))));
  }

  /** The day of a point; of a time of day 0. */
  private static long day(Args x, int p) {
    return switch (x.type(0).kind()) {
      case DATE -> x.ints(0)[p];
      case TIME -> 0;
      default -> Math.floorDiv(x.longs(0)[p], Days.MICROS);
    };
  }

  /** Microseconds since midnight. */
  private static long clock(Args x, int p) {
    return x.type(0).kind() == Kind.DATE ? 0 : Math.floorMod(x.longs(0)[p], Days.MICROS);
  }

  private static double seconds(Args x, int p) {
    return x.type(0).kind() == Kind.DATE ? x.ints(0)[p] * 86_400.0 : x.longs(0)[p] / 1e6;
  }

  private static long field(String field, long day, long clock) {
    return switch (field) {
      case "era" -> Days.year(day) > 0 ? 1 : 0;
      case "millennium" -> count(Days.year(day), 1000);
      case "century" -> count(Days.year(day), 100);
      case "decade" -> Days.year(day) / 10;
      case "year" -> Days.year(day);
      case "quarter" -> (Days.month(day) + 2L) / 3;
      case "month" -> Days.month(day);
      case "week" -> Days.isoWeek(day);
      case "day" -> Days.day(day);
      case "dow" -> Days.isoWeekday(day) % 7;
      case "isodow" -> Days.isoWeekday(day);
      case "doy" -> Days.dayOfYear(day);
      case "isoyear" -> Days.isoYear(day);
      case "yearweek" -> {
        long year = Days.isoYear(day);
        yield year * 100 + (year > 0 ? Days.isoWeek(day) : -Days.isoWeek(day));
      }
      default -> ofClock(field, clock);
    };
  }

  /** Centuries and millennia count from 1, and from -1 backwards. */
  private static long count(long year, int years) {
    return year > 0 ? (year - 1) / years + 1 : year / years - 1;
  }

  private static long ofClock(String field, long clock) {
    return switch (field) {
      case "hour" -> clock / DateUnit.HOUR.micros;
      case "minute" -> clock % DateUnit.HOUR.micros / DateUnit.MINUTE.micros;
      case "second" -> clock % DateUnit.MINUTE.micros / SECOND;
      case "millisecond" -> clock % DateUnit.MINUTE.micros / 1_000;
      default -> clock % DateUnit.MINUTE.micros;
    };
  }

  private static Interval interval(Args x, int p) {
    return Interval.of(x.pairs(0)[2 * p], x.pairs(0)[2 * p + 1]);
  }

  /** Years have 365.25 days and months 30. */
  private static double seconds(Interval v) {
    long days = v.months() % 12 * 30L + v.days();
    return v.months() / 12 * DAYS_OF_YEAR_X4 * 21_600.0 + days * 86_400.0 + v.micros() / 1e6;
  }

  /** All cut off towards zero. */
  private static long field(String field, Interval v) {
    return switch (field) {
      case "millennium" -> v.months() / 12_000;
      case "century" -> v.months() / 1_200;
      case "decade" -> v.months() / 120;
      case "year" -> v.months() / 12;
      case "quarter" -> v.months() % 12 / 3 + 1;
      case "month" -> v.months() % 12;
      case "day" -> v.days();
      default -> ofClock(field, v.micros());
    };
  }
}
