package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.BOOLEAN;
import static dev.penstock.batch.DataType.DATE;
import static dev.penstock.batch.DataType.FLOAT64;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.INTERVAL;
import static dev.penstock.batch.DataType.TIMESTAMP;
import static dev.penstock.batch.DataType.UUID;
import static dev.penstock.batch.DataType.VARCHAR;
import static dev.penstock.batch.DataType.decimal;
import static dev.penstock.batch.expr.Calls.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
  private static boolean holds(String op, int order) {
    return switch (op) {
      case "=" -> order == 0;
      case "not=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  /** Every pair of values and null, under every comparison; the values ascend strictly. */
  private static void ascending(DataType type, Object... values) {
    for (String op : List.of("=", "not=", "<", "<=", ">", ">=")) {
      List<Object[]> rows = new ArrayList<>();
      for (int i = -1; i < values.length; i++) {
        for (int j = -1; j < values.length; j++) {
          Object a = i < 0 ? null : values[i];
          Object b = j < 0 ? null : values[j];
          Object expected =
              a == null || b == null ? null : (Object) holds(op, Integer.compare(i, j));
          rows.add(row(a, b, expected));
        }
      }
      Calls.of(op, BOOLEAN, type, type).gives(rows.toArray(new Object[0][]));
    }
    List<Object[]> distinct = new ArrayList<>();
    List<Object[]> same = new ArrayList<>();
    for (int i = -1; i < values.length; i++) {
      for (int j = -1; j < values.length; j++) {
        Object a = i < 0 ? null : values[i];
        Object b = j < 0 ? null : values[j];
        distinct.add(row(a, b, i != j));
        same.add(row(a, b, i == j));
      }
    }
    Calls.of("is-distinct", BOOLEAN, type, type).gives(distinct.toArray(new Object[0][]));
    Calls.of("is-not-distinct", BOOLEAN, type, type).gives(same.toArray(new Object[0][]));
  }

  @Test
  void integers() {
    ascending(INT32, Integer.MIN_VALUE, -1, 0, 7, Integer.MAX_VALUE);
    ascending(INT64, Long.MIN_VALUE, -1L, 0L, 7L, Long.MAX_VALUE - 1, Long.MAX_VALUE);
  }

  @Test
  void floats() {
    ascending(
        FLOAT64,
        Double.NEGATIVE_INFINITY,
        -1.5,
        0.0,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NaN);
    Calls.of("=", BOOLEAN, FLOAT64, FLOAT64).gives(row(0.0, -0.0, true), row(-0.0, 0.0, true));
    Calls.of("<", BOOLEAN, FLOAT64, FLOAT64).gives(row(-0.0, 0.0, false));
  }

  @Test
  void decimals() {
    ascending(
        decimal(5, 2), new BigDecimal("-1.00"), new BigDecimal("0.00"), new BigDecimal("999.99"));
    ascending(
        decimal(38, 0),
        new BigDecimal("-99999999999999999999999999999999999999"),
        new BigDecimal("0"),
        new BigDecimal("18446744073709551615"),
        new BigDecimal("18446744073709551616"));
  }

  @Test
  void texts() {
    ascending(VARCHAR, "", "A", "AB", "a", "\u00e4", "\ue000", "\ud83d\ude00");
  }

  @Test
  void others() {
    ascending(BOOLEAN, false, true);
    ascending(DATE, LocalDate.of(-1, 1, 1), LocalDate.of(1994, 1, 1), LocalDate.of(1994, 1, 2));
    ascending(TIMESTAMP, LocalDateTime.of(1, 1, 1, 0, 0), LocalDateTime.of(1994, 1, 1, 0, 0, 1));
    ascending(UUID, new UUID(0, 1), new UUID(0, -1), new UUID(-1, 0));
    ascending(INTERVAL, new Interval(0, 29, 5), new Interval(1, 0, 0), new Interval(0, 30, 1));
    Calls.of("=", BOOLEAN, INTERVAL, INTERVAL)
        .gives(row(new Interval(1, 0, 0), new Interval(0, 30, 0), true));
  }

  @Test
  void numbersOfTwoTypesMeetInTheCommonType() {
    Calls.of("<", BOOLEAN, INT32, INT64).gives(row(-1, 1L << 40, true), row(null, 1L, null));
    Calls.of("=", BOOLEAN, decimal(5, 2), INT32)
        .gives(row(new BigDecimal("3.00"), 3, true), row(new BigDecimal("3.01"), 3, false));
    Calls.of("=", BOOLEAN, INT64, FLOAT64).gives(row(3L, 3.0, true), row(3L, 3.5, false));
  }

  private static void generated(
      DataType type, Function<Random, Object> value, Comparator<Object> order) {
    long seed = 20_240_601;
    for (String op : List.of("=", "not=", "<", "<=", ">", ">=")) {
      Calls.of(op, BOOLEAN, type, type)
          .agrees(
              seed,
              r -> row(nullable(r, value), nullable(r, value)),
              row -> holds(op, order.compare(row[0], row[1])));
    }
  }

  private static Object nullable(Random r, Function<Random, Object> value) {
    return r.nextInt(10) == 0 ? null : value.apply(r);
  }

  @Test
  @SuppressWarnings("unchecked")
  void generatedValuesCompareAsTheirHostValues() {
    Comparator<Object> natural = (a, b) -> ((Comparable<Object>) a).compareTo(b);
    generated(INT32, r -> r.nextInt(5) - 2, natural);
    generated(INT64, r -> r.nextBoolean() ? r.nextLong() : (Object) (long) r.nextInt(3), natural);
    generated(FLOAT64, r -> (double) (r.nextInt(5) + 1), natural);
    generated(decimal(18, 2), r -> BigDecimal.valueOf(r.nextInt(9), 2), natural);
    generated(decimal(20, 2), r -> BigDecimal.valueOf(r.nextInt(9), 2), natural);
    generated(VARCHAR, r -> "abcdefgh".substring(r.nextInt(8)), natural);
  }

  @Test
  void shapesAreSeen() {
    ColumnExpr c = new ColumnExpr(3, INT64);
    LiteralExpr one = new LiteralExpr(INT64, 1L);
    Expr less = Functions.call("<", List.of(c, one), BOOLEAN);
    Expr swapped = Functions.call("<", List.of(one, c), BOOLEAN);
    Expr not = Functions.call("not", List.of(less), BOOLEAN);
    assertEquals(new Shape.Comparison(c, Shape.Op.LT, one), less.shape());
    assertEquals(new Shape.Comparison(c, Shape.Op.GT, one), swapped.shape());
    assertEquals(new Shape.Comparison(c, Shape.Op.GE, one), not.shape());
    Expr and = Functions.call("and", List.of(less, not), BOOLEAN);
    assertEquals(new Shape.And(List.of((Predicate) less, (Predicate) not)), and.shape());
    assertEquals(
        new Shape.NullTest(c, false), Functions.call("is-not-null", List.of(c), BOOLEAN).shape());
  }
}
