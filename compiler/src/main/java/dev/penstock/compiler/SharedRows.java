package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.spill.SpilledBatches;
import java.util.List;

/**
 * The rows of a subplan that is used in several places: computed once, kept until the query ends,
 * read by each place at its own pace. Keeping them (rather than sending each batch to all places at
 * once) cannot deadlock when one place waits for another.
 */
final class SharedRows implements Breaker {
  private final SpilledBatches rows;
  private final Cell<SpilledBatches> complete = new Cell<>("shared rows");

  SharedRows(QueryContext query, DataType[] types) {
    this.rows = new SpilledBatches(query, types, "a shared subplan");
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
        rows.add(batch);
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
    rows.complete();
    complete.set(rows);
  }

  /** Whether it is known by now that there are at most so many rows. */
  boolean isSmall(long most) {
    return complete.isSet() && rows.rows() <= most;
  }

  /** A new reader. */
  Flow read(GraphBuilder graph, int permits, boolean ordered) {
    return KeptBatches.read(graph, "shared", complete, permits, ordered);
  }

  @Override
  public Source.Decoder decoder() {
    throw new IllegalStateException("shared rows have readers of their own");
  }

  @Override
  public void close() {
    rows.close();
  }
}
