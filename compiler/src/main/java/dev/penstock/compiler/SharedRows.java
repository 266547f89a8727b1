package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.Pump;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.pipes.Pipe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a subplan that is used in several places: computed once, kept until the query ends,
 * read by each place at its own pace. Keeping them (rather than sending each batch to all places at
 * once) cannot deadlock when one place waits for another.
 */
final class SharedRows implements Breaker {
  private final QueryContext query;
  private final Reservation memory;
  private final List<Batch> batches = new ArrayList<>();
  private final Cell<List<Batch>> complete = new Cell<>("shared rows");

  SharedRows(QueryContext query) {
    this.query = query;
    this.memory = query.budget().open("a shared subplan");
  }

  /** One batch, kept by all readers. */
  record Kept(Batch batch) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 1;
    }
  }

  /** One lane only: the order of the rows is kept. */
  @Override
  public Step<Batch> sink(int lane) {
    if (lane != 0) {
      throw new IllegalStateException("shared rows are gathered by one lane");
    }
    return new Step<>() {
      @Override
      public Progress step(Inlet<? extends Batch> in, Outlet out) {
        Batch batch = in.poll();
        if (batch == null) {
          return in.isDone() ? Progress.DONE : Progress.STUCK;
        }
        memory.grow(batch.sizeBytes());
        batches.add(batch);
        return Progress.MOVED;
      }
    };
  }

  @Override
  public List<Source.Morsel> finish() {
    return List.of();
  }

  /** All rows are there: the readers may begin. */
  void complete() {
    complete.set(batches);
  }

  /** Whether it is known by now that there are at most so many rows. */
  boolean isSmall(long most) {
    return complete.isSet() && complete.get().stream().mapToLong(Batch::count).sum() <= most;
  }

  /** A new reader. */
  Flow read(GraphBuilder graph, int permits, boolean ordered) {
    Pipe<Source.Morsel> morsels = Pump.morsels("shared");
    complete.onSet(
        () -> {
          for (Batch batch : complete.get()) {
            morsels.enqueue(new Kept(batch));
          }
          morsels.close();
        });
    return Flow.ofMorsels(graph, "shared", morsels, this, permits, ordered).gate(complete);
  }

  @Override
  public Source.Decoder decoder() {
    return new Source.Decoder() {
      private @Nullable Batch batch;

      @Override
      public void begin(Source.Morsel morsel) {
        query.token().check();
        batch = ((Kept) morsel).batch();
      }

      @Override
      public @Nullable Batch next() {
        Batch b = batch;
        batch = null;
        return b;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    memory.close();
  }
}
