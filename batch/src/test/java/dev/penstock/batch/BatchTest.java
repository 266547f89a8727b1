package dev.penstock.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static Batch numbers(int n) {
    ColumnBuilder number = ColumnBuilder.of(DataType.INT64, n);
    ColumnBuilder text = ColumnBuilder.of(DataType.VARCHAR, n);
    for (int i = 0; i < n; i++) {
      number.appendLong(i);
      text.appendString("t" + i);
    }
    return Batch.of(n, number.build(), text.build());
  }

  private static List<List<Object>> rows(Batch batch) {
    List<List<Object>> out = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      out.add(Arrays.asList(batch.row(i)));
    }
    return out;
  }

  @Test
  void selectionsNarrowAndCompact() {
    Batch all = numbers(5);
    assertNull(all.selection());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4}, Arrays.copyOf(all.positions(), 5));
    assertSame(all, all.compact());
    Batch some = all.withSelection(new int[] {1, 4, 99}, 2);
    assertEquals(5, some.length());
    assertEquals(2, some.count());
    assertEquals(4, some.position(1));
    List<List<Object>> expected = List.of(List.of(1L, "t1"), List.of(4L, "t4"));
    assertEquals(expected, rows(some));
    Batch compact = some.compact();
    assertNull(compact.selection());
    assertEquals(2, compact.length());
    assertEquals(expected, rows(compact));
    assertTrue(some.sizeBytes() > all.sizeBytes());
    assertTrue(all.withSelection(new int[0], 0).isEmpty());
    Batch swapped = some.withColumns(all.column(1), all.column(0));
    assertEquals(List.of("t4", 4L), rows(swapped).get(1));
  }

  @Test
  void slicesShareColumns() {
    Batch some = numbers(9).withSelection(new int[] {0, 2, 4, 6, 8}, 5);
    assertSame(some, some.slice(0, 5));
    Batch slice = some.slice(1, 3);
    assertEquals(List.of(List.of(2L, "t2"), List.of(4L, "t4")), rows(slice));
    assertSame(some.column(0), slice.column(0));
    assertEquals(List.of(), rows(some.slice(2, 2)));
  }

  @Test
  void positionsAreTheIdentity() {
    for (int n : new int[] {0, 1, 8192, 8193}) {
      int[] identity = Positions.identity(n);
      for (int i = 0; i < n; i++) {
        assertEquals(i, identity[i]);
      }
    }
  }

  @Test
  void bits() {
    long seed = 5;
    Random random = new Random(seed);
    for (int n : new int[] {0, 1, 63, 64, 65, 200}) {
      long[] words = new long[Bits.words(n)];
      boolean[] expected = new boolean[n];
      int count = 0;
      for (int i = 0; i < n; i++) {
        expected[i] = random.nextBoolean();
        Bits.set(words, i);
        if (!expected[i]) {
          Bits.clear(words, i);
        }
        count += expected[i] ? 1 : 0;
      }
      for (int i = 0; i < n; i++) {
        assertEquals(expected[i], Bits.get(words, i), "seed " + seed);
      }
      assertEquals(count, Bits.count(words, n));
      assertEquals(n, Bits.count(Bits.ones(n), n));
      assertSame(words, Bits.or(words, null, n));
      assertSame(words, Bits.or(null, words, n));
      assertEquals(n, Bits.count(Bits.or(words, Bits.ones(n), n), n));
    }
    // Bits beyond the count do not count.
    assertEquals(3, Bits.count(new long[] {-1}, 3));
  }

  @Test
  void typesAreReadAndWritten() {
    for (String text :
        List.of(
            "boolean",
            "int32",
            "int64",
            "float64",
            "decimal(15,2)",
            "decimal(38,38)",
            "varchar",
            "varbinary",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "json",
            "any")) {
      assertEquals(text, DataType.parse(text).toString());
    }
    assertEquals(DataType.decimal(15, 2), DataType.parse(" Decimal ( 15 , 2 ) "));
    assertEquals(Layout.LONGS, DataType.decimal(18, 2).layout());
    assertEquals(Layout.PAIRS, DataType.decimal(19, 2).layout());
    assertTrue(DataType.decimal(19, 2).isNumeric());
    PenstockException e = assertThrows(PenstockException.class, () -> DataType.parse("int16"));
    assertEquals(
        "unknown type 'int16'; expected one such as int64, varchar, decimal(15,2)", e.getMessage());
    e = assertThrows(PenstockException.class, () -> DataType.decimal(39, 0));
    assertEquals(
        "decimal(39,0): expected 1 <= precision <= 38 and 0 <= scale <= precision", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new DataType(Kind.INT32, 1, 0));
  }

  @Test
  void schemas() {
    Schema schema =
        Schema.of(new Field("a", DataType.INT64), new Field("A", DataType.VARCHAR, false));
    assertEquals(2, schema.size());
    assertEquals(1, schema.indexOf("A"));
    assertEquals(-1, schema.indexOf("b"));
    assertEquals(DataType.VARCHAR, schema.type(1));
    assertEquals(new Field("a", DataType.INT64, true), schema.field(0));
    assertArrayEquals(new DataType[] {DataType.INT64, DataType.VARCHAR}, schema.types());
  }

  @Test
  void intervals() {
    Interval i = new Interval(-1, -2, -3);
    assertEquals(i, Interval.of(i.high(), i.micros()));
    assertEquals("P1Y2M3DT4H5M6.5S", new Interval(14, 3, 14_706_500_000L).toString());
    assertEquals("PT-0.000001S", new Interval(0, 0, -1).toString());
    assertEquals("P0D", new Interval(0, 0, 0).toString());
    assertEquals("P-1M", new Interval(-1, 0, 0).toString());
  }
}
