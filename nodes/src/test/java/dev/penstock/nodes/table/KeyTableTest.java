package dev.penstock.nodes.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {
  private static final DataType[][] KEYS = {
    {},
    {DataType.BOOLEAN},
    {DataType.INT32},
    {DataType.INT64},
    {DataType.VARCHAR},
    {DataType.FLOAT64},
    {DataType.UUID},
    {DataType.VARCHAR, DataType.VARCHAR},
    {DataType.INT64, DataType.DATE, DataType.INT32},
    {DataType.INT64, DataType.INT64},
    {DataType.BOOLEAN, DataType.VARCHAR, DataType.INT32},
    {DataType.decimal(15, 2), DataType.TIMESTAMP},
    {DataType.decimal(38, 6), DataType.JSON},
    TestBatches.TYPES.toArray(new DataType[0]),
  };

  /**
   * Feeds batches and compares with a map from row to number: two rows have one number exactly if
   * they are equal.
   */
  private static void check(DataType[] types, List<Batch> batches) {
    Budget budget = Budget.root("test", Long.MAX_VALUE);
    try (KeyTable table = new KeyTable(types, budget, "keys", new CancellationToken())) {
      Map<List<@Nullable Object>, Integer> numbers = new HashMap<>();
      List<List<@Nullable Object>> byNumber = new ArrayList<>();
      for (Batch b : batches) {
        int[] out = new int[b.count()];
        table.assign(b.columns(), b.positions(), b.count(), out);
        for (int i = 0; i < out.length; i++) {
          List<@Nullable Object> key = TestBatches.comparable(Arrays.asList(b.row(i)));
          Integer known = numbers.putIfAbsent(key, out[i]);
          if (known != null) {
            assertEquals(known, out[i], () -> "number of " + key);
          }
          assertTrue(out[i] < table.groups());
        }
      }
      assertEquals(numbers.size(), table.groups());
      int[] all = PackedIndex.ascending(0, table.groups());
      byNumber.addAll(TestBatches.rows(Batch.of(all.length, table.keys(all, all.length))));
      numbers.forEach((key, number) -> assertEquals(key, byNumber.get(number)));
      long[] hashes = new long[all.length];
      table.hashes(all, all.length, hashes);
      try (KeyTable again = new KeyTable(types, budget, "again", new CancellationToken())) {
        int[] backwards = new int[all.length];
        Arrays.setAll(backwards, i -> all.length - 1 - i);
        int[] out = new int[all.length];
        again.assign(table.keys(backwards, all.length), all, all.length, out);
        long[] other = new long[all.length];
        again.hashes(out, all.length, other);
        for (int i = 0; i < all.length; i++) {
          assertEquals(hashes[backwards[i]], other[i]);
        }
      }
      assertTrue(types.length == 0 || all.length == 0 || table.heldBytes() > 0);
    }
    assertEquals(0, budget.usedBytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void equalRowsHaveOneNumber(long seed) {
    TestBatches data = new TestBatches(seed);
    Random random = data.random();
    for (DataType[] types : KEYS) {
      List<Batch> batches = new ArrayList<>();
      Shape shape =
          new Shape(seed % 2 == 0 ? 0.1 : 0, random.nextInt(3) == 0 ? 5 : 0, seed == 3, seed > 2);
      for (int rows : new int[] {1, 0, 100, 2047, 2048, 2049, 1, 5000}) {
        Batch b = data.batch(rows, shape, types);
        batches.add(random.nextBoolean() && rows > 0 ? data.selected(data.encoded(b)) : b);
      }
      try {
        check(types, batches);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", keys " + Arrays.toString(types) + ": " + e, e);
      }
    }
  }

  /**
   * Keys that begin narrow and become wide: direct, then hashed or paged, then not packed at all.
   */
  @Test
  void rangesGrow() {
    Random random = new Random(5);
    for (int columns = 1; columns <= 3; columns++) {
      for (long[] ranges :
          new long[][] {
            {10, 100, 100_000},
            {3, 3, 1L << 40, 2},
            {1 << 20, Long.MAX_VALUE, 5},
            {100_000, 100_000}
          }) {
        List<Batch> batches = new ArrayList<>();
        for (long range : ranges) {
          for (int b = 0; b < 4; b++) {
            Column[] c = new Column[columns];
            for (int k = 0; k < columns; k++) {
              long[] v = new long[2048];
              for (int i = 0; i < v.length; i++) {
                v[i] = random.nextLong() % range;
              }
              long[] nulls = b == 2 ? new long[32] : null;
              if (nulls != null) {
                nulls[3] = 77;
              }
              c[k] = new LongColumn(DataType.INT64, v, nulls, v.length);
            }
            batches.add(Batch.of(2048, c));
          }
        }
        DataType[] types = new DataType[columns];
        Arrays.fill(types, DataType.INT64);
        check(types, batches);
      }
    }
  }

  @Test
  void extremeLongsWithNulls() {
    DataType[] types = {DataType.INT64};
    Batch plain =
        Batch.of(4, TestBatches.columnOf(DataType.INT64, Long.MAX_VALUE, Long.MIN_VALUE, 0L, -1L));
    Batch withNull =
        Batch.of(3, TestBatches.columnOf(DataType.INT64, null, Long.MIN_VALUE, Long.MAX_VALUE));
    check(types, List.of(plain, withNull));
    check(types, List.of(withNull, plain));
  }

  /**
   * Many keys, dense but in random order, so that the index becomes paged after it was hashed; and
   * more than one chunk of everything.
   */
  @Test
  void manyKeys() {
    int n = 1 << 18;
    Random random = new Random(6);
    Budget budget = Budget.root("test", Long.MAX_VALUE);
    for (int wide = 0; wide < 3; wide++) {
      DataType[] types =
          wide == 0
              ? new DataType[] {DataType.INT64}
              : new DataType[] {DataType.INT64, DataType.INT64};
      try (KeyTable table = new KeyTable(types, budget, "keys", new CancellationToken())) {
        int[] number = new int[n * 4];
        Arrays.fill(number, -1);
        int[] out = new int[4096];
        int[] positions = PackedIndex.ascending(0, 4096);
        int different = 0;
        for (int b = 0; b < 200; b++) {
          long[] v = new long[4096];
          long[] w = new long[4096];
          for (int i = 0; i < v.length; i++) {
            v[i] = random.nextInt(n * 4);
            w[i] = wide == 2 ? v[i] * 0x9E37_79B9_7F4A_7C15L : v[i] % 1000;
          }
          Column a = new LongColumn(DataType.INT64, v, null, v.length);
          Column c = new LongColumn(DataType.INT64, w, null, v.length);
          table.assign(wide == 0 ? new Column[] {a} : new Column[] {a, c}, positions, 4096, out);
          for (int i = 0; i < v.length; i++) {
            int key = (int) v[i];
            if (number[key] < 0) {
              number[key] = out[i];
              different++;
            }
            assertEquals(number[key], out[i]);
          }
        }
        assertEquals(different, table.groups());
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  @Test
  void aBudgetThatIsTooSmallIsNamed() {
    Budget budget = Budget.root("query", 1000);
    try (KeyTable table =
        new KeyTable(new DataType[] {DataType.UUID}, budget, "group", new CancellationToken())) {
      Batch b = new TestBatches(7).batch(1000, Shape.PLAIN, DataType.UUID);
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () -> table.assign(b.columns(), b.positions(), 1000, new int[1000]));
      assertEquals(
          "group needs 24576 bytes more, but query holds 0 of at most 1000 bytes; raise the memory cap or make the query smaller",
          e.getMessage());
    }
    assertEquals(0, budget.usedBytes());
  }
}
