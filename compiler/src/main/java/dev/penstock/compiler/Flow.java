package dev.penstock.compiler;

import dev.penstock.batch.Batch;
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
  private final GraphBuilder graph;
  private final QueryRun run;
  private final int permits;
  private final boolean ordered;
  private final List<String> names = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<Cell<?>> gates = new ArrayList<>();
  private final List<Cell<?>> wakers = new ArrayList<>();
  private final @Nullable Tap<?> tap;
  private final @Nullable Supplier<Source.Scan> opener;
  private boolean gathered;
  private @Nullable Tap<Batch> side;
  private @Nullable Pump pump;
  private @Nullable Inlet<Batch> right;

  private Flow(
      GraphBuilder graph,
      int permits,
      boolean ordered,
      @Nullable Tap<?> tap,
      @Nullable Supplier<Source.Scan> opener) {
    this.graph = graph;
    this.run = graph.run();
    this.permits = permits;
    this.ordered = ordered;
    this.tap = tap;
    this.opener = opener;
  }

  /** Begins with the batches of a pipe. */
  static Flow ofBatches(GraphBuilder graph, Tap<Batch> tap, int permits, boolean ordered) {
    return new Flow(graph, permits, ordered, tap, null);
  }

  /** Begins with a scan: an I/O thread feeds morsels, the first step decodes them. */
  static Flow ofScan(
      GraphBuilder graph, String name, Supplier<Source.Scan> opener, int permits, boolean ordered) {
    Flow flow = new Flow(graph, permits, ordered, null, opener);
    return flow.then(name, lane -> new Decode(flow.scan().decoder()));
  }

  /** Begins with what a breaker has gathered, or anything else that decoders know. */
  static Flow ofMorsels(
      GraphBuilder graph,
      String name,
      Tap<Source.Morsel> tap,
      Supplier<Source.Decoder> decoders,
      int permits,
      boolean ordered) {
    Flow flow = new Flow(graph, permits, ordered, tap, null);
    flow.gathered = true;
    flow.then(name, lane -> new Decode(decoders.get()));
    return flow;
  }

  /** Begins with two pipes in their order, and what joins them: one lane. */
  static Flow ofTwo(
      GraphBuilder graph, String name, Tap<Batch> left, Tap<Batch> right, Supplier<Joint> joint) {
    Flow flow = new Flow(graph, 1, true, left, null);
    flow.side = right;
    return flow.then(
        name, lane -> new JointStep(joint.get(), java.util.Objects.requireNonNull(flow.right)));
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

  /** A step, the operator that it belongs to, and whether it is that operator's last. */
  private static final class Stage {
    private final IntFunction<? extends Step<?>> steps;
    private final OperatorMeter meter;
    private boolean gives;

    Stage(IntFunction<? extends Step<?>> steps, OperatorMeter meter) {
      this.steps = steps;
      this.meter = meter;
    }

    Step<?> make(int lane) {
      return meter.metered(steps.apply(lane), gives);
    }
  }

  /** Adds a fused step; it belongs to the operator that is being built. */
  Flow then(String name, IntFunction<? extends Step<?>> step) {
    names.add(name);
    stages.add(new Stage(step, graph.meter()));
    return this;
  }

  /**
   * What comes out of this flow now is what the operator that is being built gives. An operator
   * without a step of its own here, a union, gets one that counts.
   */
  Flow gives() {
    if (stages.isEmpty() || stages.get(stages.size() - 1).meter != graph.meter()) {
      stages.add(new Stage(lane -> new Pass(), graph.meter()));
    }
    stages.get(stages.size() - 1).gives = true;
    return this;
  }

  private Source.Scan scan() {
    return java.util.Objects.requireNonNull(pump).opened().get();
  }

  /** The node does not begin before the cell is set. */
  Flow gate(Cell<?> cell) {
    gates.add(cell);
    return this;
  }

  /** Steps of the node that wait for each other may go on when the cell is set. */
  Flow wokenBy(Cell<?> cell) {
    wakers.add(cell);
    return this;
  }

  /** Ends the flow: its batches go into the pipe. */
  Node into(Feed<Batch> output) {
    return builder().to(output).build();
  }

  /** Ends the flow; its batches go to the feed, which people know by this name. */
  Node into(Feed<Batch> output, String name) {
    return builder().to(output).makes(name).build();
  }

  /** Ends the flow in a pipe of its own. */
  Tap<Batch> pipe() {
    Pipe<Batch> pipe = graph.newPipe("pipe " + (run.nodes().size() + 1));
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
    return ofMorsels(graph, name, morsels, breaker::decoder, nextPermits, nextOrdered)
        .gate(finished);
  }

  /**
   * Ends a flow that gives no batches; the task runs once at its end.
   *
   * @param makes what the task makes, for people
   */
  Node finish(String makes, Runnable atClose) {
    return builder().atClose(graph.meter().metered(atClose)).makes(makes).build();
  }

  /** Ends the flow in the sinks of a breaker; the task runs once when they have everything. */
  Node end(String name, Breaker breaker, Runnable atClose) {
    run.closeLater(breaker);
    then(name, breaker::sink);
    return builder().atClose(graph.meter().metered(atClose)).makes("morsels of " + name).build();
  }

  /**
   * What a node was made of.
   *
   * @param operators one for each of its steps; one may come more than once
   * @param scans whether it begins with a scan
   * @param gathered whether it begins with what a breaker has gathered
   */
  record Origin(List<OperatorMeter> operators, boolean scans, boolean gathered) {}

  private Origin origin() {
    List<OperatorMeter> operators = new ArrayList<>(stages.size());
    for (Stage stage : stages) {
      operators.add(stage.meter);
    }
    return new Origin(operators, opener != null, gathered);
  }

  private Node.Builder builder() {
    Node.Builder node =
        Node.named(names.isEmpty() ? "pass" : String.join(" > ", names), run)
            .permits(permits)
            .ordered(ordered);
    if (opener != null) {
      Pipe<Source.Morsel> morsels = Pump.morsels("pump of " + names.get(0));
      pump = Pump.add(run, opener, morsels, gates);
      stages.get(0).meter.scans(pump.opened());
      node.from(morsels).gate(pump.opened());
    } else if (tap != null) {
      node.from(tap);
    }
    if (side != null) {
      right = node.alsoFrom(side);
    }
    if (stages.isEmpty()) {
      stages.add(new Stage(lane -> new Pass(), graph.meter()));
    }
    node.of(origin());
    for (Cell<?> gate : gates) {
      node.gate(gate);
    }
    for (Cell<?> waker : wakers) {
      node.wokenBy(waker);
    }
    List<Stage> all = List.copyOf(stages);
    return node.chain(
        lane -> {
          List<Step<?>> chain = new ArrayList<>(all.size());
          for (Stage stage : all) {
            chain.add(stage.make(lane));
          }
          return chain;
        });
  }
}
