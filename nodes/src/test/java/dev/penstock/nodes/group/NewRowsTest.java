package dev.penstock.nodes.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were not there before, asked for after every few batches. */
class NewRowsTest {
  private static final DataType[][] TYPES = {
    {DataType.INT64},
    {DataType.INT32, DataType.VARCHAR, DataType.FLOAT64, DataType.decimal(38, 6)},
    {DataType.VARCHAR},
    {DataType.DATE, DataType.BOOLEAN, DataType.INT64},
  };

  private final long seed = Long.getLong("seed", System.nanoTime());

  @TempDir Path directory;

  /** A round is so many batches. */
  private static final class Rounds implements Step<Batch> {
    private final NewRows rows;
    private final int batches;
    private int left;
    private @Nullable Batch waiting;

    Rounds(QueryContext query, DataType[] types, int batches) {
      // Without a minimum caps may be as small as the data of tests.
      this.rows = new NewRows(0, query, types, "rows");
      this.batches = batches;
      this.left = batches;
    }

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      if (waiting == null && left == 0) {
        waiting = rows.next();
        if (waiting == null) {
          assertTrue(!rows.isWaiting());
          left = batches;
        }
        return Progress.MOVED;
      }
      if (waiting == null) {
        Batch batch = in.poll();
        if (batch == null) {
          if (!in.isDone()) {
            return Progress.STUCK;
          }
          if (rows.isWaiting()) {
            left = 0;
            return Progress.MOVED;
          }
          return Progress.DONE;
        }
        left--;
        waiting = rows.of(batch);
        return Progress.MOVED;
      }
      if (waiting.isEmpty() || out.offer(waiting)) {
        waiting = null;
        return Progress.MOVED;
      }
      return Progress.STUCK;
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private static List<List<@Nullable Object>> distinct(Batch in) {
    return new ArrayList<>(new LinkedHashSet<>(TestBatches.rows(in)));
  }

  @Test
  void inMemoryAndWithQuestionsAnsweredWithNo() {
    System.out.println("NewRowsTest seed " + seed);
    TestBatches data = new TestBatches(seed);
    for (DataType[] types : TYPES) {
      for (int distinct : new int[] {3, 0}) {
        Batch in = data.batch(2049, Shape.PLAIN.withNulls(0.2).withDistinct(distinct), types);
        NodeHarness.step(q -> new Rounds(q, types, 3))
            .seed(seed)
            .input(in)
            .types(types)
            .refusing(3, 7)
            .expect(distinct(in));
      }
    }
  }

  @Test
  void withTheLeastMemory() {
    TestBatches data = new TestBatches(seed);
    for (DataType[] types : TYPES) {
      for (int batches : new int[] {2, 1000}) {
        Batch once = data.batch(6000, Shape.PLAIN.withNulls(0.1), types);
        Batch in = TestBatches.concat(List.of(once, once.slice(1000, 4000)), types);
        long spilled =
            NodeHarness.step(q -> new Rounds(q, types, batches))
                .spillTo(directory)
                .seed(seed)
                .input(in)
                .types(types)
                .tight(1, 16 << 10, distinct(in));
        assertTrue(spilled > 0, "nothing was spilled");
      }
    }
  }
}
