package dev.penstock.nodes.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.buffer.spill.SpillSpace;
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

  /** What one block gives back is taken by somebody else before the next one is written. */
  @Test
  void theRoomForWritingIsKeptUntilAllIsWritten() {
    Budget budget = Budget.root("test", 2 << 20);
    Budget other = budget.child("other");
    try (DirectorySpill spill = new DirectorySpill(directory, 1 << 30)) {
      SpillSpace greedy = new Greedy(spill, other);
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 2048, greedy, new Relief(), 1);
      DataType[] types = new DataType[16];
      Arrays.fill(types, DataType.INT64);
      try (SpilledBatches rows = new SpilledBatches(query, types, "rows")) {
        for (int i = 0; i < 20; i++) {
          Column[] columns = new Column[16];
          Arrays.fill(columns, batch(i).column(0));
          rows.add(Batch.of(2000, columns));
        }
        rows.complete();
        assertEquals(40_000, rows.rows());
        assertTrue(other.usedBytes() > 1 << 19, "the other one has taken " + other.usedBytes());
      }
      other.release(other.usedBytes());
    }
    other.close();
    assertEquals(0, budget.usedBytes());
  }

  /** Somebody takes all that is left whenever a block is written. */
  private record Greedy(SpillSpace space, Budget other) implements SpillSpace {
    @Override
    public SpillFile create(String what, CancellationToken token) {
      SpillFile file = space.create(what, token);
      return new SpillFile() {
        @Override
        public long write(Batch batch) {
          long left = other.rootAvailableBytes();
          if (left > 0) {
            other.reserve(left, "all that is left");
          }
          return file.write(batch);
        }

        @Override
        public Batch read(long handle) {
          return file.read(handle);
        }

        @Override
        public long readBytes(long handle) {
          return file.readBytes(handle);
        }

        @Override
        public long sizeBytes() {
          return file.sizeBytes();
        }

        @Override
        public long rawBytes() {
          return file.rawBytes();
        }

        @Override
        public void seal() {
          file.seal();
        }

        @Override
        public void close() {
          file.close();
        }
      };
    }

    @Override
    public long writtenRawBytes() {
      return space.writtenRawBytes();
    }

    @Override
    public long writtenBytes() {
      return space.writtenBytes();
    }

    @Override
    public long heldBytes() {
      return space.heldBytes();
    }

    @Override
    public void close() {
      space.close();
    }
  }
}
