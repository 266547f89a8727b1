package dev.penstock.batch.expr;

import static dev.penstock.batch.expr.Calls.of;
import static dev.penstock.batch.expr.Calls.row;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;

/** Spans, formats, zones and buckets of times, and intervals of numbers. */
class TimeSpansTest {
  private static final DataType T = DataType.VARCHAR;
  private static final DataType LONG = DataType.INT64;
  private static final DataType TS = DataType.TIMESTAMP;
  private static final DataType TZ = DataType.TIMESTAMPTZ;
  private static final DataType SPAN = DataType.INTERVAL;

  private static LocalDateTime at(String text) {
    return LocalDateTime.parse(text);
  }

  @Test
  void ages() {
    of("age", SPAN, TS, TS)
        .gives(
            row(at("2001-04-10T00:00"), at("1957-06-13T00:00"), new Interval(525, 27, 0)),
            row(at("2020-01-31T00:00"), at("2020-03-01T00:00"), new Interval(-1, -1, 0)),
            row(at("1970-01-01T00:00"), at("1969-12-31T23:59:59.999999"), new Interval(0, 0, 1)),
            row(null, at("1970-01-01T00:00"), null));
  }

  @Test
  void formats() {
    of("strftime", T, TS, T)
        .gives(
            row(at("1969-12-31T23:59:59.5"), "%Y-%m-%d %I%p %f%%é", "1969-12-31 11PM 500000%é"),
            row(at("0001-01-01T00:00"), "%-d.%-m.%Y %a", "1.1.0001 Mon"),
            row(null, "%Y", null))
        .fails(
            "bad-argument",
            "(strftime 1970-01-01T00:00 '%Q'): expected a format of the specifiers %Y %m %d %H %M %S"
                + " ...",
            at("1970-01-01T00:00"),
            "%Q");
    of("strptime", TS, T, T)
        .gives(
            row("3 feb 69 4pm", "%d %b %y %I%p", at("1969-02-03T16:00")),
            row(" 2020-060 ", "%Y-%j", at("2020-02-29T00:00")),
            row("10:11:12.5", "%H:%M:%S.%f", at("1900-01-01T10:11:12.5")),
            row(null, "%Y", null))
        .fails(
            "bad-argument",
            "(strptime '2021-02-29' '%Y-%m-%d'): expected a text of the format; (try ...) gives null"
                + " instead",
            "2021-02-29",
            "%Y-%m-%d");
    of("strptime", TZ, T, T)
        .gives(
            row(
                "2020-01-01 10:00 -0130",
                "%Y-%m-%d %H:%M %z",
                Instant.parse("2020-01-01T11:30:00Z")));
  }

  @Test
  void zones() {
    of("at-zone", TZ, TS, T)
        .gives(
            row(at("2020-06-01T12:00"), "Europe/Paris", Instant.parse("2020-06-01T10:00:00Z")),
            row(at("2020-11-01T01:30"), "America/New_York", Instant.parse("2020-11-01T06:30:00Z")),
            row(at("2020-03-08T02:30"), "America/New_York", Instant.parse("2020-03-08T07:30:00Z")),
            row(null, "UTC", null))
        .fails(
            "bad-argument",
            "(at-zone 1970-01-01T00:00 'Nowhere'): expected the name of a time zone, as Europe/Paris",
            at("1970-01-01T00:00"),
            "Nowhere");
    of("at-zone", TS, TZ, T)
        .gives(row(Instant.parse("1969-12-31T23:30:00Z"), "Europe/Paris", at("1970-01-01T00:30")));
  }

  @Test
  void buckets() {
    Interval month = new Interval(1, 0, 0);
    of("time-bucket", TS, SPAN, TS)
        .gives(
            row(month, at("1969-12-31T10:00"), at("1969-12-01T00:00")),
            row(new Interval(0, 7, 0), at("1969-12-31T10:00"), at("1969-12-29T00:00")),
            row(null, at("1969-12-31T10:00"), null))
        .fails(
            "bad-argument",
            "(time-bucket P-1D 1970-01-01T00:00): expected a width above 0",
            new Interval(0, -1, 0),
            at("1970-01-01T00:00"))
        .fails(
            "bad-argument",
            "(time-bucket P1M1D 1970-01-01T00:00): expected a width of months, or of days and time,"
                + " not of both",
            new Interval(1, 1, 0),
            at("1970-01-01T00:00"));
  }

  @Test
  void intervals() {
    of("to-years", SPAN, LONG)
        .gives(row(-1L, new Interval(-12, 0, 0)), row(null, null))
        .fails(
            "overflow",
            "to-years of 999999999 does not fit interval; cast an argument to a wider type",
            999_999_999L);
    of("to-seconds", SPAN, DataType.FLOAT64)
        .gives(row(-1.5, new Interval(0, 0, -1_500_000)), row(0.0, new Interval(0, 0, 0)));
    of("*", SPAN, SPAN, DataType.FLOAT64)
        .gives(
            row(new Interval(1, 0, 0), 2.5, new Interval(2, 15, 0)),
            row(new Interval(-1, 0, 0), 0.5, new Interval(0, -15, 0)),
            row(null, 1.0, null))
        .fails(
            "overflow",
            "the product of P1D and NaN does not fit interval; cast an argument to a wider type",
            new Interval(0, 1, 0),
            Double.NaN);
    of("/", SPAN, SPAN, DataType.FLOAT64)
        .gives(row(new Interval(0, 1, 0), 3.0, new Interval(0, 0, 28_800_000_000L)));
    of("+", DataType.TIME, DataType.TIME, SPAN)
        .gives(
            row(LocalTime.of(10, 0), new Interval(5, 5, 54_000_000_000L), LocalTime.of(1, 0)),
            row(
                LocalTime.of(10, 0),
                new Interval(0, 0, Long.MIN_VALUE),
                LocalTime.parse("05:59:05.224192")));
  }

  @Test
  void makings() {
    of("make-time", DataType.TIME, LONG, LONG, DataType.FLOAT64)
        .gives(row(23L, 59L, 59.5, LocalTime.parse("23:59:59.5")), row(null, 1L, 1.0, null))
        .fails(
            "bad-argument",
            "(make-time 24 0 0.0): expected an hour to 23, a minute to 59, a second below 60",
            24L,
            0L,
            0.0);
    of("from-epoch-ms", TS, LONG)
        .gives(row(-1L, at("1969-12-31T23:59:59.999")))
        .fails(
            "overflow",
            "from-epoch-ms of -9223372036854775808 does not fit timestamp; cast an argument to a"
                + " wider type",
            Long.MIN_VALUE);
    of("to-timestamp", TZ, DataType.FLOAT64)
        .gives(row(-0.5, Instant.parse("1969-12-31T23:59:59.5Z")))
        .fails(
            "overflow",
            "to-timestamp of NaN does not fit timestamptz; cast an argument to a wider type",
            Double.NaN);
    of("epoch-ms", LONG, TS).gives(row(at("1969-12-31T23:59:59.999499"), -1L), row(null, null));
  }
}
