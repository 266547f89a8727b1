package dev.penstock.batch.expr;

import static dev.penstock.batch.expr.Calls.of;
import static dev.penstock.batch.expr.Calls.row;

import dev.penstock.batch.DataType;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class IntegerFunctionsTest {
  private static final DataType INT = DataType.INT32;
  private static final DataType LONG = DataType.INT64;

  @Test
  void bits() {
    of("bit-and", LONG, LONG, LONG).gives(row(12L, 10L, 8L), row(-1L, 5L, 5L), row(null, 1L, null));
    of("bit-or", INT, INT, INT).gives(row(12, 10, 14), row(Integer.MIN_VALUE, 1, -2147483647));
    of("bit-xor", INT, INT, INT).gives(row(12, 10, 6), row(-1, 0, -1), row(1, null, null));
    of("bit-not", INT, INT).gives(row(5, -6), row(-1, 0), row(null, null));
    of("bit-not", LONG, LONG).gives(row(Long.MIN_VALUE, Long.MAX_VALUE));
    of("bit-count", INT, INT).gives(row(-1, 32), row(0, 0), row(7, 3), row(null, null));
    of("bit-count", INT, LONG).gives(row(-1L, 64), row(Long.MIN_VALUE, 1));
  }

  @Test
  void shifts() {
    of("shift-left", INT, INT, INT)
        .gives(row(1, 30, 1 << 30), row(0, 31, 0), row(3, 0, 3), row(null, 1, null))
        .fails(
            "overflow",
            "(shift-left 1 31) does not fit int32; cast an argument to a wider type",
            1,
            31)
        .fails(
            "bad-argument",
            "(shift-left -1 1): expected a number from 0 and a shift from 0 to 31",
            -1,
            1)
        .fails(
            "bad-argument",
            "(shift-left 1 32): expected a number from 0 and a shift from 0 to 31",
            1,
            32);
    of("shift-left", LONG, LONG, LONG).gives(row(1L, 62L, 1L << 62), row(5L, 40L, 5L << 40));
    of("shift-right", LONG, LONG, LONG)
        .gives(row(-8L, 1L, -4L), row(1L, 64L, 0L), row(-1L, 63L, -1L), row(1L, -1L, 0L));
  }

  @Test
  void divisors() {
    of("gcd", LONG, LONG, LONG)
        .gives(row(12L, 18L, 6L), row(0L, 0L, 0L), row(-4L, 6L, 2L), row(Long.MIN_VALUE, 6L, 2L))
        .fails(
            "overflow",
            "(gcd -9223372036854775808 0) does not fit int64; cast an argument to a wider type",
            Long.MIN_VALUE,
            0L);
    of("lcm", INT, INT, INT)
        .gives(row(4, 6, 12), row(0, 3, 0), row(-4, 6, 12), row(null, null, null))
        .fails(
            "overflow",
            "(lcm 2147483647 2) does not fit int32; cast an argument to a wider type",
            Integer.MAX_VALUE,
            2);
    DataType wide = DataType.decimal(38, 0);
    of("factorial", wide, LONG)
        .gives(
            row(0L, BigDecimal.ONE),
            row(5L, new BigDecimal(120)),
            row(33L, new BigDecimal("8683317618811886495518194401280000000")),
            row(null, null))
        .fails("bad-argument", "(factorial 34): expected a number from 0 to 33", 34L)
        .fails("bad-argument", "(factorial -1): expected a number from 0 to 33", -1L);
  }

  @Test
  void testsOfFloats() {
    DataType d = DataType.FLOAT64;
    DataType b = DataType.BOOLEAN;
    of("is-nan", b, d).gives(row(Double.NaN, true), row(1.0, false), row(null, null));
    of("is-finite", b, d).gives(row(Double.NaN, false), row(-0.0, true), row(1 / 0.0, false));
    of("is-infinite", b, d).gives(row(Double.NaN, false), row(-1 / 0.0, true), row(0.0, false));
  }

  @Test
  void functionsOfFloats() {
    DataType d = DataType.FLOAT64;
    of("log2", d, d)
        .gives(row(8.0, 3.0), row(0.5, -1.0), row(Math.scalb(1.0, 29), 29.0), row(null, null))
        .fails("bad-argument", "(log2 0.0): expected a number above 0", 0.0);
    of("log", d, d, d)
        .gives(row(2.0, 8.0, 3.0), row(10.0, 1000.0, 3.0), row(null, 1.0, null))
        .fails(
            "bad-argument",
            "(log 1.0 8.0): expected a base above 0 that is not 1, and a number above 0",
            1.0,
            8.0)
        .fails(
            "bad-argument",
            "(log 0.0 8.0): expected a base above 0 that is not 1, and a number above 0",
            0.0,
            8.0);
    of("even", d, d)
        .gives(row(2.1, 4.0), row(-2.1, -4.0), row(2.0, 2.0), row(0.5, 2.0), row(-0.0, -0.0))
        .gives(row(1 / 0.0, 1 / 0.0), row(9e15 + 1, 9e15 + 2));
    of("cot", d, d).fails("bad-argument", "(cot 0.0): expected a finite number that is not 0", 0.0);
    of("asinh", d, d).gives(row(0.0, 0.0), row(1e300, Math.log(1e300) + Math.log(2)));
    of("acosh", d, d)
        .gives(row(1.0, 0.0))
        .fails("bad-argument", "(acosh 0.5): expected a number from 1", 0.5);
    of("atanh", d, d)
        .gives(row(0.0, 0.0), row(null, null))
        .fails("bad-argument", "(atanh 1.0): expected a number between -1 and 1", 1.0);
    of("trunc", d, d).gives(row(2.7, 2.0), row(-2.7, -2.0), row(Double.NaN, Double.NaN));
    of("trunc", DataType.decimal(4, 0), DataType.decimal(5, 2))
        .gives(row(new BigDecimal("-2.99"), new BigDecimal("-2")), row(null, null));
  }
}
