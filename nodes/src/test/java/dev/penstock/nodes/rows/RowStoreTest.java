package dev.penstock.nodes.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowStoreTest {
  private static final DataType[] TYPES = TestBatches.TYPES.toArray(DataType[]::new);
  private static final Shape LONG = new Shape(0.1, 20_000, true, true);
  private static final Shape SHAPE = new Shape(0.2, 50, true, true);

  private final long seed = System.nanoTime();
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();

  /** Appends random batches; the rows in order of their ids, gaps as null. */
  private List<@Nullable List<@Nullable Object>> fill(RowStore store, int rows) {
    List<@Nullable List<@Nullable Object>> out = new ArrayList<>();
    while (out.size() < rows) {
      int n = Math.min(rows - out.size(), random.nextInt(3) == 0 ? 2049 : random.nextInt(9));
      Batch batch = data.batch(n, random.nextBoolean() ? SHAPE : Shape.PLAIN, TYPES);
      batch = random.nextBoolean() ? batch : data.encoded(batch);
      batch = n == 0 || random.nextBoolean() ? batch : data.selected(batch);
      store.append(batch);
      out.addAll(TestBatches.rows(batch));
    }
    return out;
  }

  private void check(RowStore store, List<@Nullable List<@Nullable Object>> byId) {
    assertEquals(byId.size(), store.idLimit(), "seed " + seed);
    int[] all = new int[TYPES.length];
    for (int c = 0; c < all.length; c++) {
      all[c] = c;
    }
    int count = 3000;
    int[] ids = new int[count];
    List<List<@Nullable Object>> expected = new ArrayList<>();
    List<@Nullable Object> none = new ArrayList<>();
    for (int c = 0; c < TYPES.length; c++) {
      none.add(null);
    }
    for (int i = 0; i < count; i++) {
      int id = random.nextInt(byId.size() + 1) - 1;
      if (id >= 0 && byId.get(id) == null) {
        id = -7;
      }
      ids[i] = id;
      expected.add(id < 0 ? none : byId.get(id));
    }
    assertEquals(expected, TestBatches.rows(store.gather(all, ids, count)), "seed " + seed);
    long rows = 0;
    for (int s = 0; s < store.segments(); s++) {
      int first = s << RowStore.SEGMENT_BITS;
      assertEquals(
          byId.subList(first, first + store.segmentRows(s)),
          TestBatches.rows(store.segment(s)),
          "segment " + s + ", seed " + seed);
      rows += store.segmentRows(s);
    }
    assertEquals(rows, store.rows());
  }

  @Test
  void rowsComeBackById() {
    Budget budget = Budget.root("test", 1L << 30);
    for (int rows : new int[] {1, 17, 4095, 4096, 4097, 9000}) {
      try (Reservation memory = budget.open("rows");
          RowStore store = new RowStore(TYPES, memory)) {
        check(store, fill(store, rows));
        assertEquals(budget.usedBytes(), store.sizeBytes());
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  /** Store after store of one owner; nothing is reserved beyond what was foretold. */
  @Test
  void whatAStoreHadIsUsedAgain() {
    Budget budget = Budget.root("test", 1L << 30);
    try (Reservation memory = budget.open("rows");
        SpareArrays spare = new SpareArrays(memory)) {
      long reused = 0;
      for (int rows : new int[] {9000, 1, 17, 9000, 4095, 20_000, 300, 20_000, 4097}) {
        try (RowStore store = new RowStore(TYPES, memory, spare)) {
          List<@Nullable List<@Nullable Object>> byId = new ArrayList<>();
          long spareBefore = spare.bytes();
          while (byId.size() < rows) {
            int n = Math.min(rows - byId.size(), random.nextInt(3) == 0 ? 2049 : random.nextInt(9));
            Batch batch = data.batch(n, random.nextBoolean() ? SHAPE : LONG, TYPES);
            batch = random.nextBoolean() ? batch : data.encoded(batch);
            long foretold = store.growth(batch);
            long before = memory.heldBytes();
            store.append(batch);
            assertTrue(memory.heldBytes() - before <= foretold, "seed " + seed);
            byId.addAll(TestBatches.rows(batch));
          }
          reused += spareBefore - spare.bytes();
          check(store, byId);
          assertEquals(memory.heldBytes(), store.sizeBytes() + spare.bytes(), "seed " + seed);
        }
        assertEquals(memory.heldBytes(), spare.bytes(), "seed " + seed);
        if (rows == 300) {
          spare.clear();
          assertEquals(0, budget.usedBytes());
        }
      }
      assertTrue(reused > 1 << 20, "seed " + seed + ": " + reused);
      spare.close();
      try (RowStore store = new RowStore(TYPES, memory, spare)) {
        check(store, fill(store, 9000));
      }
      assertEquals(0, budget.usedBytes(), "a closed one keeps nothing");
    }
  }

  @Test
  void absorbedStoresFollowWithGaps() {
    Budget budget = Budget.root("test", 1L << 30);
    for (int round = 0; round < 6; round++) {
      try (Reservation memory = budget.open("rows");
          RowStore store = new RowStore(TYPES, memory)) {
        List<@Nullable List<@Nullable Object>> byId = new ArrayList<>();
        for (int lane = 0; lane < 3; lane++) {
          RowStore other = new RowStore(TYPES, memory);
          int rows = new int[] {0, 5, 4096, 5000}[random.nextInt(4)];
          List<@Nullable List<@Nullable Object>> more = rows == 0 ? List.of() : fill(other, rows);
          while (!more.isEmpty() && byId.size() % RowStore.SEGMENT_ROWS != 0) {
            byId.add(null);
          }
          byId.addAll(more);
          store.absorb(other);
          assertEquals(0, other.sizeBytes());
          other.close();
        }
        if (!byId.isEmpty()) {
          check(store, byId);
        }
        assertEquals(budget.usedBytes(), store.sizeBytes());
        store.close();
        assertEquals(0, budget.usedBytes(), "seed " + seed);
      }
    }
  }

  private static DictionaryColumn letters(FlatColumn dictionary, int... ids) {
    return new DictionaryColumn(dictionary, ids, ids.length);
  }

  @Test
  void dictionariesStayDictionaries() {
    FlatColumn letters = TestBatches.columnOf(DataType.VARCHAR, "a", "b", null);
    FlatColumn others = TestBatches.columnOf(DataType.VARCHAR, "b", "c");
    Budget budget = Budget.root("test", 1L << 20);
    try (Reservation memory = budget.open("rows");
        RowStore store = new RowStore(new DataType[] {DataType.VARCHAR}, memory);
        RowStore same = new RowStore(new DataType[] {DataType.VARCHAR}, memory);
        RowStore other = new RowStore(new DataType[] {DataType.VARCHAR}, memory);
        RowStore flat = new RowStore(new DataType[] {DataType.VARCHAR}, memory)) {
      store.append(Batch.of(3, letters(letters, 1, 2, 0)));
      store.append(Batch.of(2, letters(letters, -1, 1)));
      same.append(Batch.of(1, letters(letters, 0)));
      store.absorb(same);
      Column kept = store.gather(0, new int[] {0, 1, 2, 3, 4, -1, 4096}, 7);
      assertEquals(letters, assertInstanceOf(DictionaryColumn.class, kept).dictionary());
      assertEquals(
          "[[b], [null], [a], [null], [b], [null], [a]]",
          TestBatches.rows(Batch.of(7, kept)).toString());
      other.append(Batch.of(2, letters(others, 0, 1)));
      other.append(Batch.of(1, letters(letters, 0)));
      store.absorb(other);
      Column merged = store.gather(0, new int[] {8193, 4096, 8192, 1, 0, 8194}, 6);
      assertInstanceOf(DictionaryColumn.class, merged);
      assertEquals(
          "[[c], [a], [b], [null], [b], [a]]", TestBatches.rows(Batch.of(6, merged)).toString());
      flat.append(Batch.of(1, TestBatches.columnOf(DataType.VARCHAR, "z")));
      flat.append(Batch.of(1, letters(letters, 0)));
      store.absorb(flat);
      Column all = store.gather(0, new int[] {8193, 12289, 1, 12288, 4096}, 5);
      assertInstanceOf(FlatColumn.class, all);
      assertEquals("[[c], [a], [null], [z], [a]]", TestBatches.rows(Batch.of(5, all)).toString());
      assertEquals(budget.usedBytes(), store.sizeBytes());
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void manyDictionariesMergeUntilThereAreTooManyValues() {
    for (DataType type : TYPES) {
      Budget budget = Budget.root("test", 1L << 30);
      try (Reservation memory = budget.open("rows");
          RowStore store = new RowStore(new DataType[] {type}, memory)) {
        List<@Nullable List<@Nullable Object>> expected = new ArrayList<>();
        for (int group = 0; group < 9; group++) {
          int size = group < 8 ? 1 + random.nextInt(20) : 70_000;
          FlatColumn dictionary = data.column(type, size, new Shape(0.1, 9, false, true));
          int[] ids = new int[700];
          for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(size + 1) - 1;
          }
          Batch batch = Batch.of(ids.length, letters(dictionary, ids));
          store.append(batch);
          expected.addAll(TestBatches.rows(batch));
          int[] all = new int[expected.size()];
          for (int i = 0; i < all.length; i++) {
            all[i] = i;
          }
          Column column = store.gather(0, all, all.length);
          assertEquals(group < 8, column instanceof DictionaryColumn, type + " " + group);
          assertEquals(
              expected, TestBatches.rows(Batch.of(all.length, column)), type + " seed " + seed);
          assertEquals(budget.usedBytes(), store.sizeBytes());
        }
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  @Test
  void longStringsHaveChunksOfTheirOwn() {
    Budget budget = Budget.root("test", 1L << 30);
    try (Reservation memory = budget.open("rows");
        RowStore store = new RowStore(new DataType[] {DataType.VARCHAR}, memory)) {
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int size : new int[] {3, 300_000, 0, 262_144, 262_145, 100_000, 200_000, 17}) {
        Batch batch =
            Batch.of(1, TestBatches.columnOf(DataType.VARCHAR, ("é" + size).repeat(size / 2)));
        store.append(batch);
        expected.addAll(TestBatches.rows(batch));
      }
      Batch all = store.gather(new int[] {0}, new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 8);
      assertEquals(expected, TestBatches.rows(all));
    }
  }

  /**
   * Columns that were given out do not change when their store is absorbed by one with another
   * dictionary.
   */
  @Test
  void aColumnOfASegmentOutlivesTheJoin() {
    Budget budget = Budget.root("test", 1 << 20);
    DataType[] types = {DataType.VARCHAR};
    try (Reservation memory = budget.open("rows");
        RowStore all = new RowStore(types, memory);
        RowStore other = new RowStore(types, memory)) {
      FlatColumn ours = TestBatches.columnOf(DataType.VARCHAR, "a", "b");
      FlatColumn theirs = TestBatches.columnOf(DataType.VARCHAR, "c", "b");
      all.append(Batch.of(2, new DictionaryColumn(ours, new int[] {0, 1}, 2)));
      other.append(Batch.of(3, new DictionaryColumn(theirs, new int[] {1, -1, 0}, 3)));
      Column before = other.segment(0, 0);
      all.absorb(other);
      assertEquals("[[b], [null], [c]]", TestBatches.rows(Batch.of(3, before)).toString());
      assertEquals("[[b], [null], [c]]", TestBatches.rows(all.segment(1)).toString());
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void anEmptyStoreGivesNulls() {
    Budget budget = Budget.root("test", 0);
    try (Reservation memory = budget.open("rows");
        RowStore store = new RowStore(new DataType[] {DataType.DATE}, memory)) {
      store.append(Batch.of(0, TestBatches.columnOf(DataType.DATE)));
      Column nulls = store.gather(0, new int[] {-1, -1}, 2);
      assertInstanceOf(ConstantColumn.class, nulls);
      assertEquals("[[null], [null]]", TestBatches.rows(Batch.of(2, nulls)).toString());
      assertEquals(0, store.rows());
      assertEquals(0, store.idLimit());
    }
  }

  @Test
  void tooLittleMemoryIsALimitAndLeaksNothing() {
    for (int cap = 0; cap < 300_000; cap += 7001) {
      Budget budget = Budget.root("test", cap);
      try (Reservation memory = budget.open("rows");
          RowStore store = new RowStore(TYPES, memory)) {
        PenstockException e =
            assertThrows(PenstockException.class, () -> fill(store, 20_000), "cap " + cap);
        assertEquals("memory-cap", e.code());
      }
      assertEquals(0, budget.usedBytes());
    }
  }
}
