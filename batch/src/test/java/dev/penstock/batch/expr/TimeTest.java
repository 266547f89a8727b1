package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.DATE;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.INTERVAL;
import static dev.penstock.batch.DataType.TIME;
import static dev.penstock.batch.DataType.TIMESTAMP;
import static dev.penstock.batch.DataType.TIMESTAMPTZ;
import static dev.penstock.batch.DataType.VARCHAR;
import static dev.penstock.batch.expr.Calls.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TimeTest {
  private static final LocalDate LEAP = LocalDate.of(2024, 2, 29);

  @Test
  void datesAndDays() {
    Calls.of("+", DATE, DATE, INT64)
        .gives(row(LEAP, 1L, LocalDate.of(2024, 3, 1)), row(null, 1L, null), row(LEAP, null, null))
        .fails(
            "overflow",
            "2024-02-29 + 9223372036854775807 does not fit date; cast an argument to a wider type",
            LEAP,
            Long.MAX_VALUE)
        .fails(
            "overflow",
            "2024-02-29 + 2147483647 does not fit date; cast an argument to a wider type",
            LEAP,
            (long) Integer.MAX_VALUE);
    Calls.of("-", DATE, DATE, INT64).gives(row(LEAP, 29L, LocalDate.of(2024, 1, 31)));
    Calls.of("+", DATE, INT32, DATE).gives(row(1, LEAP, LocalDate.of(2024, 3, 1)));
    Calls.of("-", INT64, DATE, DATE)
        .gives(row(LEAP, LocalDate.of(2023, 2, 28), 366L), row(LEAP, null, null));
  }

  @Test
  void intervals() {
    Interval month = new Interval(1, 0, 0);
    Calls.of("+", DATE, DATE, INTERVAL)
        .gives(
            row(LocalDate.of(2024, 1, 31), month, LEAP),
            row(LEAP, new Interval(12, 1, 0), LocalDate.of(2025, 3, 1)),
            row(LEAP, new Interval(-14, 0, 0), LocalDate.of(2022, 12, 29)),
            row(LEAP, null, null));
    Calls.of("-", DATE, DATE, INTERVAL)
        .gives(
            row(LocalDate.of(2024, 3, 31), month, LEAP),
            row(LocalDate.of(1998, 12, 1), new Interval(0, 90, 0), LocalDate.of(1998, 9, 2)));
    LocalDateTime noon = LEAP.atTime(12, 0);
    Calls.of("+", TIMESTAMP, TIMESTAMP, INTERVAL)
        .gives(
            row(noon, new Interval(0, 0, 43_200_000_000L), LEAP.plusDays(1).atStartOfDay()),
            row(
                noon,
                new Interval(-1, 1, -1),
                LocalDateTime.of(2024, 1, 30, 11, 59, 59, 999_999_000)));
    Calls.of("-", TIMESTAMP, DATE, INTERVAL)
        .gives(
            row(
                LEAP,
                new Interval(0, 0, 1),
                LocalDateTime.of(2024, 2, 28, 23, 59, 59, 999_999_000)));
    Calls.of("+", TIMESTAMPTZ, INTERVAL, TIMESTAMPTZ)
        .gives(row(new Interval(0, 1, 0), Instant.EPOCH, Instant.parse("1970-01-02T00:00:00Z")));
    Calls.of("+", TIMESTAMP, TIMESTAMP, INTERVAL)
        .fails(
            "overflow",
            "2024-02-29T12:00 + P178956970Y7M does not fit timestamp; cast an argument to a wider type",
            noon,
            new Interval(Integer.MAX_VALUE, 0, 0));
    Calls.of("-", INTERVAL, TIMESTAMP, TIMESTAMP)
        .gives(
            row(noon, LEAP.minusDays(1).atTime(11, 0), new Interval(0, 1, 3_600_000_000L)),
            row(LEAP.minusDays(1).atTime(11, 0), noon, new Interval(0, -1, -3_600_000_000L)));
    Calls.of("+", INTERVAL, INTERVAL, INTERVAL)
        .gives(row(new Interval(1, -2, 3), new Interval(1, 1, 1), new Interval(2, -1, 4)))
        .fails(
            "overflow",
            "P178956970Y7M + P1M does not fit interval; cast an argument to a wider type",
            new Interval(Integer.MAX_VALUE, 0, 0),
            month);
    Calls.of("-", INTERVAL, INTERVAL, INTERVAL)
        .gives(row(new Interval(1, -2, 3), new Interval(1, 1, 1), new Interval(0, -3, 2)));
    Calls.of("*", INTERVAL, INTERVAL, INT64)
        .gives(row(new Interval(1, -2, 3), -2L, new Interval(-2, 4, -6)), row(month, null, null));
    Calls.of("*", INTERVAL, INT64, INTERVAL).gives(row(3L, month, new Interval(3, 0, 0)));
    Calls.of("negate", INTERVAL, INTERVAL)
        .gives(row(new Interval(1, -2, 3), new Interval(-1, 2, -3)));
  }

  /** Days over ten thousand years, and those around the turns of months. */
  private static LocalDate day(Random r) {
    LocalDate d = LocalDate.ofEpochDay(r.nextInt(3_652_425) - 1_826_212);
    return r.nextBoolean() ? d : d.withDayOfMonth(1).minusDays(r.nextInt(2));
  }

  private static LocalDateTime moment(Random r) {
    return day(r).atTime(LocalTime.ofNanoOfDay(1000 * (long) (r.nextDouble() * 86_400_000_000L)));
  }

  @Test
  void generatedPartsAgreeWithJavaTime() {
    Map<String, Function<LocalDate, Number>> parts =
        Map.of(
            "year", d -> (long) d.getYear(),
            "month", d -> (long) d.getMonthValue(),
            "day", d -> (long) d.getDayOfMonth(),
            "quarter", d -> (long) (d.getMonthValue() + 2) / 3,
            "week", d -> (long) d.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
            "dow", d -> (long) d.getDayOfWeek().getValue() % 7,
            "doy", d -> (long) d.getDayOfYear(),
            "epoch", d -> d.toEpochDay() * 86_400,
            "hour", d -> 0L);
    parts.forEach(
        (part, f) -> {
          Calls.of(part, INT64, DATE).agrees(51, r -> row(day(r)), x -> f.apply((LocalDate) x[0]));
          if (!part.equals("epoch") && !part.equals("hour")) {
            Calls.of(part, INT64, TIMESTAMP)
                .agrees(
                    52, r -> row(moment(r)), x -> f.apply(((LocalDateTime) x[0]).toLocalDate()));
          }
        });
    Calls.of("hour", INT64, TIMESTAMP)
        .agrees(53, r -> row(moment(r)), x -> (long) ((LocalDateTime) x[0]).getHour());
    Calls.of("minute", INT64, TIMESTAMP)
        .agrees(54, r -> row(moment(r)), x -> (long) ((LocalDateTime) x[0]).getMinute());
    Calls.of("second", INT64, TIMESTAMPTZ)
        .agrees(
            55,
            r -> row(moment(r).toInstant(ZoneOffset.UTC)),
            x -> (long) ((Instant) x[0]).atOffset(ZoneOffset.UTC).getSecond());
    Calls.of("epoch", INT64, TIMESTAMPTZ)
        .agrees(
            56,
            r -> row(moment(r).toInstant(ZoneOffset.UTC)),
            x -> ((Instant) x[0]).getEpochSecond());
    Calls.of("minute", INT64, TIME).gives(row(LocalTime.of(12, 34, 56), 34L), row(null, null));
    Calls.of("epoch", INT64, TIME).gives(row(LocalTime.of(1, 0, 1), 3601L));
  }

  @Test
  void generatedArithmeticAgreesWithJavaTime() {
    Calls.of("+", DATE, DATE, INTERVAL)
        .agrees(
            57,
            r -> row(day(r), new Interval(r.nextInt(100) - 50, r.nextInt(100) - 50, 0)),
            x -> {
              Interval i = (Interval) x[1];
              return ((LocalDate) x[0]).plusMonths(i.months()).plusDays(i.days());
            });
    Calls.of("-", TIMESTAMP, TIMESTAMP, INTERVAL)
        .agrees(
            58,
            r ->
                row(moment(r), new Interval(r.nextInt(99) - 50, r.nextInt(99), r.nextLong() >> 20)),
            x -> {
              Interval i = (Interval) x[1];
              return ((LocalDateTime) x[0])
                  .minusMonths(i.months())
                  .minusDays(i.days())
                  .minus(i.micros(), ChronoUnit.MICROS);
            });
  }

  private static LocalDate start(String unit, LocalDate d) {
    return switch (unit) {
      case "year" -> d.withDayOfYear(1);
      case "quarter" -> LocalDate.of(d.getYear(), (d.getMonthValue() - 1) / 3 * 3 + 1, 1);
      case "month" -> d.withDayOfMonth(1);
      case "week" -> d.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      default -> d;
    };
  }

  @Test
  void truncations() {
    LocalDateTime t = LocalDateTime.of(2024, 2, 29, 12, 34, 56, 789_123_000);
    for (String unit : new String[] {"year", "quarter", "month", "week", "day"}) {
      Expr literal = new LiteralExpr(VARCHAR, unit);
      long seed = 61;
      Random r = new Random(seed);
      for (int i = 0; i < 500; i++) {
        LocalDate d = day(r);
        Expr dates = Functions.call("date-trunc", List.of(literal, new LiteralExpr(DATE, d)), DATE);
        assertEquals(start(unit, d), ((LiteralExpr) dates).value(), "seed " + seed + " " + unit);
        LocalDateTime moment = moment(r);
        Expr times =
            Functions.call(
                "date-trunc", List.of(literal, new LiteralExpr(TIMESTAMP, moment)), TIMESTAMP);
        assertEquals(
            start(unit, moment.toLocalDate()).atStartOfDay(), ((LiteralExpr) times).value());
      }
    }
    Map<String, LocalDateTime> clock =
        Map.of(
            "hour", t.truncatedTo(ChronoUnit.HOURS),
            "MINUTE", t.truncatedTo(ChronoUnit.MINUTES),
            "second", t.truncatedTo(ChronoUnit.SECONDS),
            "millisecond", t.truncatedTo(ChronoUnit.MILLIS),
            "microsecond", t);
    clock.forEach(
        (unit, expected) -> {
          Expr e =
              Functions.call(
                  "date-trunc",
                  List.of(new LiteralExpr(VARCHAR, unit), new LiteralExpr(TIMESTAMP, t)),
                  TIMESTAMP);
          assertEquals(expected, ((LiteralExpr) e).value());
        });
  }

  private static Object difference(String unit, DataType type, Object a, Object b) {
    Expr e =
        Functions.call(
            "date-diff",
            List.of(
                new LiteralExpr(VARCHAR, unit), new LiteralExpr(type, a), new LiteralExpr(type, b)),
            INT64);
    return ((LiteralExpr) e).value();
  }

  @Test
  void differences() {
    LocalDate a = LocalDate.of(2023, 12, 31);
    LocalDate b = LocalDate.of(2024, 1, 1);
    for (String unit : new String[] {"year", "quarter", "month", "day"}) {
      assertEquals(1L, difference(unit, DATE, a, b), unit);
      assertEquals(-1L, difference(unit, DATE, b, a), unit);
    }
    // weeks do not count the Mondays
    assertEquals(0L, difference("week", DATE, a, b));
    assertEquals(-2L, difference("week", DATE, a.plusDays(15), b));
    assertEquals(24L, difference("hour", DATE, a, b));
    LocalDateTime t = a.atTime(23, 59, 59);
    assertEquals(1L, difference("hour", TIMESTAMP, t, b.atStartOfDay()));
    assertEquals(1_000_000L, difference("microsecond", TIMESTAMP, t, b.atStartOfDay()));
    assertEquals(0L, difference("minute", TIMESTAMP, t, t));
  }

  @Test
  void makings() {
    Calls.of("make-date", DATE, INT64, INT64, INT64)
        .gives(
            row(2024L, 2L, 29L, LEAP),
            row(-5L, 12L, 31L, LocalDate.of(-5, 12, 31)),
            row(null, 1L, 1L, null))
        .fails(
            "bad-argument",
            "(make-date 2023 2 29): expected year, month and day of a date that exists",
            2023L,
            2L,
            29L)
        .fails(
            "bad-argument",
            "(make-date 2023 13 1): expected year, month and day of a date that exists",
            2023L,
            13L,
            1L);
    Calls.of("last-day", DATE, DATE)
        .gives(
            row(LocalDate.of(2023, 2, 1), LocalDate.of(2023, 2, 28)),
            row(LEAP, LEAP),
            row(null, null));
    Calls.of("last-day", DATE, TIMESTAMP).gives(row(LEAP.atTime(1, 1), LEAP));
  }

  @Test
  void castsBetweenPoints() {
    Calls.of("cast", TIMESTAMP, DATE)
        .gives(row(LEAP, LEAP.atStartOfDay()), row(null, null))
        .fails(
            "bad-cast",
            "cannot cast +999999-01-01 (date) to timestamp; try-cast gives null instead",
            LocalDate.of(999_999, 1, 1));
    Calls.of("cast", DATE, TIMESTAMP)
        .gives(row(LocalDateTime.of(1969, 12, 31, 23, 59), LocalDate.of(1969, 12, 31)));
    Calls.of("cast", TIMESTAMPTZ, TIMESTAMP)
        .gives(row(LocalDateTime.of(1970, 1, 1, 0, 0), Instant.EPOCH));
    Calls.of("cast", TIMESTAMP, TIMESTAMPTZ)
        .gives(row(Instant.EPOCH, LocalDateTime.of(1970, 1, 1, 0, 0)));
    Calls.of("<", DataType.BOOLEAN, DATE, TIMESTAMP).gives(row(LEAP, LEAP.atTime(0, 1), true));
  }
}
