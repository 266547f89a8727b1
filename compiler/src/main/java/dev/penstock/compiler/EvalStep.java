package dev.penstock.compiler;

import clojure.lang.IFn;
import clojure.lang.PersistentVector;
import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a chain of functions, merged into one, over the items of each batch. The slow path of the
 * engine: used only where no kernel covers what is asked.
 */
final class EvalStep implements Step<Batch> {
  private final QueryContext query;
  private final Items in;
  private final Items out;
  private final IFn function;
  private final boolean chunk;
  private @Nullable Batch batch;
  private int next;
  private final MadeItems made;
  private int given;
  private @Nullable Batch waiting;

  /**
   * @param function takes an item and a list, and adds its results to the list; with {@code chunk}
   *     the item is a vector of all items of a batch
   */
  EvalStep(QueryContext query, Items in, Items out, IFn function, boolean chunk) {
    this.query = query;
    this.in = in;
    this.out = out;
    this.function = function;
    this.chunk = chunk;
    this.made = new MadeItems(query.budget());
  }

  @Override
  public Progress step(Inlet<? extends Batch> inlet, Outlet outlet) {
    if (waiting != null || given < made.size()) {
      return give(outlet) ? Progress.MOVED : Progress.STUCK;
    }
    if (batch == null) {
      batch = inlet.poll();
      next = 0;
      if (batch == null) {
        return inlet.isDone() ? Progress.DONE : Progress.STUCK;
      }
    }
    query.token().check();
    made.clear();
    given = 0;
    call(batch);
    if (next == batch.count()) {
      batch = null;
    }
    if (!made.isEmpty()) {
      give(outlet);
    }
    return Progress.MOVED;
  }

  private void call(Batch from) {
    try {
      if (chunk) {
        List<@Nullable Object> items = new ArrayList<>(from.count());
        while (next < from.count()) {
          items.add(in.item(from, from.position(next++)));
        }
        function.invoke(PersistentVector.create(items), made);
      } else {
        while (next < from.count() && made.size() < query.batchRows()) {
          function.invoke(in.item(from, from.position(next++)), made);
        }
      }
    } catch (PenstockException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  static PenstockException failed(RuntimeException e) {
    return new PenstockException(
        PenstockException.Category.INCORRECT,
        "function-failed",
        "a function of the plan failed: " + e,
        e);
  }

  private boolean give(Outlet outlet) {
    Batch next = waiting;
    if (next == null) {
      int to = Math.min(made.size(), given + query.batchRows());
      next = out.batch(made.subList(given, to));
      given = to;
    }
    if (!outlet.offer(next)) {
      waiting = next;
      return false;
    }
    waiting = null;
    if (given == made.size() && given > query.batchRows()) {
      made.clear();
      given = 0;
    }
    return true;
  }

  @Override
  public void close() {
    made.close();
  }
}
