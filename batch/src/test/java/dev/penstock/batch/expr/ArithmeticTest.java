package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.FLOAT64;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.expr.Calls.row;
import static dev.penstock.batch.expr.Calls.two;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
  private static final int MIN = Integer.MIN_VALUE;
  private static final int MAX = Integer.MAX_VALUE;

  @Test
  void ints() {
    Calls.of("+", INT32, INT32, INT32)
        .gives(row(1, 2, 3), row(null, 2, null), row(2, null, null), row(MAX, -1, MAX - 1))
        .fails(
            "overflow",
            "2147483647 + 1 does not fit int32; cast an argument to a wider type",
            MAX,
            1);
    Calls.of("-", INT32, INT32, INT32)
        .gives(row(1, 2, -1), row(MIN, -1, MIN + 1), row(null, null, null))
        .fails(
            "overflow",
            "-2147483648 - 1 does not fit int32; cast an argument to a wider type",
            MIN,
            1);
    Calls.of("*", INT32, INT32, INT32)
        .gives(row(3, -4, -12), row(1 << 30, 1, 1 << 30), row(MIN, 1, MIN))
        .fails(
            "overflow",
            "-2147483648 * -1 does not fit int32; cast an argument to a wider type",
            MIN,
            -1);
    Calls.of("negate", INT32, INT32)
        .gives(row(5, -5), row(null, null))
        .fails(
            "overflow", "-(-2147483648) does not fit int32; cast an argument to a wider type", MIN);
  }

  @Test
  void longs() {
    Calls.of("+", INT64, INT64, INT64)
        .gives(row(1L, 2L, 3L), row(null, 2L, null), row(Long.MAX_VALUE, -1L, Long.MAX_VALUE - 1))
        .fails(
            "overflow",
            "9223372036854775807 + 1 does not fit int64; cast an argument to a wider type",
            Long.MAX_VALUE,
            1L);
    Calls.of("-", INT64, INT64, INT64)
        .gives(row(1L, 2L, -1L), row(Long.MIN_VALUE, -1L, Long.MIN_VALUE + 1))
        .fails(
            "overflow",
            "-9223372036854775808 - 1 does not fit int64; cast an argument to a wider type",
            Long.MIN_VALUE,
            1L);
    Calls.of("*", INT64, INT64, INT64)
        .gives(row(3L, -4L, -12L), row(Long.MIN_VALUE, 1L, Long.MIN_VALUE))
        .fails(
            "overflow",
            "4611686018427387904 * 2 does not fit int64; cast an argument to a wider type",
            1L << 62,
            2L);
    Calls.of("negate", INT64, INT64)
        .gives(row(5L, -5L))
        .fails(
            "overflow",
            "-(-9223372036854775808) does not fit int64; cast an argument to a wider type",
            Long.MIN_VALUE);
    Calls.of("-", INT64, INT64).gives(row(5L, -5L), row(null, null));
  }

  @Test
  void floats() {
    double inf = Double.POSITIVE_INFINITY;
    Calls.of("+", FLOAT64, FLOAT64, FLOAT64)
        .gives(row(0.5, 1.0, 1.5), row(inf, 1.0, inf), row(Double.NaN, 1.0, Double.NaN))
        .fails(
            "overflow",
            "1.7976931348623157E308 + 1.7976931348623157E308 is beyond the range of float64",
            Double.MAX_VALUE,
            Double.MAX_VALUE);
    Calls.of("-", FLOAT64, FLOAT64, FLOAT64)
        .gives(row(0.5, 1.0, -0.5), row(inf, inf, Double.NaN), row(null, 1.0, null));
    Calls.of("*", FLOAT64, FLOAT64, FLOAT64)
        .gives(row(0.5, 3.0, 1.5), row(-0.0, 1.0, -0.0))
        .fails("overflow", "1.0E200 * 1.0E200 is beyond the range of float64", 1e200, 1e200);
    Calls.of("/", FLOAT64, FLOAT64, FLOAT64)
        .gives(row(1.0, 4.0, 0.25), row(1.0, inf, 0.0), row(null, 0.0, null))
        .fails(
            "division-by-zero",
            "(/ 1.5 0.0): division by zero; make the divisor null where it is 0, as in (nullif y 0)",
            1.5,
            0.0)
        .fails(
            "division-by-zero",
            "(/ 0.0 -0.0): division by zero; make the divisor null where it is 0, as in (nullif y 0)",
            0.0,
            -0.0)
        .fails("overflow", "1.0E200 / 1.0E-200 is beyond the range of float64", 1e200, 1e-200);
    Calls.of("negate", FLOAT64, FLOAT64).gives(row(1.5, -1.5), row(0.0, -0.0), row(null, null));
    Calls.of("/", FLOAT64, INT64, INT32).gives(row(1L, 4, 0.25));
  }

  @Test
  void remainders() {
    Calls.of("quot", INT32, INT32, INT32)
        .gives(row(7, 2, 3), row(-7, 2, -3), row(7, -2, -3), row(null, 0, null))
        .fails(
            "overflow",
            "-2147483648 quot -1 does not fit int32; cast an argument to a wider type",
            MIN,
            -1)
        .fails(
            "division-by-zero",
            "(quot 7 0): division by zero; make the divisor null where it is 0, as in (nullif y 0)",
            7,
            0);
    Calls.of("rem", INT64, INT64, INT64)
        .gives(row(7L, 2L, 1L), row(-7L, 2L, -1L), row(7L, -2L, 1L), row(Long.MIN_VALUE, -1L, 0L));
    Calls.of("mod", INT64, INT64, INT64)
        .gives(row(7L, 2L, 1L), row(-7L, 2L, 1L), row(7L, -2L, -1L), row(-6L, 2L, 0L));
    Calls.of("mod", INT64, INT32, INT64).gives(row(-7, 2L, 1L));
  }

  private static Object int32(Random r) {
    int v = r.nextInt();
    return r.nextInt(9) == 0 ? null : (Object) (v >> r.nextInt(32));
  }

  private static Object int64(Random r) {
    long v = r.nextLong();
    return r.nextInt(9) == 0 ? null : (Object) (v >> r.nextInt(64));
  }

  @Test
  void generatedIntegersAgreeWithExactArithmetic() {
    Calls.of("+", INT32, INT32, INT32)
        .agrees(11, r -> row(int32(r), int32(r)), two((a, b) -> Math.addExact((int) a, (int) b)));
    Calls.of("-", INT32, INT32, INT32)
        .agrees(
            12, r -> row(int32(r), int32(r)), two((a, b) -> Math.subtractExact((int) a, (int) b)));
    Calls.of("*", INT32, INT32, INT32)
        .agrees(
            13, r -> row(int32(r), int32(r)), two((a, b) -> Math.multiplyExact((int) a, (int) b)));
    Calls.of("+", INT64, INT64, INT64)
        .agrees(14, r -> row(int64(r), int64(r)), two((a, b) -> Math.addExact((long) a, (long) b)));
    Calls.of("-", INT64, INT64, INT64)
        .agrees(
            15,
            r -> row(int64(r), int64(r)),
            two((a, b) -> Math.subtractExact((long) a, (long) b)));
    Calls.of("*", INT64, INT64, INT64)
        .agrees(
            16,
            r -> row(int64(r), int64(r)),
            two((a, b) -> Math.multiplyExact((long) a, (long) b)));
    Calls.of("mod", INT64, INT64, INT64)
        .agrees(17, r -> row(int64(r), int64(r)), two((a, b) -> Math.floorMod((long) a, (long) b)));
    Calls.of("negate", INT64, INT64)
        .agrees(18, r -> row(int64(r)), row -> Math.negateExact((long) row[0]));
  }

  @Test
  void generatedFloatsAgree() {
    Calls.of("+", FLOAT64, FLOAT64, FLOAT64)
        .agrees(
            19,
            r -> row(r.nextGaussian(), r.nextInt(5) == 0 ? null : (Object) r.nextGaussian()),
            two((a, b) -> (double) a + (double) b));
    Calls.of("*", FLOAT64, FLOAT64, FLOAT64)
        .agrees(
            20,
            r -> row(Double.longBitsToDouble(r.nextLong()), Double.longBitsToDouble(r.nextLong())),
            two(
                (a, b) -> {
                  double v = (double) a * (double) b;
                  if (Double.isInfinite(v)
                      && Double.isFinite((double) a)
                      && Double.isFinite((double) b)) {
                    throw new ArithmeticException();
                  }
                  return v;
                }));
    Calls.of("/", FLOAT64, FLOAT64, FLOAT64)
        .agrees(
            21,
            r -> row((double) r.nextInt(9), (double) r.nextInt(9)),
            two(
                (a, b) -> {
                  if ((double) b == 0) {
                    throw new ArithmeticException();
                  }
                  return (double) a / (double) b;
                }));
  }

  @Test
  void functionsOfFloats() {
    Calls.of("sqrt", FLOAT64, FLOAT64)
        .gives(row(4.0, 2.0), row(null, null), row(Double.NaN, Double.NaN))
        .fails("bad-argument", "(sqrt -1.0): expected a number from 0", -1.0);
    Calls.of("ln", FLOAT64, FLOAT64)
        .gives(row(1.0, 0.0))
        .fails("bad-argument", "(ln 0.0): expected a number above 0", 0.0);
    Calls.of("log10", FLOAT64, FLOAT64).gives(row(1000.0, 3.0));
    Calls.of("exp", FLOAT64, FLOAT64)
        .gives(row(0.0, 1.0), row(Double.NEGATIVE_INFINITY, 0.0))
        .fails(
            "bad-argument",
            "(exp 1000.0): expected a number up to 709.78, as float64 ends there",
            1000.0);
    Calls.of("asin", FLOAT64, FLOAT64)
        .gives(row(0.0, 0.0))
        .fails("bad-argument", "(asin 2.0): expected a number from -1 to 1", 2.0);
    Calls.of("acos", FLOAT64, FLOAT64).gives(row(1.0, 0.0));
    Calls.of("atan", FLOAT64, FLOAT64).gives(row(Double.POSITIVE_INFINITY, Math.PI / 2));
    Calls.of("sin", FLOAT64, FLOAT64)
        .gives(row(0.0, 0.0))
        .fails(
            "bad-argument", "(sin Infinity): expected a finite number", Double.POSITIVE_INFINITY);
    Calls.of("cos", FLOAT64, INT32).gives(row(0, 1.0));
    Calls.of("tan", FLOAT64, FLOAT64).gives(row(0.0, 0.0));
    Calls.of("atan2", FLOAT64, FLOAT64, FLOAT64)
        .gives(row(0.0, -1.0, Math.PI), row(null, 1.0, null));
    Calls.of("power", FLOAT64, FLOAT64, FLOAT64)
        .gives(row(2.0, 10.0, 1024.0), row(2.0, null, null))
        .fails(
            "bad-argument",
            "(power 0.0 -1.0): expected numbers whose power is a finite number",
            0.0,
            -1.0);
    Calls.of("pi", FLOAT64).gives(row(Math.PI));
  }
}
