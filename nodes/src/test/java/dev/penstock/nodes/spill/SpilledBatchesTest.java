package dev.penstock.nodes.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledBatchesTest {
  private static final DataType[] TYPES = {DataType.INT64};

  @TempDir Path directory;

  private static Batch batch(int number) {
    long[] values = new long[2000];
    Arrays.fill(values, number);
    return Batch.of(2000, new LongColumn(DataType.INT64, values, null, 2000));
  }

  /** Another lane may add a batch before the query has ended. */
  @Test
  void aFullDiskIsToldAgainToWhoeverAddsMore() {
    Budget budget = Budget.root("test", 600 << 10);
    try (DirectorySpill spill = new DirectorySpill(directory, 1 << 20)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 2048, spill, new Relief(), 1);
      try (SpilledBatches rows = new SpilledBatches(query, TYPES, "rows")) {
        PenstockException first =
            assertThrows(
                PenstockException.class,
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    rows.add(batch(i));
                  }
                });
        assertEquals(PenstockException.Category.LIMIT, first.category());
        assertTrue(first.getMessage().startsWith("rows needs "), first.getMessage());
        for (int i = 0; i < 100; i++) {
          try {
            rows.add(batch(i));
          } catch (PenstockException again) {
            assertEquals(PenstockException.Category.LIMIT, again.category());
          }
        }
      }
    }
    assertEquals(0, budget.usedBytes());
  }
}
