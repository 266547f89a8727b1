package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.FLOAT64;
import static dev.penstock.batch.Kind.INT64;

import dev.penstock.batch.DataType;
import java.util.Map;

/**
 * {@code make-time make-timestamp from-epoch-ms from-epoch-us to-timestamp}: times from numbers.
 */
final class DateMaking {
  static final Map<String, Plain> FUNCTIONS =
      Map.of(
          "make-time",
              Plain.of(
                  DataType.TIME,
                  x -> Gather.longs(x, DataType.TIME, p -> clock("make-time", x, p, 0)),
                  INT64,
                  INT64,
                  FLOAT64),
          "make-timestamp",
              Plain.of(
                  DataType.TIMESTAMP,
                  x -> Gather.longs(x, DataType.TIMESTAMP, p -> timestamp(x, p)),
                  INT64,
                  INT64,
                  INT64,
                  INT64,
                  INT64,
                  FLOAT64),
          "from-epoch-ms",
              Plain.of(
                  DataType.TIMESTAMP,
                  x -> Gather.longs(x, DataType.TIMESTAMP, p -> ofMillis(x, p)),
                  INT64),
          "from-epoch-us",
              Plain.of(
                  DataType.TIMESTAMP,
                  x -> Gather.longs(x, DataType.TIMESTAMP, p -> x.number(0, p)),
                  INT64),
          "to-timestamp",
              Plain.of(
                  DataType.TIMESTAMPTZ,
                  x -> Gather.longs(x, DataType.TIMESTAMPTZ, p -> ofSeconds(x, p)),
                  FLOAT64));

  private DateMaking() {}

  /** Microseconds of hour, minute and second, which are the arguments from k on. */
  private static long clock(String fn, Args x, int p, int k) {
    long hour = x.number(k, p);
    long minute = x.number(k + 1, p);
    double second = x.doubles(k + 2)[p & x.mask(k + 2)];
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
      throw Errors.badArgument(fn, x, p, "an hour to 23, a minute to 59, a second below 60");
    }
    long micros =
        hour * DateUnit.HOUR.micros + minute * DateUnit.MINUTE.micros + Math.round(second * 1e6);
    if (k == 0 && micros == Days.MICROS) {
      throw Errors.badArgument(fn, x, p, "a time before midnight");
    }
    return micros;
  }

  private static long timestamp(Args x, int p) {
    long year = x.number(0, p);
    long month = x.number(1, p);
    long day = x.number(2, p);
    if (year < -290_000
        || year > 290_000
        || month < 1
        || month > 12
        || day < 1
        || day > Days.monthLength(year, (int) month)) {
      throw Errors.badArgument("make-timestamp", x, p, "year, month and day of a date that exists");
    }
    return Days.of(year, (int) month, (int) day) * Days.MICROS + clock("make-timestamp", x, p, 3);
  }

  private static long ofMillis(Args x, int p) {
    long v = x.number(0, p);
    if (Math.abs(v / 1000) > Long.MAX_VALUE / 1_000_000) {
      throw Errors.overflow("from-epoch-ms of " + v, DataType.TIMESTAMP);
    }
    return v * 1000;
  }

  private static long ofSeconds(Args x, int p) {
    double micros = Math.rint(x.doubles(0)[p] * 1e6);
    if (!(micros > -0x1p63 && micros < 0x1p63)) {
      throw Errors.overflow("to-timestamp of " + x.doubles(0)[p], DataType.TIMESTAMPTZ);
    }
    return (long) micros;
  }
}
