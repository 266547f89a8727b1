package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.Pump;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.group.NewRows;
import dev.penstock.nodes.spill.SpilledBatches;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.Subscription;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A recursive operator: the seed's rows, then round after round of the step's graph over the rows
 * that the last round brought.
 *
 * <pre>
 * seed ... > [gather] ----------------------------------> result pipe --> what is above
 *               | working table 0                          ^
 * round 1: [recursion] > step ... > [gather] --------------+   a run of its own, under a token of its own
 *               ^           working table 1 |              |
 * round 2: [recursion] > step ... > [gather] --------------+
 * </pre>
 *
 * <p>[gather] drops rows that were seen before (unless all are wanted), keeps the rest as the next
 * working table, and hands it on. When the rows seen do not fit in memory, those of a round wait on
 * disk; at its end a run of its own tells the new ones from the others. The result pipe is small
 * and holds a round back when it is full, so rounds run ahead of their reader by its capacity at
 * most; when it is stopped, no round begins. No thread waits: the end of a round begins the next.
 *
 * <p>Concurrency: gathering is under the monitor of this, for a batch at a time. A round is begun
 * by the one thread that moved {@code turns} from 0, so rounds follow each other and the stack does
 * not grow with them; what that thread wrote the next one reads through {@code turns}. {@code
 * round} is volatile for the callbacks of the result pipe and of the token.
 */
final class Recursion {
  private static final long AHEAD_BYTES = 256L << 10;

  private final GraphBuilder graph;
  private final QueryRun run;
  private final Lowered step;
  private final String name;
  private final OperatorMeter stepMeter;
  private final OperatorMeter gathering;
  private final Pipe<Batch> result;
  private final @Nullable NewRows seen;
  private final Runnable partEnded;
  private final List<SharedRows> kept;
  private final AtomicInteger turns = new AtomicInteger();
  private volatile @Nullable Round round;

  private SpilledBatches next;
  private SpilledBatches working;
  private boolean ended;

  private Recursion(GraphBuilder graph, Lowered node, OperatorMeter stepMeter) {
    QueryContext query = graph.query();
    this.graph = graph;
    this.run = graph.run();
    this.step = node.inputs().get(1);
    this.name = node.text("name");
    this.stepMeter = stepMeter;
    this.gathering = graph.meter().part();
    this.result = BatchPipes.create("rounds of " + name, AHEAD_BYTES);
    DataType[] types = node.schema().types();
    this.next = new SpilledBatches(query, types, "a working table of " + name);
    this.working = new SpilledBatches(query, types, "a working table of " + name);
    this.seen =
        node.flag("all") ? null : new NewRows(query, node.schema().types(), "rows of " + name);
    this.kept = graph.keepFor(step, name);
    if (query.spill() != null) {
      keepMinimums();
    }
    this.partEnded = run.part();
  }

  /**
   * Every round must find the least memory that its operators need, whatever others hold by then:
   * builds a round that never runs, and keeps what that takes.
   */
  private void keepMinimums() {
    QueryRun never = newRun(() -> {});
    try {
      graph
          .round(never, graph.workers(), gathering, name, null)
          .flow(stepMeter, step, false)
          .into(BatchPipes.create("a round that never runs"));
      stepMeter.keepWhatIsHeld();
    } finally {
      never.abandon();
    }
  }

  /** Builds the seed's graph, and the flow of all rows. */
  static Flow flow(GraphBuilder graph, Lowered node) {
    Flow seed = graph.flow(node.inputs().get(0), false);
    Lowered step = node.inputs().get(1);
    Recursion recursion = new Recursion(graph, node, graph.meter().input(step));
    Round round = recursion.new Round(null);
    recursion.round = round;
    recursion.result.addCreditCallback(recursion::wanted);
    graph.run().token().onCancel(recursion::cancelled);
    graph.run().closeLater(recursion::free);
    graph.keptTables(step, recursion.name).forEach(seed::gate); // rounds are built for what is kept
    seed.then("round 0 of " + recursion.name, lane -> recursion.new Gather())
        .into(round, recursion.result.name());
    return Flow.ofBatches(graph, recursion.result, graph.workers(), false);
  }

  /** Keeps what is new. */
  private final class Gather extends OneToOne {
    @Override
    protected @Nullable Batch apply(Batch batch) {
      return gathered(batch);
    }
  }

  private @Nullable Batch gathered(Batch batch) {
    Batch small = batch.count() < batch.length() >> 2 ? batch.compact() : batch;
    synchronized (this) {
      if (ended) {
        return null;
      }
      Batch fresh = seen == null ? small : seen.of(small);
      if (fresh == null) {
        return null;
      }
      next.add(fresh);
      return fresh;
    }
  }

  private void wanted() {
    Round now = round;
    if (now != null) {
      now.wanted.run();
    }
  }

