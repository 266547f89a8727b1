package dev.penstock.nodes.sort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.spill.Relief;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorts of more rows than there is memory, with several lanes that merge at once. */
class SpilledSortTest {
  private static final SpillSizes SMALL = new SpillSizes(48 << 10, 2 << 10, 8 << 10);

  @TempDir Path directory;

  private static List<SortKey> ascending(DataType... types) {
    List<SortKey> keys = new ArrayList<>();
    for (int c = 0; c < types.length; c++) {
      keys.add(new SortKey(new ColumnExpr(c, types[c]), false, false));
    }
    return keys;
  }

  /** All input to the lanes in turn; the morsels of the end to two decoders in turn. */
  private static List<Batch> run(Sort sort, List<Batch> input, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      Queue<Batch> mine = new ArrayDeque<>();
      for (int i = lane; i < input.size(); i += lanes) {
        mine.add(input.get(i));
      }
      Inlet<Batch> inlet =
          new Inlet<>() {
            @Override
            public @Nullable Batch poll() {
              return mine.poll();
            }

            @Override
            public boolean isDone() {
              return mine.isEmpty();
            }
          };
      var sink = sort.sink(lane);
      while (sink.step(inlet, b -> true) != Progress.DONE) {}
    }
    List<? extends Source.Morsel> morsels = sort.finish();
    // Two decoders, batch by batch in turn: both hold blocks at the same time.
    List<List<Batch>> out = new ArrayList<>();
    Source.Decoder[] decoders = {sort.decoder(), sort.decoder()};
    int[] at = {-1, -1};
    int next = 0;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int d = 0; d < 2; d++) {
        if (at[d] < 0 && next < morsels.size()) {
          at[d] = next;
          out.add(new ArrayList<>());
          decoders[d].begin(morsels.get(next++));
        }
        if (at[d] >= 0) {
          moved = true;
          Batch batch = decoders[d].next();
          if (batch == null) {
            at[d] = -1;
          } else {
            out.get(at[d]).add(batch);
          }
        }
      }
    }
    return out.stream().flatMap(List::stream).toList();
  }

  /** Numbers from a few hundred values, each with the number of the row. */
  @ParameterizedTest
  @CsvSource({"100000,60,1", "100000,600,4", "60000,100,1000", "60000,2000,100000", "2049,48,7"})
  void numbersComeInOrder(int rows, int kib, int distinct) {
    List<Batch> input = new ArrayList<>();
    long[] wanted = new long[rows];
    for (int from = 0; from < rows; from += 1000) {
      int n = Math.min(1000, rows - from);
      long[] keys = new long[n];
      long[] numbers = new long[n];
      for (int i = 0; i < n; i++) {
        int row = from + i;
        keys[i] = (row * 2654435761L >>> 7) % distinct;
        numbers[i] = row;
        wanted[row] = keys[i] << 32 | row;
      }
      input.add(
          Batch.of(
              n,
              new LongColumn(DataType.INT64, keys, null, n),
              new LongColumn(DataType.INT64, numbers, null, n)));
    }
    Arrays.sort(wanted);
    DataType[] types = {DataType.INT64, DataType.INT64};
    Budget budget = Budget.root("test", kib * 2L << 10);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 500, spill, new Relief(), 2);
      long[] got = new long[rows];
      int n = 0;
      try (Sort sort = new Sort(query, types, ascending(types), SMALL)) {
        for (Batch batch : run(sort, input, 2)) {
          for (int i = 0; i < batch.count(); i++) {
            got[n++] = (Long) batch.column(0).value(i) << 32 | (Long) batch.column(1).value(i);
          }
        }
        assertEquals(0, spill.heldBytes(), "files are closed with the last range");
      }
      org.junit.jupiter.api.Assertions.assertArrayEquals(wanted, got);
      assertTrue(spill.writtenRawBytes() >= 16L * rows || kib == 2000);
    }
    assertEquals(0, budget.usedBytes());
  }

  /** Runs whose blocks fit are not merged because little is left to write at the end. */
  @Test
  void runsAreLeftAloneWhenLittleIsLeft() {
    DataType[] types = {DataType.INT64};
    Budget budget = Budget.root("test", 8 << 20);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 500, spill, new Relief(), 1);
      try (SortRows rows =
          new SortRows(query, new SortLayout(types, ascending(types)), SMALL, "sort")) {
        SortLane lane = rows.lane(0);
        for (int run = 0; run < 17; run++) {
          for (int i = 0; i < 40; i++) {
            lane.add(numbers(1000));
          }
          assertTrue(lane.makeRoom());
        }
        lane.add(numbers(10));
        lane.end();
        assertEquals(18, lane.spilled.size());
      }
    }
    assertEquals(0, budget.usedBytes());
  }

  private static Batch numbers(int n) {
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      keys[i] = i * 2654435761L >>> 7;
    }
    return Batch.of(n, new LongColumn(DataType.INT64, keys, null, n));
  }

  @Test
  void parallelRangesAreUsedWhereThereIsMemory() {
    DataType[] types = {DataType.INT64, DataType.VARCHAR};
    TestBatches data = new TestBatches(5);
    List<Batch> input = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      input.add(data.batch(1000, Shape.PLAIN.withNulls(0.1), types));
    }
    Budget budget = Budget.root("test", 700 << 10);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 500, spill, new Relief(), 2);
      try (Sort sort = new Sort(query, types, ascending(types), SMALL)) {
        for (int lane = 0; lane < 2; lane++) {
          Queue<Batch> mine = new ArrayDeque<>(input.subList(lane * 20, lane * 20 + 20));
          var sink = sort.sink(lane);
          while (sink.step(inlet(mine), b -> true) != Progress.DONE) {}
        }
        int ranges = sort.finish().size();
        assertTrue(ranges > 3, ranges + " ranges");
      }
    }
    assertEquals(0, budget.usedBytes());
  }

  private static Inlet<Batch> inlet(Queue<Batch> batches) {
    return new Inlet<>() {
      @Override
      public @Nullable Batch poll() {
        return batches.poll();
      }

      @Override
      public boolean isDone() {
        return batches.isEmpty();
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void anyNumberOfRows(int rows) {
    DataType[] types = {DataType.VARCHAR, DataType.INT32, DataType.decimal(38, 2)};
    TestBatches data = new TestBatches(rows);
    Batch batch = data.batch(rows, Shape.PLAIN.withNulls(0.1).withDistinct(50), types);
    List<SortKey> keys = ascending(types);
    NodeHarness.breaker((query, lanes) -> new Sort(query, types, keys, SMALL))
        .input(List.of(batch))
        .types(types)
        .ordered()
        .spilling(48 << 10, 100 << 10, 1 << 20)
        .expect(SortTest.expected(batch, keys));
  }

  /** Strings that are equal for long, and one that is longer than a block. */
  @Test
  void longStrings() {
    DataType[] types = {DataType.VARCHAR, DataType.INT64};
    int rows = 400;
    @Nullable Object[] texts = new Object[rows];
    @Nullable Object[] numbers = new Object[rows];
    for (int i = 0; i < rows; i++) {
      texts[i] = i % 50 == 7 ? null : "x".repeat(200) + (i * 7919) % 97;
      numbers[i] = (long) i;
    }
    texts[100] = "w".repeat(40_000);
    texts[200] = "x".repeat(20_000);
    Batch batch =
        Batch.of(
            rows,
            TestBatches.columnOf(DataType.VARCHAR, texts),
            TestBatches.columnOf(DataType.INT64, numbers));
    List<SortKey> keys = ascending(types);
    NodeHarness.breaker((query, lanes) -> new Sort(query, types, keys, SMALL))
        .input(List.of(batch))
        .types(types)
        .ordered()
        .spilling(400 << 10)
        .expect(SortTest.expected(batch, keys));
  }

  @Test
  void aValueThatDoesNotFitIsTold() {
    DataType[] types = {DataType.VARCHAR};
    Column text = TestBatches.columnOf(DataType.VARCHAR, new Object[] {"x".repeat(1 << 20)});
    Budget budget = Budget.root("test", 48 << 10);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 500, spill, new Relief(), 1);
      try (Sort sort = new Sort(query, types, ascending(types), SMALL)) {
        var sink = sort.sink(0);
        Queue<Batch> one = new ArrayDeque<>(List.of(Batch.of(1, text)));
        PenstockException e =
            assertThrows(PenstockException.class, () -> sink.step(inlet(one), b -> true));
        assertEquals(PenstockException.Category.LIMIT, e.category());
        assertTrue(
            e.getMessage().startsWith("a row to be sorted (with all spilled that can be) needs "),
            e.getMessage());
      }
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void theLeastMemoryIsTakenAtOnce() {
    DataType[] types = {DataType.INT64};
    Budget budget = Budget.root("test", (512 << 10) - 1);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 500, spill, new Relief(), 1);
      PenstockException e =
          assertThrows(PenstockException.class, () -> new Sort(query, types, ascending(types)));
      assertEquals(
          "the least with which sort can work needs 524288 bytes more, but test holds 0 of at most"
              + " 524287 bytes; raise the memory cap or make the query smaller",
          e.getMessage());
    }
    assertEquals(0, budget.usedBytes());
  }
}
