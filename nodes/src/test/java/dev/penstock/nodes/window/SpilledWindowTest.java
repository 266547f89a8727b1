package dev.penstock.nodes.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.spill.Relief;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows over more rows than there is memory. */
class SpilledWindowTest {
  private static final DataType[] TYPES = {DataType.INT64, DataType.INT64};
  private static final int ROWS = 120_000;

  @TempDir Path directory;

  /** Row number and number of rows of each partition; the number of ranges. */
  private int run(int partitions, long capBytes) {
    Budget budget = Budget.root("test", capBytes);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 1000, spill, new Relief(), 2);
      ColumnExpr key = new ColumnExpr(0, DataType.INT64);
      SortKey order = new SortKey(new ColumnExpr(1, DataType.INT64), true, false);
      List<WindowFunction> functions =
          List.of(
              new WindowFunction("row-number", List.of(), null, DataType.INT64),
              new WindowFunction("count", List.of(), Frame.WHOLE_PARTITION, DataType.INT64));
      try (Window window = new Window(query, TYPES, List.of(key), List.of(order), functions)) {
        for (int lane = 0; lane < 2; lane++) {
          var sink = window.sink(lane);
          Inlet<Batch> input = input(lane, partitions);
          while (sink.step(input, b -> true) != Progress.DONE) {}
        }
        List<? extends Source.Morsel> ranges = window.finish();
        assertTrue(spill.writtenRawBytes() > 0);
        long[] next = new long[partitions];
        long rows = 0;
        try (Source.Decoder decoder = window.decoder()) {
          for (Source.Morsel range : ranges) {
            decoder.begin(range);
            for (Batch b = decoder.next(); b != null; b = decoder.next()) {
              for (int i = 0; i < b.count(); i++) {
                int p = Math.toIntExact((Long) b.column(0).value(b.position(i)));
                assertEquals(++next[p], b.column(2).value(b.position(i)));
                assertEquals((long) ROWS / partitions, b.column(3).value(b.position(i)));
                // Descending: the last value is that of row number one.
                assertEquals(ROWS - partitions * next[p] + p, b.column(1).value(b.position(i)));
                rows++;
              }
            }
          }
        }
        assertEquals(ROWS, rows);
        return ranges.size();
      }
    } finally {
      assertEquals(0, budget.usedBytes());
    }
  }

  /** Row i belongs to partition {@code i % partitions}. */
  private static Inlet<Batch> input(int lane, int partitions) {
    Queue<Batch> batches = new ArrayDeque<>();
    for (int from = lane * 1000; from < ROWS; from += 2000) {
      long[] keys = new long[1000];
      long[] values = new long[1000];
      for (int i = 0; i < 1000; i++) {
        keys[i] = ((long) from + i) % partitions;
        values[i] = (long) from + i;
      }
      batches.add(
          Batch.of(
              1000,
              new LongColumn(DataType.INT64, keys, null, 1000),
              new LongColumn(DataType.INT64, values, null, 1000)));
    }
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

  @Test
  void partitionsAreEvaluatedFromDisk() {
    run(20, 4 << 20);
  }

  @Test
  void partitionsAreDividedAmongLanes() {
    int ranges = run(300, 4 << 20);
    assertTrue(ranges > 1, ranges + " ranges");
  }

  @Test
  void manySmallPartitionsInTheLeastMemory() {
    run(40_000, 2 << 20);
  }

  @Test
  void aPartitionThatDoesNotFitIsEvaluatedFromDisk() {
    run(1, 4 << 20);
    run(2, 2200 << 10);
  }
}
