package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One node of a running query: an input pipe, a fused chain of steps per lane (permit), an output
 * pipe, and a close task.
 *
 * <pre>
 *                 signal (callback of a pipe, a gate, the token)
 *                    |
 *   input pipe --> [lane 0: step -> step -> step] --> output pipe
 *              \-> [lane 1: step -> step -> step] -/     close task, once, after the last lane
 * </pre>
 *
 * <p>A signal gives every idle lane a task ({@link Lanes}). A task drives its chain until nothing
 * moves, the chain is done, or its turn is over ({@value #TURN_MOVES} moves or {@value #TURN_NANOS}
 * ns), and then submits itself again. Nothing here blocks.
 *
 * <p>An ordered node gives the output of its items in the order of the items, whichever lane worked
 * on them; its steps must not hold batches back from one item to the next.
 *
 * <p>Concurrency: a lane's chain is used by its one task; the hand-over from one task to the next
 * goes through the control word and the pool's queue. Gates: what set a {@link Cell} is seen by the
 * chains, which are made after all gates are open.
 */
public final class Node {
  private static final int TURN_MOVES = 400;
  private static final long TURN_NANOS = 1_000_000;
  private static final int MOVES_PER_CLOCK = 8;

  private final QueryRun run;
  private final String name;
  private final int permits;
  private final Lanes lanes;
  private final Lane[] lane;
  private final @Nullable Tap<?> input;
  private volatile IntFunction<List<? extends Step<?>>> chains;
  private final @Nullable Feed<Batch> output;
  private volatile @Nullable Runnable closeTask;
  private volatile List<Cell<?>> gates;
  private volatile List<Cell<?>> wakers;
  private final List<Tap<?>> sideInputs;
  private final @Nullable Reorder reorder;
  private final String inputName;
  private final String outputName;
  private final List<String> gateNames;
  private final NodeMeter meter;
  private final @Nullable Object origin;
  private volatile boolean open;

  private Node(Builder b) {
    this.run = b.run;
    this.name = b.name;
    this.meter = b.meter;
    this.origin = b.origin;
    this.permits = b.permits;
    this.lanes = new Lanes(permits);
    this.input = b.input;
    this.chains = b.chains;
    this.output = b.output;
    this.closeTask = b.closeTask;
    this.gates = List.copyOf(b.gates);
    this.wakers = List.copyOf(b.wakers);
    this.sideInputs = List.copyOf(b.sideInputs);
    this.reorder = b.ordered && permits > 1 && input != null ? reorder() : null;
    this.inputName = b.inputName;
    this.outputName = b.outputName;
    this.gateNames = List.copyOf(b.gateNames);
    this.lane = new Lane[permits];
    for (int i = 0; i < permits; i++) {
      lane[i] = new Lane(i);
    }
  }

  private Reorder reorder() {
    QueryContext query = run.context();
    long kept = Reorder.keptLimit(permits, query.budget().pathCapBytes());
    query.budget().reserve(kept, "what an ordered operator keeps");
    return new Reorder(output, this::signal, kept, query.relief()::isTight);
  }

  /** The query has ended: what steps and gates hold is let go, though people still ask the node. */
  void forget() {
    chains = lane -> List.of();
    closeTask = null;
    gates = List.of();
    wakers = List.of();
  }

  public static Builder named(String name, QueryRun run) {
    return new Builder(name, run);
  }

  public String name() {
    return name;
  }

  public NodeMeter meter() {
    return meter;
  }

  public int permits() {
    return permits;
  }

  /** Where items come from: the name of a pipe, or empty. */
  public String inputName() {
    return inputName;
  }

  /**
   * Where the output goes: the name of a pipe, of a breaker's morsels, or of what its close task
   * makes.
   */
  public String outputName() {
    return outputName;
  }

  /** Whether the order of the items is kept. */
  public boolean isOrdered() {
    return reorder != null || permits == 1;
  }

  /** The taps that it takes from. */
  public List<Tap<?>> taps() {
    List<Tap<?>> all = new ArrayList<>();
    if (input != null) {
      all.add(input);
    }
    all.addAll(sideInputs);
    return all;
  }

  /** Where its batches go; null: nowhere. */
  public @Nullable Feed<Batch> feed() {
    return output;
  }

  /** What the builder said that the node was made of. */
  public @Nullable Object origin() {
    return origin;
  }

  /** Whether it will do nothing more. */
  public boolean isEnded() {
    return lanes.areDone();
  }

  /** Names of what must be there before the node begins. */
  public List<String> gateNames() {
    return gateNames;
  }

  /** Tasks submitted or running now. */
  public int permitsInUse() {
    return lanes.active();
  }

  /** Starts to listen; called once by the query, when its whole graph is built. */
  void start() {
    run.token().onCancel(this::signal);
    if (output != null) {
      output.addCreditCallback(this::signal);
    }
    if (input != null) {
      input.addCallback(this::signal);
    }
    for (Tap<?> tap : sideInputs) {
      tap.addCallback(this::signal);
    }
    for (Cell<?> gate : gates) {
      gate.onSet(this::signal);
    }
    for (Cell<?> waker : wakers) {
      waker.onSet(this::signal);
    }
    signal();
  }

  /** Something may be to do. Cheap, never blocks, any thread. */
  void signal() {
    if (!open) {
      for (Cell<?> gate : gates) {
        if (!gate.isSet() && !run.token().isCancelled()) {
          return;
        }
      }
      open = true;
    }
    int submit = lanes.signal();
    for (int i = 0; submit != 0; i++, submit >>>= 1) {
      if ((submit & 1) != 0) {
        run.execute(lane[i]);
      }
    }
  }

  private void ended(int index) {
    if (lanes.done(index)) {
      try {
        Runnable task = closeTask;
        if (!run.token().isCancelled() && task != null) {
          task.run();
        }
      } catch (Throwable t) {
        run.fail(t);
      }
      if (input != null) {
        input.stop();
      }
      for (Tap<?> tap : sideInputs) {
        tap.stop();
      }
      if (output != null) {
        PenstockException cause = run.token().cause();
        if (cause != null) {
          output.error(cause);
        } else {
          output.close();
        }
      }
      run.nodeEnded();
    }
  }

  /** One permit: a chain of steps and the task that drives it. */
  private final class Lane implements Runnable, Outlet {
    private final int index;
    private @Nullable Chain chain;
    private @Nullable OrderedInlet ordered;

    Lane(int index) {
      this.index = index;
    }

    @Override
    public void run() {
      TaskEvent event = new TaskEvent();
      event.begin();
      long start = System.nanoTime();
      boolean ended = false;
      boolean again = true;
      CancellationToken.work(run.token());
      try {
        lanes.looking(index);
        int moves = 0;
        while (again) {
          run.token().check();
          if (output != null && output.isStopped()) {
            throw new Unwanted();
          }
          Progress p = chain().drive();
          if (p == Progress.DONE) {
            ended = true;
            again = false;
          } else if (p == Progress.STUCK) {
            if (ordered != null && ordered.itemEnded()) {
              continue;
            }
            again = !lanes.idle(index);
            if (!again) {
              break;
            }
          } else if (++moves >= TURN_MOVES
              || (moves % MOVES_PER_CLOCK == 0 && System.nanoTime() - start > TURN_NANOS)) {
            break;
          }
        }
      } catch (Unwanted e) {
        ended = true;
      } catch (Throwable t) {
        run.fail(t);
        ended = true;
      }
      CancellationToken.work(null);
      meter.task(System.nanoTime() - start);
      if (event.shouldCommit()) {
        commit(event);
      }
      if (ended) {
        end();
      } else if (again) {
        try {
          run.execute(this);
        } catch (Throwable t) {
          run.fail(t);
          end();
        }
      }
    }

    private void commit(TaskEvent event) {
      event.query = run.context().budget().name();
      event.node = name;
      event.commit();
    }

    private Chain chain() {
      Chain c = chain;
      if (c == null) {
        Inlet<?> in;
        Outlet out = this;
        if (reorder != null) {
          ordered = new OrderedInlet(java.util.Objects.requireNonNull(input), reorder, meter);
          in = ordered;
          out = ordered;
        } else {
          in = input == null ? PipeInlet.NOTHING : new PipeInlet<>(input, meter);
        }
        c = new Chain(chains.apply(index), in, new MeteredOutlet(out, meter));
        chain = c;
      }
      return c;
    }

    private void end() {
      try {
        if (ordered != null) {
          ordered.ended();
        }
      } catch (Throwable t) {
        run.fail(t);
      }
      // The close task of a breaker reads what its sinks hold: the chains of such a node are closed
      // with the query.
      if (closeTask == null) {
        closeChain();
      } else {
        run.closeLater(this::closeChain);
      }
      ended(index);
    }

    private void closeChain() {
      Chain c = chain;
      chain = null;
      if (c != null) {
        try {
          c.close();
        } catch (RuntimeException e) {
          run.fail(e);
        }
      }
    }

    /** Unordered output: straight into the pipe while there is credit. */
    @Override
    public boolean offer(Batch batch) {
      Feed<Batch> out = output;
      if (out == null || batch.isEmpty()) {
        return true;
      }
      if (out.credit() <= 0 && !out.isStopped()) {
        return false;
      }
      out.enqueue(batch);
      return true;
    }
  }

  static PenstockException failure(@Nullable Throwable error) {
    return error instanceof PenstockException p
        ? p
        : PenstockException.fault("a pipe failed: " + error, error);
  }

  /** Thrown through a chain whose output nobody wants any more; ends the lane quietly. */
  private static final class Unwanted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unwanted() {
      super(null, null, false, false);
    }
  }

  /** Puts a node together; {@link #build} hands it to the query. */
  public static final class Builder {
    private final QueryRun run;
    private final String name;
    private final NodeMeter meter = new NodeMeter();
    private @Nullable Object origin;
    private int permits = 1;
    private @Nullable Tap<?> input;
    private IntFunction<List<? extends Step<?>>> chains = lane -> List.of();
    private @Nullable Feed<Batch> output;
    private @Nullable Runnable closeTask;
    private final List<Cell<?>> gates = new ArrayList<>();
    private final List<String> gateNames = new ArrayList<>();
    private final List<Cell<?>> wakers = new ArrayList<>();
    private final List<Tap<?>> sideInputs = new ArrayList<>();
    private String inputName = "";
    private String outputName = "";
    private boolean ordered;

    private Builder(String name, QueryRun run) {
      this.name = name;
      this.run = run;
    }

    /** Tasks that may run at once, 1 to 32. */
    public Builder permits(int n) {
      permits = n;
      return this;
    }

    /** Where items come from; a node without an input begins with its inlet done. */
    public Builder from(Tap<?> tap) {
      input = tap;
      inputName = tap instanceof Pipe<?> pipe ? pipe.name() : "several pipes";
      return this;
    }

    /**
     * A second input pipe, for a node with one permit: the inlet from which its {@link Joint}
     * takes.
     */
    public <T> Inlet<T> alsoFrom(Tap<T> tap) {
      sideInputs.add(tap);
      return new PipeInlet<>(tap, meter);
    }

    /** The steps of each lane, made when its first task runs, after all gates are open. */
    public Builder chain(IntFunction<List<? extends Step<?>>> steps) {
      chains = steps;
      return this;
    }

    /**
     * Where the last step's batches go; the node closes it. When its consumer stops it, the node
     * ends.
     */
    public Builder to(Feed<Batch> feed) {
      output = feed;
      outputName = feed instanceof Pipe<?> pipe ? pipe.name() : "several pipes";
      return this;
    }

    /**
     * Runs exactly once, on a compute thread, after the last lane, before the output is closed; not
     * after a cancellation.
     */
    public Builder atClose(Runnable task) {
      closeTask = task;
      return this;
    }

    /** The node does nothing before the cell is set. */
    public Builder gate(Cell<?> cell) {
      gates.add(cell);
      if (!cell.name().isEmpty()) {
        gateNames.add(cell.name());
      }
      return this;
    }

    /** Steps that are stuck may have something to do when the cell is set. */
    public Builder wokenBy(Cell<?> cell) {
      wakers.add(cell);
      return this;
    }

    /** What the node is made of, for whoever asks it later. */
    public Builder of(Object what) {
      origin = what;
      return this;
    }

    /** What the close task makes, for people. */
    public Builder makes(String what) {
      outputName = what;
      return this;
    }

    /** Keeps the order of items; see the class. */
    public Builder ordered(boolean keep) {
      ordered = keep;
      return this;
    }

    public Node build() {
      Node node = new Node(this);
      run.add(node);
      return node;
    }
  }
}
