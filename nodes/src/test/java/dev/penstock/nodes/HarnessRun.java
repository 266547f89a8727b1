package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.CancellationToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One run of a rig, on one thread: the steps of the lanes are called in turn. Counts calls, and
 * cancels before a given one.
 */
final class HarnessRun {
  /** A join whose residual refuses nearly all pairs works for long and gives nothing. */
  private static final int IDLE_CALLS = 200_000;

  private final Rig rig;
  private final CancellationToken token;
  private final int lanes;
  private final boolean refusing;
  private final long cancelBefore;
  private final boolean threads;
  private long calls;
  private final List<Step<Batch>> open = new ArrayList<>();
  private final List<Source.Decoder> decoders = new ArrayList<>();
  private final Queue<Batch> out = new ConcurrentLinkedQueue<>();

  HarnessRun(
      Rig rig,
      CancellationToken token,
      int lanes,
      boolean refusing,
      long cancelBefore,
      boolean threads) {
    this.rig = rig;
    this.token = token;
    this.lanes = lanes;
    this.refusing = refusing;
    this.cancelBefore = cancelBefore;
    this.threads = threads;
  }

  long calls() {
    return calls;
  }

  /**
   * Runs to the end and gives the batches that came out; throws what the rig throws. The rig is not
   * closed.
   */
  List<Batch> run(List<List<Batch>> inputs) {
    for (int input = 0; input < inputs.size(); input++) {
      List<Lane> all = new ArrayList<>();
      for (int lane = 0; lane < lanes; lane++) {
        Step<Batch> step = rig.sink(input, lane);
        open.add(step);
        List<Batch> dealt = new ArrayList<>();
        for (int i = lane; i < inputs.get(input).size(); i += lanes) {
          dealt.add(inputs.get(input).get(i));
        }
        all.add(new Lane(step, dealt));
      }
      drive(all);
      rig.inputDone(input);
    }
    count();
    List<? extends Source.Morsel> morsels = rig.finish();
    if (!morsels.isEmpty()) {
      for (int lane = 0; lane < lanes; lane++) {
        decoders.add(rig.decoder());
      }
    }
    for (int m = 0; m < morsels.size(); m++) {
      Source.Decoder decoder = decoders.get(m % lanes);
      count();
      decoder.begin(morsels.get(m));
      for (; ; ) {
        count();
        Batch batch = decoder.next();
        if (batch == null) {
          break;
        }
        if (batch.isEmpty()) {
          throw new AssertionError("a decoder gave an empty batch");
        }
        out.add(batch);
      }
    }
    return List.copyOf(out);
  }

  /** Closes decoders, steps and the rig, in this order. */
  void close() {
    decoders.forEach(Source.Decoder::close);
    open.forEach(Step::close);
    rig.close();
  }

  private void count() {
    if (calls++ == cancelBefore) {
      token.cancel(CancellationToken.Reason.CALLER, "cancelled by the harness");
    }
  }

  private void drive(List<Lane> all) {
    if (threads) {
      driveInThreads(all);
      return;
    }
    boolean left = true;
    while (left) {
      left = false;
      for (Lane lane : all) {
        if (!lane.done) {
          count();
          lane.call();
          left |= !lane.done;
        }
      }
    }
  }

  private static void driveInThreads(List<Lane> all) {
    List<Thread> running = new ArrayList<>();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    for (Lane lane : all) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  // as in a query, where the token tells all lanes that one has failed
                  while (!lane.done && failures.isEmpty()) {
                    lane.call();
                    lane.idle = 0; // it may wait for another thread
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              },
              "harness-lane");
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    Throwable first = failures.poll();
    if (first instanceof RuntimeException e) {
      throw e;
    } else if (first instanceof Error e) {
      throw e;
    }
  }

  /**
   * One step with its inlet and outlet. The inlet has nothing at every other poll when the outlet
   * refuses every other offer.
   */
  private final class Lane implements Inlet<Batch>, Outlet {
    private final Step<Batch> step;
    private final ArrayDeque<Batch> waiting;
    private boolean done;
    private boolean refuseNext = refusing;
    private boolean dryNext = refusing;
    private boolean moved;
    private boolean excuse;
    private @Nullable Batch refused;
    private int idle;

    Lane(Step<Batch> step, List<Batch> batches) {
      this.step = step;
      this.waiting = new ArrayDeque<>(batches);
    }

    void call() {
      moved = false;
      excuse = false;
      Progress progress = step.step(this, this);
      if (progress == Progress.DONE) {
        done = true;
        if (refused != null) {
          throw new AssertionError("DONE, but a batch that was refused was not offered again");
        }
      } else if (progress == Progress.STUCK && !excuse) {
        throw new AssertionError(
            "STUCK, though nothing was refused and the inlet was not found empty");
      }
      idle = moved ? 0 : idle + 1;
      if (idle > IDLE_CALLS) {
        throw new AssertionError(progress + " for " + IDLE_CALLS + " calls, but nothing moved");
      }
    }

    @Override
    public @Nullable Batch poll() {
      if (dryNext && !waiting.isEmpty()) {
        dryNext = false;
        excuse = true;
        return null;
      }
      dryNext = refusing;
      Batch batch = waiting.poll();
      moved |= batch != null;
      excuse |= batch == null;
      return batch;
    }

    @Override
    public boolean isDone() {
      return waiting.isEmpty();
    }

    @Override
    public boolean offer(Batch batch) {
      if (refused != null && refused != batch) {
        throw new AssertionError("a batch was refused, and then another one was offered instead");
      }
      if (refuseNext) {
        refuseNext = false;
        refused = batch;
        excuse = true;
        return false;
      }
      refuseNext = refusing;
      refused = null;
      moved = true;
      if (!batch.isEmpty()) {
        out.add(batch);
      }
      return true;
    }
  }

  /** Fails unless the batch is well formed. */
  static void inspect(Batch batch, DataType @Nullable [] types) {
    if (types != null) {
      if (batch.columns().length != types.length) {
        throw new AssertionError(
            "expected " + types.length + " columns, got " + batch.columns().length);
      }
      for (int c = 0; c < types.length; c++) {
        if (!batch.column(c).type().equals(types[c])) {
          throw new AssertionError(
              "column " + c + ": expected " + types[c] + ", got " + batch.column(c).type());
        }
      }
    }
    int last = -1;
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (p <= last || p >= batch.length()) {
        throw new AssertionError(
            "selection: position " + p + " after " + last + ", length " + batch.length());
      }
      last = p;
    }
  }
}
