package dev.penstock.batch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderingTest {
  /** Every value is less than the next one. */
  private static void ascending(DataType type, Object... values) {
    ColumnBuilder builder = ColumnBuilder.of(type, values.length);
    int[] ids = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      builder.appendValue(values[i]);
      ids[i] = i;
    }
    FlatColumn flat = builder.build();
    Column dictionary = new DictionaryColumn(flat, ids, ids.length);
    Ordering ordering = Ordering.of(type);
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        int expected = Integer.compare(i, j);
        String what = values[i] + " with " + values[j];
        assertEquals(expected, Integer.signum(ordering.compare(flat, i, flat, j)), what);
        assertEquals(expected, Integer.signum(ordering.compare(dictionary, i, flat, j)), what);
        Column constant = ConstantColumn.of(type, values[j], 100);
        assertEquals(expected, Integer.signum(ordering.compare(flat, i, constant, 77)), what);
      }
    }
  }

  @Test
  void numbersByValue() {
    ascending(DataType.INT32, Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE);
    ascending(DataType.INT64, Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
    ascending(
        DataType.decimal(30, 2),
        new BigDecimal("-9999999999999999999999999999.99"),
        new BigDecimal("-18446744073709551616"),
        new BigDecimal("-0.01"),
        new BigDecimal("0"),
        new BigDecimal("184467440737095516.15"),
        new BigDecimal("184467440737095516.16"));
    ascending(DataType.decimal(5, 2), new BigDecimal("-1.00"), new BigDecimal("0.99"));
  }

  @Test
  void nanIsGreatestAndZerosAreEqual() {
    ascending(
        DataType.FLOAT64,
        Double.NEGATIVE_INFINITY,
        -Double.MAX_VALUE,
        -Double.MIN_VALUE,
        0.0,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NaN);
    assertEquals(Ordering.doubleKey(0.0), Ordering.doubleKey(-0.0));
    double otherNan = Double.longBitsToDouble(0xFFF8_0000_0000_0001L);
    assertEquals(Ordering.doubleKey(Double.NaN), Ordering.doubleKey(otherNan));
  }

  @Test
  void stringsByUnsignedBytes() {
    // By char, the surrogates of the last would come before the private use character.
    ascending(DataType.VARCHAR, "", "A", "AB", "a", "\u00e4", "\ue000", "\ud83d\ude00");
    ascending(DataType.VARBINARY, new byte[] {1}, new byte[] {1, 0}, new byte[] {(byte) 0x80});
  }

  @Test
  void othersByTheirMeaning() {
    ascending(DataType.BOOLEAN, false, true);
    ascending(DataType.DATE, LocalDate.of(-44, 3, 15), LocalDate.EPOCH, LocalDate.of(9999, 1, 1));
    ascending(DataType.UUID, new UUID(1, -1), new UUID(2, 0), new UUID(-1, 0), new UUID(-1, 1));
    ascending(
        DataType.INTERVAL,
        new Interval(0, 0, Long.MIN_VALUE),
        new Interval(0, -1, 0),
        new Interval(0, 0, -1),
        new Interval(0, 0, 86_399_999_999L),
        new Interval(0, 1, 0),
        new Interval(1, -1, 0),
        new Interval(0, 29, 1),
        new Interval(1, 0, 0),
        new Interval(0, 30, 1),
        new Interval(12, 0, 0),
        new Interval(0, 361, 0));
  }

  @Test
  void aMonthEqualsThirtyDays() {
    Interval month = new Interval(1, 0, 0);
    Interval days = new Interval(0, 29, 86_400_000_000L);
    assertEquals(
        0, Ordering.compareIntervals(month.high(), month.micros(), days.high(), days.micros()));
  }

  @Test
  void objectsHaveNone() {
    PenstockException e = assertThrows(PenstockException.class, () -> Ordering.of(DataType.ANY));
    assertEquals("values of type any have no order; expected a type such as int64", e.getMessage());
  }
}
