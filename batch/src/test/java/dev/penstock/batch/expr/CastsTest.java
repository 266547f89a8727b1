package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.BOOLEAN;
import static dev.penstock.batch.DataType.DATE;
import static dev.penstock.batch.DataType.FLOAT64;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.INTERVAL;
import static dev.penstock.batch.DataType.JSON;
import static dev.penstock.batch.DataType.TIME;
import static dev.penstock.batch.DataType.TIMESTAMP;
import static dev.penstock.batch.DataType.TIMESTAMPTZ;
import static dev.penstock.batch.DataType.UUID;
import static dev.penstock.batch.DataType.VARBINARY;
import static dev.penstock.batch.DataType.VARCHAR;
import static dev.penstock.batch.DataType.decimal;
import static dev.penstock.batch.expr.Calls.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CastsTest {
  /** A bad text is an error with the text for cast, and null for try-cast. */
  private static void bad(DataType type, String... texts) {
    for (String text : texts) {
      Calls.of("cast", type, VARCHAR)
          .fails(
              "bad-cast",
              "cannot cast '" + text + "' (varchar) to " + type + "; try-cast gives null instead",
              text);
      Calls.of("try-cast", type, VARCHAR).gives(row(text, null), row(null, null));
    }
  }

  @Test
  void numbersOfTexts() {
    Calls.of("cast", INT32, VARCHAR)
        .gives(
            row(" 12 ", 12), row("-2147483648", Integer.MIN_VALUE), row("+7", 7), row(null, null));
    Calls.of("cast", INT32, VARCHAR).gives(row("1e3", 1000), row("-2.5", -3), row(".5", 1));
    bad(INT32, "", "abc", "2147483648", "2147483647.5", "1e", "1e999999999", "\u0664x");
    Calls.of("cast", INT64, VARCHAR).gives(row("9223372036854775807", Long.MAX_VALUE));
    bad(INT64, "9223372036854775808", "--1");
    Calls.of("cast", FLOAT64, VARCHAR)
        .gives(
            row("1.5e3", 1500.0),
            row(".5", 0.5),
            row("NaN", Double.NaN),
            row("-Infinity", Double.NEGATIVE_INFINITY));
    bad(FLOAT64, "1d", "0x1p3", "", "1e999", "e5");
    Calls.of("cast", decimal(5, 2), VARCHAR)
        .gives(
            row("1.005", new BigDecimal("1.01")),
            row("1e2", new BigDecimal("100.00")),
            row("1e-99999999", new BigDecimal("0.00")),
            row("0e99999999", new BigDecimal("0.00")));
    bad(decimal(5, 2), "1000", "999.995", "1e999999999", "x");
    Calls.of("cast", decimal(38, 0), VARCHAR)
        .gives(row("9".repeat(38), new BigDecimal("9".repeat(38))));
  }

  @Test
  void pointsOfTexts() {
    LocalDate day = LocalDate.of(1994, 1, 2);
    Calls.of("cast", DATE, VARCHAR)
        .gives(
            row("1994-01-02", day),
            row(" 1994-1-2", day),
            row("1994/01/2", day),
            row("1994-01-02T00:00", day),
            row("-0044-03-15", LocalDate.of(-44, 3, 15)),
            row(null, null));
    bad(DATE, "1994-02-30", "1994-01/02", "1994-01-02x", "", "+999999999-01-01", "infinity");
    Calls.of("cast", TIME, VARCHAR)
        .gives(
            row("12:30", LocalTime.of(12, 30)),
            row("1:2:3.1234567", LocalTime.of(1, 2, 3, 123_456_000)),
            row("1994-01-02 12:30:00", LocalTime.of(12, 30)));
    bad(TIME, "25:00", "24:00", "10", "10:60", "10:00:60");
    Calls.of("cast", TIMESTAMP, VARCHAR)
        .gives(
            row("1994-01-02T03:04:05.678901", LocalDateTime.of(1994, 1, 2, 3, 4, 5, 678_901_000)),
            row("1994-01-02 03:04", LocalDateTime.of(1994, 1, 2, 3, 4)),
            row("1994-01-02", day.atStartOfDay()),
            row("1994-01-01 24:00:00", day.atStartOfDay()),
            row("1994-01-02T03:04Z", LocalDateTime.of(1994, 1, 2, 3, 4)),
            row("1994-1-2 3:4:5.5+02", LocalDateTime.of(1994, 1, 2, 3, 4, 5, 500_000_000)));
    bad(TIMESTAMP, "1994-01-02T03", "1994-01-02 24:00:01", "infinity", "x");
    Calls.of("cast", TIMESTAMPTZ, VARCHAR)
        .gives(
            row("1994-01-02T03:04:05Z", Instant.parse("1994-01-02T03:04:05Z")),
            row("1994-01-02 03:04:05+02:00", Instant.parse("1994-01-02T01:04:05Z")),
            row("1994-01-02 03:04:05 Europe/Paris", Instant.parse("1994-01-02T02:04:05Z")),
            row("1994-01-02 03:04:05-0230", Instant.parse("1994-01-02T05:34:05Z")),
            row("1994-01-02", Instant.parse("1994-01-02T00:00:00Z")));
    bad(TIMESTAMPTZ, "x", "1994-01-02 03:04 Nowhere");
    Calls.of("cast", INTERVAL, VARCHAR)
        .gives(
            row("P1Y2M3DT4H5M6.5S", new Interval(14, 3, 14_706_500_000L)),
            row("-P1W", new Interval(0, -7, 0)),
            row("PT-0.5S", new Interval(0, 0, -500_000)));
    Calls.of("cast", INTERVAL, VARCHAR)
        .gives(
            row("1 year 2 mons -3 days 04:05:06.5", new Interval(14, -3, 14_706_500_000L)),
            row("5 minutes ago", new Interval(0, 0, -300_000_000)),
            row("1.5 months", new Interval(1, 15, 0)),
            row("1.5 days", new Interval(0, 1, 43_200_000_000L)),
            row("-04:05", new Interval(0, 0, -14_700_000_000L)));
    bad(INTERVAL, "P", "P1DT", "1 dozen", "1", "1 day 2", "", "00:61", "9999999999 years");
  }

  @Test
  void otherValuesOfTexts() {
    Calls.of("cast", BOOLEAN, VARCHAR)
        .gives(row("TRUE", true), row(" false ", false))
        .gives(row("t", true), row("Yes", true), row("y", true), row("1", true))
        .gives(row("F", false), row("no", false), row("N", false), row("0", false));
    bad(BOOLEAN, "on", "", "2");
    UUID id = new UUID(0x0123_4567_89AB_CDEFL, 0x8123_4567_89AB_CDEFL);
    Calls.of("cast", UUID, VARCHAR)
        .gives(
            row(id.toString(), id),
            row("{" + id + "}", id),
            row(id.toString().replace("-", ""), id));
    bad(UUID, "1-1-1-1-1", "x");
    Calls.of("cast", VARBINARY, VARCHAR).gives(row("cafe", new byte[] {(byte) 0xCA, (byte) 0xFE}));
    bad(VARBINARY, "abc");
    Calls.of("cast", JSON, VARCHAR)
        .gives(
            row(
                "[1, {\"a\": \"\\u00e4\"}, -0.5e3, true, null]",
                "[1, {\"a\": \"\\u00e4\"}, -0.5e3, true, null]"));
    bad(JSON, "", "[1,]", "{\"a\"}", "01", "1.", "\"\\x\"", "nul", "[1] 2", "\"\n\"", "-", "+1");
    Calls.of("cast", VARCHAR, JSON).gives(row("[1]", "[1]"));
  }

  @Test
  void texts() {
    Calls.of("cast", VARCHAR, INT32).gives(row(-5, "-5"), row(null, null));
    Calls.of("cast", VARCHAR, INT64).gives(row(Long.MIN_VALUE, "-9223372036854775808"));
    Calls.of("cast", VARCHAR, FLOAT64)
        .gives(
            row(1e10, "10000000000.0"),
            row(-0.0, "-0.0"),
            row(1.5e16, "1.5e+16"),
            row(-1e-5, "-1e-05"),
            row(0.00015, "0.00015"),
            row(1e300, "1e+300"),
            row(1234567.5, "1234567.5"),
            row(Double.NaN, "nan"),
            row(Double.NEGATIVE_INFINITY, "-inf"));
    Calls.of("cast", VARCHAR, decimal(10, 7)).gives(row(new BigDecimal("0.0000001"), "0.0000001"));
    Calls.of("cast", VARCHAR, BOOLEAN).gives(row(true, "true"));
    Calls.of("cast", VARCHAR, DATE).gives(row(LocalDate.of(1994, 1, 2), "1994-01-02"));
    Calls.of("cast", VARCHAR, TIME)
        .gives(
            row(LocalTime.of(1, 2, 3), "01:02:03"),
            row(LocalTime.of(1, 2), "01:02:00"),
            row(LocalTime.of(1, 2, 3, 120_000_000), "01:02:03.12"));
    Calls.of("cast", VARCHAR, TIMESTAMP)
        .gives(row(LocalDateTime.of(1994, 1, 2, 3, 4, 5), "1994-01-02 03:04:05"));
    Calls.of("cast", VARCHAR, TIMESTAMPTZ).gives(row(Instant.EPOCH, "1970-01-01 00:00:00+00"));
    Calls.of("cast", VARCHAR, INTERVAL).gives(row(new Interval(14, 3, 5_000_000), "P1Y2M3DT5S"));
    Calls.of("cast", VARCHAR, VARBINARY).gives(row(new byte[] {0, (byte) 0xFF}, "00ff"));
    UUID id = new UUID(1, 2);
    Calls.of("cast", VARCHAR, UUID).gives(row(id, id.toString()));
  }

  @Test
  void numbers() {
    Calls.of("cast", INT64, INT32).gives(row(-5, -5L), row(null, null));
    Calls.of("cast", FLOAT64, INT32).gives(row(-5, -5.0));
    Calls.of("cast", FLOAT64, INT64).gives(row(Long.MAX_VALUE, 0x1p63));
    Calls.of("cast", INT32, INT64)
        .gives(row(2147483647L, Integer.MAX_VALUE))
        .fails(
            "bad-cast",
            "cannot cast 2147483648 (int64) to int32; try-cast gives null instead",
            2147483648L);
    Calls.of("cast", INT64, FLOAT64)
        .gives(
            row(2.5, 2L),
            row(-3.5, -4L),
            row(0.49999999999999994, 0L),
            row(-0x1p63, Long.MIN_VALUE),
            row(0x1p53, 1L << 53))
        .fails(
            "bad-cast",
            "cannot cast 9.223372036854775807E18 (float64) to int64; try-cast gives null instead"
                .replace("9.223372036854775807E18", Double.toString(0x1p63)),
            0x1p63)
        .fails(
            "bad-cast",
            "cannot cast NaN (float64) to int64; try-cast gives null instead",
            Double.NaN);
    Calls.of("try-cast", INT32, FLOAT64).gives(row(1e10, null), row(-1.4, -1), row(null, null));
    Calls.of("cast", INT32, BOOLEAN).gives(row(true, 1), row(false, 0), row(null, null));
    Calls.of("cast", INT64, BOOLEAN).gives(row(true, 1L), row(false, 0L));
    Calls.of("cast", BOOLEAN, INT32).gives(row(7, true), row(0, false), row(null, null));
    Calls.of("cast", BOOLEAN, INT64).gives(row(1L << 32, true));
  }

  @Test
  void roundings() {
    Calls.of("round", FLOAT64, FLOAT64)
        .gives(
            row(2.5, 3.0),
            row(-2.5, -3.0),
            row(0.49999999999999994, 0.0),
            row(Double.NaN, Double.NaN));
    Calls.of("floor", FLOAT64, FLOAT64).gives(row(-0.5, -1.0));
    Calls.of("ceil", FLOAT64, FLOAT64).gives(row(1.2, 2.0));
    Calls.of("round", INT64, INT64).gives(row(5L, 5L));
    Calls.of("floor", INT32, INT32).gives(row(5, 5), row(null, null));
    Calls.of("abs", INT32, INT32)
        .gives(row(-5, 5))
        .fails(
            "overflow",
            "abs of -2147483648 does not fit int32; cast an argument to a wider type",
            Integer.MIN_VALUE);
    Calls.of("abs", INT64, INT64).gives(row(-5L, 5L), row(null, null));
    Calls.of("abs", FLOAT64, FLOAT64).gives(row(-0.0, 0.0));
    Calls.of("sign", INT32, FLOAT64).gives(row(-0.5, -1), row(Double.NaN, 0));
    Calls.of("sign", INT32, INT64).gives(row(Long.MIN_VALUE, -1));
    Calls.of("sign", INT32, INT32).gives(row(0, 0));
    assertEquals(1.01, rounded(FLOAT64, FLOAT64, 1.005, 2));
    assertEquals(1200.0, rounded(FLOAT64, FLOAT64, 1150.0, -2));
    assertEquals(1200L, rounded(INT64, INT64, 1150L, -2));
    assertEquals(0, rounded(INT32, INT32, 49, -2));
    assertEquals(0L, rounded(INT64, INT64, Long.MAX_VALUE, -38));
    assertEquals(
        new BigDecimal("1.3"), rounded(decimal(4, 1), decimal(5, 2), new BigDecimal("1.25"), 1));
    assertEquals(
        new BigDecimal("1.25"), rounded(decimal(6, 2), decimal(5, 2), new BigDecimal("1.25"), 9));
    assertEquals(
        new BigDecimal("300"), rounded(decimal(4, 0), decimal(5, 2), new BigDecimal("250.00"), -2));
    PenstockException e =
        assertThrows(PenstockException.class, () -> rounded(INT64, INT64, Long.MAX_VALUE, -19));
    assertEquals(
        "round of 9223372036854775807 to -19 digits does not fit int64; cast an argument to a wider type",
        e.getMessage());
  }

  private static Object rounded(DataType result, DataType type, Object value, long digits) {
    Expr x = new ColumnExpr(0, type);
    Expr e = Functions.call("round", List.of(x, new LiteralExpr(INT64, digits)), result);
    Batch batch = Batch.of(1, Calls.column(type, List.<Object[]>of(row(value)), 0));
    return e.eval(batch).value(0);
  }

  /** Every value comes back from its own text. */
  @Test
  void generatedValuesSurviveTheirTexts() {
    Map<DataType, Function<Random, Object>> values =
        Map.ofEntries(
            Map.entry(INT32, r -> r.nextInt()),
            Map.entry(INT64, r -> r.nextLong() >> r.nextInt(64)),
            Map.entry(FLOAT64, r -> Double.longBitsToDouble(r.nextLong())),
            Map.entry(decimal(18, 5), r -> BigDecimal.valueOf(r.nextLong() / 10, 5)),
            Map.entry(
                decimal(38, 38),
                r ->
                    new BigDecimal(new BigInteger(120, r), 38)
                        .setScale(38, RoundingMode.UNNECESSARY)),
            Map.entry(BOOLEAN, r -> r.nextBoolean()),
            Map.entry(DATE, r -> LocalDate.ofEpochDay(r.nextInt() / 3)),
            Map.entry(
                TIME,
                r ->
                    LocalTime.ofSecondOfDay(r.nextInt(86_400))
                        .withNano(1000 * r.nextInt(1_000_000))),
            Map.entry(
                TIMESTAMP,
                r ->
                    LocalDateTime.of(r.nextInt(12_000) - 2000, 1, 2, 3, 4)
                        .plusNanos(1000 * (r.nextLong() >> 12))),
            Map.entry(
                TIMESTAMPTZ,
                r -> Instant.ofEpochSecond(r.nextLong() >> 26, 1000L * r.nextInt(1_000_000))),
            Map.entry(
                INTERVAL,
                r -> new Interval(r.nextInt() >> r.nextInt(31), r.nextInt(), r.nextLong() >> 4)),
            Map.entry(UUID, r -> new UUID(r.nextLong(), r.nextLong())));
    values.forEach(
        (type, value) -> {
          Expr text = Functions.call("cast", List.of(new ColumnExpr(0, type)), VARCHAR);
          Expr back = Functions.call("cast", List.of(text), type);
          Random random = new Random(71);
          ColumnBuilder builder = ColumnBuilder.of(type, 500);
          for (int i = 0; i < 500; i++) {
            builder.appendValue(i % 50 == 0 ? null : value.apply(random));
          }
          Column column = builder.build();
          Column result = back.eval(Batch.of(500, column));
          for (int i = 0; i < 500; i++) {
            assertEquals(column.value(i), result.value(i), "seed 71, " + type);
          }
        });
  }
}