  private void cancelled() {
    Round now = round;
    PenstockException cause = run.token().cause();
    if (now != null && now.run != null && cause != null) {
      now.run.token().fail(cause);
    }
  }

  /** A round has ended: begins the next one, here or on the thread that is just beginning one. */
  private void advance() {
    if (turns.getAndIncrement() > 0) {
      return;
    }
    do {
      try {
        begin();
      } catch (Throwable t) {
        run.fail(t);
        end();
      }
    } while (turns.decrementAndGet() > 0);
  }

  private void begin() {
    Round last = round;
    if (last != null && last.run != null && last.run.token().cause() != null) {
      run.fail(last.run.token().cause());
    }
    if (result.isStopped() || run.token().isCancelled()) {
      end();
      return;
    }
    SpilledBatches now;
    synchronized (this) {
      if (ended) {
        return;
      }
      if (seen != null && seen.isWaiting()) {
        settle(seen);
        return;
      }
      working.clear();
      now = next;
      now.complete();
      next = working;
      working = now;
    }
    long rows = now.rows();
    if (rows == 0) {
      end();
      return;
    }
    QueryRun one = newRun(this::advance);
    boolean narrow = rows <= Batch.ROWS && kept.stream().allMatch(k -> k.isSmall(Batch.ROWS));
    gathering.begin();
    GraphBuilder builder = graph.round(one, narrow ? 1 : graph.workers(), gathering, name, now);
    Round begun = new Round(one);
    builder
        .flow(stepMeter, step, false)
        .then("gather", lane -> new Gather())
        .into(begun, result.name());
    start(begun, one);
  }

  private QueryRun newRun(Runnable whenEnded) {
    QueryContext query = graph.query();
    Budget own = stepMeter.budget().child("a round of " + name);
    return run.child(query.within(new CancellationToken(), own), whenEnded);
  }

  private void start(Round begun, QueryRun one) {
    round = begun;
    cancelledBefore();
    one.start();
  }

  private record Waiting() implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 1;
    }
  }

  /** A run that tells which of the waiting rows are new. */
  private void settle(NewRows waiting) {
    QueryRun one = newRun(this::advance);
    gathering.begin();
    GraphBuilder builder = graph.round(one, 1, gathering, name, working);
    Pipe<Source.Morsel> morsels = Pump.morsels("rows that may be new");
    morsels.enqueue(new Waiting());
    morsels.close();
    Round begun = new Round(one);
    Flow.ofMorsels(builder, "new rows", morsels, () -> new Settler(waiting, one), 1, false)
        .into(begun, result.name());
    start(begun, one);
  }

  /** Gives the rows that were found to be new. */
  private final class Settler implements Source.Decoder {
    private final NewRows waiting;
    private final QueryRun one;

    Settler(NewRows waiting, QueryRun one) {
      this.waiting = waiting;
      this.one = one;
    }

    @Override
    public void begin(Source.Morsel morsel) {}

    @Override
    public @Nullable Batch next() {
      for (; ; ) {
        one.token().check();
        synchronized (Recursion.this) {
          Batch batch = ended ? null : waiting.next();
          if (batch == null) {
            return null;
          }
          if (!batch.isEmpty()) {
            next.add(batch);
            return batch;
          }
        }
      }
    }

    @Override
    public void close() {}
  }

  /** The token may have been cancelled before its listener could see the round. */
  private void cancelledBefore() {
    if (run.token().isCancelled()) {
      cancelled();
    }
  }

  private void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      free();
    }
    PenstockException cause = run.token().cause();
    if (cause != null) {
      result.error(cause);
    } else {
      result.close();
    }
    partEnded.run();
  }

  private synchronized void free() {
    next.close();
    working.close();
    if (seen != null) {
      seen.close();
    }
  }

  /** What a round's last node takes for its output; its end is told by the round's run. */
  private final class Round implements Feed<Batch> {
    private final @Nullable QueryRun run;
    private volatile Runnable wanted = () -> {};

    Round(@Nullable QueryRun run) {
      this.run = run;
    }

    @Override
    public void enqueue(Batch item) {
      result.enqueue(item);
    }

    @Override
    public void enqueueAll(Collection<? extends Batch> items) {
      result.enqueueAll(items);
    }

    /** The seed has no run of its own. */
    @Override
    public void close() {
      if (run == null) {
        advance();
      }
    }

    @Override
    public boolean isClosed() {
      return result.isClosed();
    }

    @Override
    public void error(Throwable cause) {
      close();
    }

    @Override
    public boolean isStopped() {
      return result.isStopped();
    }

    @Override
    public long credit() {
      return result.credit();
    }

    /** One node, so one callback. */
    @Override
    public Subscription addCreditCallback(Runnable callback) {
      wanted = callback;
      return () -> wanted = () -> {};
    }
  }
}
