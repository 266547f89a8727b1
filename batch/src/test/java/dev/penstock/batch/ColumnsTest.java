package dev.penstock.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every kind of column of every type: what goes in comes out, through every way of copying. */
class ColumnsTest {
  private static final long SEED = 4711;
  private static final Map<DataType, Function<Random, Object>> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put(DataType.BOOLEAN, Random::nextBoolean);
    TYPES.put(DataType.INT32, Random::nextInt);
    TYPES.put(DataType.INT64, Random::nextLong);
    TYPES.put(DataType.FLOAT64, Random::nextGaussian);
    TYPES.put(DataType.decimal(18, 6), r -> BigDecimal.valueOf(r.nextLong() / 10, 6));
    TYPES.put(DataType.decimal(38, 6), r -> new BigDecimal(new BigInteger(126, r), 6).negate());
    TYPES.put(DataType.VARCHAR, r -> "\u00e4b\ud83d\ude00".repeat(r.nextInt(4)) + r.nextInt(9));
    TYPES.put(DataType.VARBINARY, r -> new byte[r.nextInt(40)]);
    TYPES.put(DataType.DATE, r -> LocalDate.ofEpochDay(r.nextInt()));
    TYPES.put(DataType.TIME, r -> LocalTime.ofNanoOfDay(1000L * r.nextInt(1_000_000_000)));
    TYPES.put(DataType.TIMESTAMP, r -> LocalDateTime.of(1970, 1, 1, 0, 0).plusSeconds(r.nextInt()));
    TYPES.put(DataType.TIMESTAMPTZ, r -> Instant.ofEpochSecond(r.nextInt(), 5000));
    TYPES.put(DataType.INTERVAL, r -> new Interval(r.nextInt(), r.nextInt(), r.nextLong()));
    TYPES.put(DataType.UUID, r -> new UUID(r.nextLong(), r.nextLong()));
    TYPES.put(DataType.JSON, r -> "[" + r.nextInt() + "]");
    TYPES.put(DataType.ANY, r -> List.of(r.nextInt(5)));
  }

  private static List<Object> values(DataType type, int n, boolean nulls) {
    Random random = new Random(SEED);
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Object v = TYPES.get(type).apply(random);
      out.add(nulls && random.nextInt(4) == 0 ? null : v);
    }
    return out;
  }

  private static FlatColumn column(DataType type, List<Object> values) {
    ColumnBuilder builder = ColumnBuilder.of(type, 1);
    values.forEach(builder::appendValue);
    assertEquals(values.size(), builder.length());
    assertTrue(builder.sizeBytes() > 0);
    return builder.build();
  }

  private static void assertColumn(List<Object> expected, Column actual, DataType type) {
    assertEquals(expected.size(), actual.length());
    assertEquals(type, actual.type());
    assertTrue(actual.sizeBytes() > 0);
    for (int i = 0; i < expected.size(); i++) {
      Object want = expected.get(i);
      String what = type + " at " + i + ", seed " + SEED;
      assertEquals(want == null, actual.isNull(i), what);
      if (want == null) {
        assertTrue(actual.mayHaveNulls(), what);
      }
      if (want instanceof byte[] bytes) {
        assertArrayEquals(bytes, (byte[]) actual.value(i), what);
      } else {
        assertEquals(want, actual.value(i), what);
      }
    }
  }

  @Test
  void buildersGiveBackWhatTheyGot() {
    for (DataType type : TYPES.keySet()) {
      for (int n : new int[] {0, 1, 63, 64, 65, 1000}) {
        assertColumn(values(type, n, false), column(type, values(type, n, false)), type);
        assertFalse(column(type, values(type, n, false)).mayHaveNulls());
        assertColumn(values(type, n, true), column(type, values(type, n, true)), type);
      }
    }
  }

  /** The positions 0 .. n-1 shuffled, some twice, and -1 for a null among them if wanted. */
  private static int[] positions(int n, boolean negative) {
    Random random = new Random(SEED);
    int[] out = new int[n + 5];
    for (int i = 0; i < out.length; i++) {
      out[i] = negative && i % 7 == 3 ? -1 : random.nextInt(n);
    }
    return out;
  }

  private static List<Object> picked(List<Object> values, int[] positions, int count) {
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add(positions[i] < 0 ? null : values.get(positions[i]));
    }
    return out;
  }

  @Test
  void gathersOfEveryKindOfColumn() {
    for (DataType type : TYPES.keySet()) {
      for (boolean nulls : new boolean[] {false, true}) {
        for (boolean negative : new boolean[] {false, true}) {
          List<Object> values = values(type, 130, nulls);
          FlatColumn flat = column(type, values);
          int[] positions = positions(130, negative);
          int count = positions.length - 2;
          List<Object> expected = picked(values, positions, count);
          assertColumn(expected, flat.gather(positions, count), type);
          Column dictionary = new DictionaryColumn(flat, positions, count, negative);
          assertColumn(expected, dictionary, type);
          assertColumn(expected, dictionary.flat(null, count), type);
          int[] again = positions(count, negative);
          List<Object> twice = picked(expected, again, count);
          assertInstanceOf(DictionaryColumn.class, dictionary.gather(again, count));
          assertColumn(twice, dictionary.gather(again, count), type);
          ConstantColumn constant = ConstantColumn.of(type, values.get(5), 130);
          List<Object> same = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            same.add(again[i] < 0 ? null : values.get(5));
          }
          assertColumn(same, constant.gather(again, count), type);
        }
      }
    }
  }

  @Test
  void flattensTheSelectedPositionsOnly() {
    for (DataType type : TYPES.keySet()) {
      for (boolean nulls : new boolean[] {false, true}) {
        List<Object> values = values(type, 100, nulls);
        int[] ids = positions(100, nulls);
        Column dictionary = new DictionaryColumn(column(type, values), ids, 90, nulls);
        int[] selection = {3, 4, 50, 89, 0};
        FlatColumn flat = dictionary.flat(selection, 4);
        assertEquals(90, flat.length());
        for (int i = 0; i < 4; i++) {
          Object want = ids[selection[i]] < 0 ? null : values.get(ids[selection[i]]);
          assertEquals(want == null, flat.isNull(selection[i]));
          if (!(want instanceof byte[])) {
            assertEquals(want, flat.value(selection[i]));
          }
        }
        assertEquals(dictionary.mayHaveNulls(), flat.mayHaveNulls());
        Column constant = ConstantColumn.of(type, values.get(7), 40);
        assertColumn(picked(values, filled(7), 40), constant.flat(null, 40), type);
        assertColumn(picked(values, filled(7), 3), ((ConstantColumn) constant).withLength(3), type);
      }
    }
  }

  private static int[] filled(int v) {
    int[] out = new int[40];
    Arrays.fill(out, v);
    return out;
  }

  @Test
  void appendsFromEveryKindOfColumn() {
    for (DataType type : TYPES.keySet()) {
      List<Object> values = values(type, 70, true);
      FlatColumn flat = column(type, values);
      int[] ids = positions(70, true);
      Column dictionary = new DictionaryColumn(flat, ids, 70);
      Column constant = ConstantColumn.of(type, values.get(2), 70);
      ColumnBuilder builder = ColumnBuilder.of(type, 0);
      List<Object> expected = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        builder.append(flat, i);
        expected.add(values.get(i));
        builder.append(dictionary, i);
        expected.add(ids[i] < 0 ? null : values.get(ids[i]));
        builder.append(constant, i);
        expected.add(values.get(2));
      }
      assertColumn(expected, builder.build(), type);
    }
  }

  @Test
  void sharedValuesWithOtherNulls() {
    for (DataType type : TYPES.keySet()) {
      List<Object> values = values(type, 70, false);
      long[] nulls = new long[2];
      Bits.set(nulls, 3);
      Bits.set(nulls, 69);
      values.set(3, null);
      values.set(69, null);
      FlatColumn with = FlatColumns.withNulls(column(type, values(type, 70, false)), nulls);
      assertColumn(values, with, type);
      assertFalse(FlatColumns.withoutNulls(with).mayHaveNulls());
    }
    FlatColumn days = column(DataType.DATE, List.of(LocalDate.of(1970, 1, 8)));
    assertEquals(7, FlatColumns.as(days, DataType.INT32).value(0));
  }

  @Test
  void valuesOfAnotherTypeAreRefused() {
    refused(
        DataType.INT32,
        1L << 40,
        "expected a value of type int32, got 1099511627776 (java.lang.Long)");
    refused(DataType.INT64, 1.5, "expected a value of type int64, got 1.5 (java.lang.Double)");
    refused(
        DataType.INT64,
        BigInteger.TWO.pow(64),
        "expected a value of type int64, got 18446744073709551616 (java.math.BigInteger)");
    refused(DataType.INT32, "7", "expected a value of type int32, got 7 (java.lang.String)");
    refused(DataType.VARCHAR, 1, "expected a value of type varchar, got 1 (java.lang.Integer)");
    refused(
        DataType.decimal(3, 1),
        new BigDecimal("1.25"),
        "expected a value of type decimal(3,1), got 1.25 (java.math.BigDecimal)");
    refused(
        DataType.decimal(3, 1),
        new BigDecimal("100"),
        "expected a value of type decimal(3,1), got 100 (java.math.BigDecimal)");
    ColumnBuilder builder = ColumnBuilder.of(DataType.INT64, 1);
    builder.appendValue((short) 3);
    builder.appendValue(BigInteger.TEN);
    builder.appendValue(4.0);
    assertColumn(List.of(3L, 10L, 4L), builder.build(), DataType.INT64);
  }

  private static void refused(DataType type, Object value, String message) {
    PenstockException e =
        assertThrows(PenstockException.class, () -> ColumnBuilder.of(type, 1).appendValue(value));
    assertEquals(message, e.getMessage());
    assertEquals("bad-value", e.code());
    assertEquals(PenstockException.Category.INCORRECT, e.category());
  }
}
