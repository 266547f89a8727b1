package dev.penstock.benchmarks.sqllogictest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;

/** Values as SQLite's and DuckDB's scripts write them. */
class ValueTextTest {
  private static String sqlite(char letter, Object value) {
    return ValueText.of(Dialect.SQLITE, letter, value);
  }

  private static String duckdb(Object value) {
    return ValueText.of(Dialect.DUCKDB, 'T', value);
  }

  @Test
  void sqliteWholeNumbers() {
    assertEquals("3", sqlite('I', 3));
    assertEquals("3", sqlite('I', 3.9));
    assertEquals("-3", sqlite('I', -3.9));
    assertEquals("1", sqlite('I', true));
    assertEquals("0", sqlite('I', "abc"));
    assertEquals("12", sqlite('I', "12abc"));
    assertEquals("-9223372036854775808", sqlite('I', Long.MIN_VALUE));
    assertEquals("7", sqlite('I', new BigDecimal("7.9")));
    assertEquals("NULL", ValueText.of(Dialect.SQLITE, 'I', null));
  }

  @Test
  void sqliteReals() {
    assertEquals("3.000", sqlite('R', 3));
    assertEquals("0.333", sqlite('R', 1.0 / 3));
    assertEquals("1.000", sqlite('R', 1.0005)); // 1.000499999999999944...
    assertEquals("0.125", sqlite('R', 0.125));
    assertEquals("0.063", sqlite('R', 0.0625));
    assertEquals("-0.000", sqlite('R', -0.0001));
    assertEquals("0.000", sqlite('R', "abc"));
    assertEquals("100000000000000000000.000", sqlite('R', 1e20));
  }

  @Test
  void sqliteTexts() {
    assertEquals("(empty)", sqlite('T', ""));
    assertEquals("a@b@", sqlite('T', "a\tb\u0001"));
    assertEquals("@@", sqlite('T', "é"));
    assertEquals("0.3", sqlite('T', 0.1 + 0.2));
    assertEquals("12.0", sqlite('T', 12.0));
    assertEquals("1.0e+20", sqlite('T', 1e20));
    assertEquals("1.5e-07", sqlite('T', 1.5e-7));
    assertEquals("0.0", sqlite('T', 0.0));
    assertEquals("1", sqlite('T', true));
    assertEquals("AB", sqlite('T', "AB".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void duckdbValues() {
    assertEquals("true", duckdb(true));
    assertEquals("(empty)", duckdb(""));
    assertEquals("1.0", duckdb(1.0));
    assertEquals("nan", duckdb(Double.NaN));
    assertEquals("-inf", duckdb(Double.NEGATIVE_INFINITY));
    assertEquals("1.50", duckdb(new BigDecimal("1.50")));
    assertEquals("2020-02-29", duckdb(LocalDate.of(2020, 2, 29)));
    assertEquals("01:02:03.004", duckdb(LocalTime.of(1, 2, 3, 4_000_000)));
    assertEquals("2020-01-02 03:04:05", duckdb(LocalDateTime.of(2020, 1, 2, 3, 4, 5)));
    assertEquals("1970-01-01 00:00:00+00", duckdb(Instant.EPOCH));
    assertEquals("1 year 2 months -3 days -00:00:01", duckdb(new Interval(14, -3, -1_000_000)));
    assertEquals("00:00:00", duckdb(new Interval(0, 0, 0)));
    assertEquals("a\\x00\\xFF", duckdb(new byte[] {'a', 0, (byte) 255}));
  }

  @Test
  void listsStructuresAndMaps() {
    assertTrue(Answer.same("[1, 2, NULL]", "[1,2,null]", DataType.JSON));
    assertTrue(Answer.same("{'a': 1, 'b': [x]}", "{\"a\":1,\"b\":[\"x\"]}", DataType.JSON));
    assertTrue(Answer.same("{a=1, b=2}", "{\"a\":1,\"b\":2}", DataType.JSON));
    assertFalse(Answer.same("[1, 2]", "[2,1]", DataType.JSON));
    assertFalse(Answer.same("{a=1}", "{\"a\":2}", DataType.JSON));
  }
}
