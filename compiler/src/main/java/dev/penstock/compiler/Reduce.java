package dev.penstock.compiler;

import clojure.lang.IFn;
import clojure.lang.PersistentVector;
import dev.penstock.batch.Batch;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reduces a stream to one item: an accumulator per lane, merged at the end.
 *
 * @param last makes the result of the merged accumulator, or null
 * @param room see {@link HeldObject#room}; closed with this
 * @param chunk whether {@code step} takes a vector of items instead of one
 */
record Reduce(
    QueryContext query,
    Items in,
    Items out,
    IFn init,
    IFn step,
    IFn merge,
    @Nullable IFn last,
    boolean chunk,
    List<Lane> lanes,
    Budget room)
    implements Breaker {

  /** One lane's accumulator; written by its task, read by the close task. */
  final class Lane implements Step<Batch> {
    private @Nullable Object accumulator;
    private boolean begun;
    private final HeldObject held = new HeldObject(room, "the accumulator of a reduce");

    @Override
    public Progress step(Inlet<? extends Batch> inlet, Outlet outlet) {
      Batch batch = inlet.poll();
      if (batch == null) {
        return inlet.isDone() ? Progress.DONE : Progress.STUCK;
      }
      query.token().check();
      try {
        take(batch);
      } catch (PenstockException e) {
        throw e;
      } catch (RuntimeException e) {
        throw EvalStep.failed(e);
      }
      return Progress.MOVED;
    }

    private void take(Batch batch) {
      if (!begun) {
        accumulator = init.invoke();
        begun = true;
      }
      if (chunk) {
        List<@Nullable Object> items = new ArrayList<>(batch.count());
        for (int i = 0; i < batch.count(); i++) {
          items.add(in.item(batch, batch.position(i)));
        }
        accumulator = step.invoke(accumulator, PersistentVector.create(items));
      } else {
        for (int i = 0; i < batch.count(); i++) {
          accumulator = step.invoke(accumulator, in.item(batch, batch.position(i)));
        }
      }
      held.put(
          accumulator,
          HeldObject.itemBytes(batch.sizeBytes(), batch.count(), batch.columns().length));
    }
  }

  @Override
  public Step<Batch> sink(int lane) {
    Lane made = new Lane();
    synchronized (lanes) {
      lanes.add(made);
    }
    return made;
  }

  private record One(Batch batch) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 1;
    }
  }

  @Override
  public List<Source.Morsel> finish() {
    Object result = null;
    Lane into = null;
    try {
      for (Lane lane : lanes) {
        if (lane.begun) {
          result = into == null ? lane.accumulator : merge.invoke(result, lane.accumulator);
          into = into == null ? lane : into;
          lane.accumulator = null;
          if (into != lane) {
            lane.held.clear();
            into.held.weigh(result);
          }
        }
      }
      if (into == null) {
        result = init.invoke();
      }
      if (last != null) {
        result = last.invoke(result);
      }
      if (into != null) {
        into.held.weigh(result); // whoever has it holds it until the query ends
      }
    } catch (PenstockException e) {
      throw e;
    } catch (RuntimeException e) {
      throw EvalStep.failed(e);
    }
    List<@Nullable Object> single = new ArrayList<>();
    single.add(result);
    return List.of(new One(out.batch(single)));
  }

  @Override
  public Source.Decoder decoder() {
    return new Source.Decoder() {
      private @Nullable Batch batch;

      @Override
      public void begin(Source.Morsel morsel) {
        batch = ((One) morsel).batch();
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
    synchronized (lanes) {
      lanes.forEach(lane -> lane.held.close());
      room.close();
    }
  }
}
