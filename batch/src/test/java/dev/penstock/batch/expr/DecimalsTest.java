package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.FLOAT64;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.decimal;
import static dev.penstock.batch.expr.Calls.row;
import static dev.penstock.batch.expr.Calls.two;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class DecimalsTest {
  private static BigDecimal d(String text) {
    return new BigDecimal(text);
  }

  private static final BigDecimal MOST = d("9".repeat(38));

  @Test
  void sums() {
    Calls.of("+", decimal(6, 2), decimal(4, 1), decimal(5, 2))
        .gives(row(d("999.9"), d("999.99"), d("1999.89")), row(null, d("1.00"), null));
    Calls.of("-", decimal(16, 2), decimal(1, 0), decimal(15, 2))
        .gives(row(d("1"), d("0.05"), d("0.95")), row(d("1"), null, null));
    Calls.of("+", decimal(19, 2), decimal(18, 2), decimal(18, 0))
        .gives(row(d("9999999999999999.99"), d("1"), d("10000000000000000.99")));
    Calls.of("-", decimal(21, 4), decimal(20, 4), decimal(18, 2))
        .gives(row(d("1234567890123456.7891"), d("-0.01"), d("1234567890123456.7991")));
    Calls.of("+", decimal(38, 0), decimal(38, 0), decimal(38, 0))
        .gives(
            row(MOST, MOST.negate(), d("0")),
            row(d("18446744073709551615"), d("1"), d("18446744073709551616")))
        .fails(
            "overflow",
            MOST + " + 1 does not fit decimal(38,0); cast an argument to a wider type",
            MOST,
            d("1"));
    Calls.of("-", decimal(38, 2), decimal(38, 0), decimal(38, 2))
        .gives(row(d("3"), d("0.05"), d("2.95")))
        .fails(
            "overflow",
            MOST + " - 0.01 does not fit decimal(38,2); cast an argument to a wider type",
            MOST,
            d("0.01"));
    Calls.of("+", decimal(12, 2), INT32, decimal(5, 2)).gives(row(7, d("0.05"), d("7.05")));
  }

  @Test
  void products() {
    Calls.of("*", decimal(9, 3), decimal(5, 1), decimal(4, 2))
        .gives(row(d("9999.9"), d("-99.99"), d("-999890.001")), row(null, d("1.00"), null));
    Calls.of("*", decimal(31, 4), decimal(15, 2), decimal(16, 2))
        .gives(
            row(
                d("9999999999999.99"),
                d("99999999999999.99"),
                d("999999999999998900000000000.0001")),
            row(d("-0.01"), d("0.01"), d("-0.0001")),
            row(d("1.00"), null, null));
    Calls.of("*", decimal(38, 6), decimal(31, 4), decimal(16, 2))
        .gives(
            row(d("2.0000"), d("1.05"), d("2.100000")),
            row(d("-99999999999999999999.0000"), d("2.00"), d("-199999999999999999998.000000")))
        .fails(
            "overflow",
            "999999999999999999999999999.0000 * 99999999999999.99 does not fit decimal(38,6);"
                + " cast an argument to a wider type",
            d("999999999999999999999999999.0000"),
            d("99999999999999.99"));
    Calls.of("*", decimal(38, 0), decimal(38, 0), decimal(38, 0))
        .gives(
            row(
                d("9999999999999999999"),
                d("10000000000000000000"),
                d("99999999999999999990000000000000000000")))
        .fails(
            "overflow",
            MOST + " * 2 does not fit decimal(38,0); cast an argument to a wider type",
            MOST,
            d("2"))
        .fails(
            "overflow",
            MOST + " * " + MOST + " does not fit decimal(38,0); cast an argument to a wider type",
            MOST,
            MOST);
    Calls.of("negate", decimal(5, 2), decimal(5, 2)).gives(row(d("1.20"), d("-1.20")));
    Calls.of("negate", decimal(38, 0), decimal(38, 0)).gives(row(MOST, MOST.negate()));
    Calls.of("/", FLOAT64, decimal(38, 2), decimal(15, 2)).gives(row(d("1.00"), d("4.00"), 0.25));
  }

  @Test
  void remainders() {
    Calls.of("quot", decimal(38, 0), decimal(5, 2), decimal(5, 2))
        .gives(row(d("-7.00"), d("2.00"), d("-3")), row(d("1.00"), d("0.30"), d("3")));
    Calls.of("rem", decimal(5, 2), decimal(5, 2), decimal(5, 2))
        .gives(row(d("-7.10"), d("2.00"), d("-1.10")));
    Calls.of("mod", decimal(20, 2), decimal(20, 2), decimal(20, 2))
        .gives(
            row(d("-7.10"), d("2.00"), d("0.90")),
            row(d("-700000000000000000.10"), d("200000000000000000.00"), d("99999999999999999.90")))
        .fails(
            "division-by-zero",
            "(mod 1.00 0.00): division by zero; make the divisor null where it is 0,"
                + " as in (nullif y 0)",
            d("1.00"),
            d("0.00"));
    Calls.of("quot", decimal(38, 0), decimal(38, 0), decimal(38, 0))
        .gives(row(MOST, d("-1"), MOST.negate()), row(MOST, d("10"), d("9".repeat(37))));
  }

  @Test
  void roundings() {
    Calls.of("round", decimal(4, 0), decimal(5, 2))
        .gives(row(d("999.50"), d("1000")), row(d("-0.50"), d("-1")), row(d("0.49"), d("0")));
    Calls.of("floor", decimal(4, 0), decimal(5, 2))
        .gives(row(d("-0.01"), d("-1")), row(d("1.99"), d("1")), row(null, null));
    Calls.of("ceil", decimal(4, 0), decimal(5, 2))
        .gives(row(d("-0.99"), d("0")), row(d("1.01"), d("2")));
    Calls.of("floor", decimal(29, 0), decimal(30, 2))
        .gives(row(d("-1234567890123456789012345.01"), d("-1234567890123456789012346")));
    Calls.of("abs", decimal(5, 2), decimal(5, 2)).gives(row(d("-1.20"), d("1.20")));
    Calls.of("abs", decimal(38, 0), decimal(38, 0))
        .gives(row(MOST.negate(), MOST), row(MOST, MOST));
    Calls.of("sign", INT32, decimal(38, 0))
        .gives(row(MOST.negate(), -1), row(d("0"), 0), row(d("18446744073709551616"), 1));
    Calls.of("sign", INT32, decimal(5, 2)).gives(row(d("-0.01"), -1));
  }

  private static BigDecimal random(Random r, DataType t) {
    if (r.nextInt(10) == 0) {
      return null;
    }
    BigInteger v = new BigInteger(r.nextInt(128), r);
    v = v.mod(BigInteger.TEN.pow(1 + r.nextInt(t.precision())));
    return new BigDecimal(r.nextBoolean() ? v : v.negate(), t.scale());
  }

  private static void agrees(
      String op,
      DataType result,
      DataType a,
      DataType b,
      BiFunction<BigDecimal, BigDecimal, BigDecimal> f) {
    Calls.of(op, result, a, b)
        .agrees(
            a.precision() * 100L + b.precision(),
            r -> row(random(r, a), random(r, b)),
            two(
                (x, y) -> {
                  BigDecimal v = f.apply((BigDecimal) x, (BigDecimal) y).setScale(result.scale());
                  if (v.precision() > result.precision()) {
                    throw new ArithmeticException("too wide");
                  }
                  return v;
                }));
  }

  @Test
  void generatedDecimalsAgreeWithBigDecimal() {
    int[][] pairs = {
      {5, 2, 7, 0}, {15, 2, 16, 2}, {18, 4, 18, 0}, {31, 4, 16, 2}, {38, 10, 38, 3}, {38, 0, 38, 0}
    };
    for (int[] t : pairs) {
      DataType a = decimal(t[0], t[1]);
      DataType b = decimal(t[2], t[3]);
      int scale = Math.max(t[1], t[3]);
      DataType sum = decimal(Math.min(38, Math.max(t[0] - t[1], t[2] - t[3]) + scale + 1), scale);
      agrees("+", sum, a, b, BigDecimal::add);
      agrees("-", sum, a, b, BigDecimal::subtract);
      agrees("*", decimal(Math.min(38, t[0] + t[2]), t[1] + t[3]), a, b, BigDecimal::multiply);
    }
  }

  @Test
  void generatedRoundingsAgreeWithBigDecimal() {
    for (DataType t : new DataType[] {decimal(5, 2), decimal(18, 9), decimal(30, 12)}) {
      DataType whole = decimal(t.precision() - t.scale() + 1, 0);
      Calls.of("round", whole, t)
          .agrees(
              7,
              r -> row(random(r, t)),
              x -> ((BigDecimal) x[0]).setScale(0, RoundingMode.HALF_UP));
      Calls.of("floor", whole, t)
          .agrees(
              8, r -> row(random(r, t)), x -> ((BigDecimal) x[0]).setScale(0, RoundingMode.FLOOR));
      Calls.of("ceil", whole, t)
          .agrees(
              9,
              r -> row(random(r, t)),
              x -> ((BigDecimal) x[0]).setScale(0, RoundingMode.CEILING));
    }
  }

  @Test
  void castsBetweenNumbers() {
    Calls.of("cast", decimal(4, 1), decimal(5, 2))
        .gives(row(d("1.25"), d("1.3")), row(d("-1.25"), d("-1.3")), row(null, null))
        .fails(
            "bad-cast",
            "cannot cast 999.95 (decimal(5,2)) to decimal(4,1); try-cast gives null instead",
            d("999.95"));
    Calls.of("cast", decimal(38, 2), decimal(5, 2)).gives(row(d("1.25"), d("1.25")));
    Calls.of("cast", decimal(18, 4), decimal(5, 2)).gives(row(d("1.25"), d("1.2500")));
    Calls.of("cast", decimal(5, 2), decimal(38, 2))
        .gives(row(d("-999.99"), d("-999.99")))
        .fails(
            "bad-cast",
            "cannot cast 1000.00 (decimal(38,2)) to decimal(5,2); try-cast gives null instead",
            d("1000.00"));
    Calls.of("try-cast", decimal(5, 2), decimal(38, 2))
        .gives(row(d("1000.00"), null), row(d("1.00"), d("1.00")), row(null, null));
    Calls.of("cast", decimal(10, 0), INT32).gives(row(Integer.MIN_VALUE, d("-2147483648")));
    Calls.of("cast", decimal(19, 0), INT64).gives(row(Long.MIN_VALUE, d("-9223372036854775808")));
    Calls.of("cast", decimal(3, 2), INT64)
        .gives(row(9L, d("9.00")))
        .fails(
            "bad-cast", "cannot cast 10 (int64) to decimal(3,2); try-cast gives null instead", 10L);
    Calls.of("cast", INT32, decimal(5, 2)).gives(row(d("2.50"), 3), row(d("-2.50"), -3));
    Calls.of("cast", INT64, decimal(38, 1))
        .gives(row(d("9223372036854775807.4"), Long.MAX_VALUE))
        .fails(
            "bad-cast",
            "cannot cast 9223372036854775807.5 (decimal(38,1)) to int64; try-cast gives null instead",
            d("9223372036854775807.5"));
    Calls.of("cast", FLOAT64, decimal(38, 2))
        .gives(
            row(d("0.10"), 0.1),
            row(d("123456789012345678901234567890.12"), 1.2345678901234568e29));
    Calls.of("cast", FLOAT64, decimal(15, 2)).gives(row(d("-0.05"), -0.05), row(null, null));
    Calls.of("cast", decimal(5, 2), FLOAT64)
        .gives(row(1.005, d("1.01")), row(-0.0, d("0.00")), row(999.994, d("999.99")))
        .fails(
            "bad-cast",
            "cannot cast 999.995 (float64) to decimal(5,2); try-cast gives null instead",
            999.995);
    Calls.of("try-cast", decimal(38, 0), FLOAT64)
        .gives(row(Double.NaN, null), row(1e300, null), row(-1e37, d("-1" + "0".repeat(37))));
  }

  /** The example of batch/README.md. */
  @Test
  void theExampleOfTheReadme() {
    Batch batch = Batch.of(1, Calls.column(decimal(15, 2), List.<Object[]>of(row(d("12.50"))), 0));
    Expr price = new ColumnExpr(0, decimal(15, 2));
    Expr tenth = new LiteralExpr(decimal(2, 1), new BigDecimal("0.1"));
    Expr tax = Functions.call("*", List.of(price, tenth), decimal(17, 3));
    Column taxes = tax.eval(batch);
    assertEquals(d("1.250"), taxes.value(0));
  }
}
