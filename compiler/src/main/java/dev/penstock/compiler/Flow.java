package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.Decode;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Joint;
import dev.penstock.nodes.Node;
import dev.penstock.nodes.Pump;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node that is still being put together: where its items come from, and the steps so far.
 * Operators that need no queue add a step; the others end the flow, which makes it a {@link Node},
 * and begin a new one.
 */
final class Flow {
  private final QueryRun run;
  private final int permits;
  private final boolean ordered;
  private final List<String> names = new ArrayList<>();
  private final List<IntFunction<? extends Step<?>>> steps = new ArrayList<>();
  private final List<Cell<?>> gates = new ArrayList<>();
  private final @Nullable Tap<?> tap;
  private final @Nullable Supplier<Source.Scan> opener;
  private @Nullable Tap<Batch> side;
  private @Nullable Supplier<Joint> joint;
  private final List<Integer> lowered = new ArrayList<>();

  private Flow(
      QueryRun run,
      int permits,
      boolean ordered,
      @Nullable Tap<?> tap,
      @Nullable Supplier<Source.Scan> opener) {
    this.run = run;
    this.permits = permits;
    this.ordered = ordered;
    this.tap = tap;
    this.opener = opener;
  }

  /** Begins with the batches of a pipe. */
  static Flow ofBatches(QueryRun run, Tap<Batch> tap, int permits, boolean ordered) {
    return new Flow(run, permits, ordered, tap, null);
  }

  /** Begins with a scan: an I/O thread feeds morsels, the first step decodes them. */
  static Flow ofScan(
      QueryRun run, String name, Supplier<Source.Scan> opener, int permits, boolean ordered) {
    Flow flow = new Flow(run, permits, ordered, null, opener);
    flow.names.add(name);
    return flow;
  }

  /** Begins with what a breaker has gathered. */
  static Flow ofMorsels(
      QueryRun run,
      String name,
      Tap<Source.Morsel> tap,
      Breaker breaker,
      int permits,
      boolean ordered) {
    Flow flow = new Flow(run, permits, ordered, tap, null);
    flow.then(name, lane -> new Decode(breaker.decoder()));
    return flow;
  }

  /** Begins with two pipes in their order, and what joins them: one lane. */
  static Flow ofTwo(
      QueryRun run, String name, Tap<Batch> left, Tap<Batch> right, Supplier<Joint> joint) {
    Flow flow = new Flow(run, 1, true, left, null);
    flow.side = right;
    flow.joint = joint;
    flow.names.add(name);
    return flow;
  }

  QueryRun run() {
    return run;
  }

  int permits() {
    return permits;
  }

  boolean ordered() {
    return ordered;
  }

  /** Adds a fused step. */
  Flow then(String name, IntFunction<? extends Step<?>> step) {
    names.add(name);
    steps.add(step);
    return this;
  }

  /** The node does not begin before the cell is set. */
  Flow gate(Cell<?> cell) {
    gates.add(cell);
    return this;
  }

  /** Notes that the operator with this id is part of the node. */
  Flow covers(int id) {
    lowered.add(id);
    return this;
  }

  List<Integer> covered() {
    return lowered;
  }

  /** Ends the flow: its batches go into the pipe. */
  Node into(Feed<Batch> output) {
    return builder().to(output).build();
  }

  /** Ends the flow in a pipe of its own. */
  Tap<Batch> pipe() {
    Pipe<Batch> pipe = BatchPipes.create("pipe " + (run.nodes().size() + 1));
    into(pipe);
    return pipe;
  }

  /** Ends the flow in a breaker and begins the next with its morsels. */
  Flow into(String name, Breaker breaker, int nextPermits, boolean nextOrdered) {
    Pipe<Source.Morsel> morsels = Pump.morsels("morsels of " + name);
    Cell<Boolean> finished = new Cell<>();
    end(
        name,
        breaker,
        () -> {
          for (Source.Morsel morsel : breaker.finish()) {
            morsels.enqueue(morsel);
          }
          morsels.close();
          finished.set(true);
        });
    // Decoders are made after finish: the gate sees to it.
    return ofMorsels(run, name, morsels, breaker, nextPermits, nextOrdered).gate(finished);
  }

  /**
   * Ends a flow that gives no batches; the task runs once at its end.
   *
   * @param makes what the task makes, for people
   */
  Node finish(String makes, Runnable atClose) {
    return builder().atClose(atClose).makes(makes).build();
  }

  /** Ends the flow in the sinks of a breaker; the task runs once when they have everything. */
  Node end(String name, Breaker breaker, Runnable atClose) {
    run.closeLater(breaker);
    then(name, breaker::sink);
    return builder().atClose(atClose).makes("morsels of " + name).build();
  }

  private Node.Builder builder() {
    Node.Builder node =
        Node.named(String.join(" > ", names), run).permits(permits).ordered(ordered);
    List<IntFunction<? extends Step<?>>> all = new ArrayList<>();
    if (opener != null) {
      Pipe<Source.Morsel> morsels = Pump.morsels("pump of " + names.get(0));
      Pump pump = Pump.add(run, opener, morsels, gates);
      node.from(morsels).gate(pump.opened());
      all.add(lane -> new Decode(pump.opened().get().decoder()));
    } else if (tap != null) {
      node.from(tap);
    }
    if (side != null && joint != null) {
      Inlet<Batch> right = node.alsoFrom(side);
      Supplier<Joint> maker = joint;
      all.add(lane -> new JointStep(maker.get(), right));
    }
    all.addAll(steps);
    if (all.isEmpty()) {
      all.add(lane -> new Pass());
    }
    for (Cell<?> gate : gates) {
      node.gate(gate);
    }
    return node.chain(
        lane -> {
          List<Step<?>> chain = new ArrayList<>(all.size());
          for (IntFunction<? extends Step<?>> step : all) {
            chain.add(step.apply(lane));
          }
          return chain;
        });
  }
}
