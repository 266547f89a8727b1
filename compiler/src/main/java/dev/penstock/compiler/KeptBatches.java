package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.Pump;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.spill.SpilledBatches;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.pipes.Pipe;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches that are kept, from memory or disk.
 *
 * <p>Concurrency: a decoder is used by one lane; those that have no lane yet are taken under the
 * monitor of their list.
 */
final class KeptBatches {
  private KeptBatches() {}

  /** The number of a piece. */
  private record Piece(int number) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 1;
    }
  }

  /** A flow of the rows, which begins when they are complete. */
  static Flow read(
      GraphBuilder graph,
      String name,
      Cell<SpilledBatches> complete,
      int permits,
      boolean ordered) {
    QueryContext query = graph.query();
    Deque<Workspace> lanes = new ArrayDeque<>();
    for (int i = 0; i < permits && query.spill() != null; i++) {
      Workspace lane = Workspace.open(query, "a reader of " + name, SpilledBatches.READ_BYTES);
      graph.run().closeLater(lane);
      lanes.add(lane);
    }
    Pipe<Source.Morsel> morsels = Pump.morsels(name);
    complete.onSet(
        () -> {
          int n = complete.get().pieces();
          for (int i = 0; i < n; i++) {
            morsels.enqueue(new Piece(i));
          }
          morsels.close();
        });
    return Flow.ofMorsels(
            graph,
            name,
            morsels,
            () -> {
              synchronized (lanes) {
                return new Reader(query, complete.get(), lanes.poll());
              }
            },
            permits,
            ordered)
        .gate(complete);
  }

  /** One lane that reads. */
  private static final class Reader implements Source.Decoder {
    private final QueryContext query;
    private final SpilledBatches rows;
    private final @Nullable Workspace workspace;
    private final @Nullable Reservation memory;
    private int next = -1;

    Reader(QueryContext query, SpilledBatches rows, @Nullable Workspace workspace) {
      this.query = query;
      this.rows = rows;
      this.workspace = workspace;
      this.memory = workspace == null ? null : workspace.query().budget().open("a kept batch");
    }

    @Override
    public void begin(Source.Morsel morsel) {
      query.token().check();
      next = ((Piece) morsel).number();
    }

    @Override
    public @Nullable Batch next() {
      if (next < 0) {
        return null;
      }
      if (workspace != null && memory != null) {
        long bytes = rows.readBytes(next);
        memory.resize(0);
        workspace.require(bytes, "a block of kept rows");
        memory.resize(bytes);
      }
      Batch batch = rows.read(next);
      next = -1;
      return batch;
    }

    @Override
    public void close() {
      if (memory != null) {
        memory.close();
      }
    }
  }
}
