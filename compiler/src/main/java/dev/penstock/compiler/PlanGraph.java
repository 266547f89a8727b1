package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.segment.CompositePipe;
import dev.penstock.compiler.queries.GraphSnapshot;
import dev.penstock.compiler.queries.GraphSnapshot.Segments;
import dev.penstock.compiler.queries.LivePlan;
import dev.penstock.monitor.Budget;
import dev.penstock.nodes.Node;
import dev.penstock.nodes.NodeMeter;
import dev.penstock.nodes.Priority;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.spill.SpillMeter;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Mux;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.PipeMeter;
import dev.penstock.pipes.Tap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A running plan as it is seen from outside: the same meters that make the profile.
 *
 * <p>Progress is counted where items come from outside of the flow of batches: a scan by the share
 * of its source that it has read, what a breaker gathered, each by the share of its morsels that
 * are done; each weighs as much as the rows that the planner expects of it.
 *
 * <p>Concurrency: any thread; it reads adders, and takes the monitor of an {@link OperatorMeter}
 * for as long as adding up takes, which a lane wants only when it begins.
 */
final class PlanGraph implements LivePlan {
  private final Prepared prepared;
  private final QueryRun run;
  private final OperatorMeter above;
  private final Budget budget;

  PlanGraph(Prepared prepared, QueryRun run, OperatorMeter above, Budget budget) {
    this.prepared = prepared;
    this.run = run;
    this.above = above;
    this.budget = budget;
  }

  @Override
  public PlanText plan() {
    return prepared.text();
  }

  @Override
  public Rewriting rewriting(long mostNanos) {
    return new Rewriting(prepared.rewritten(mostNanos), prepared.ruleNames());
  }

  @Override
  public long elapsedNanos() {
    return run.wallNanos();
  }

  @Override
  public void prioritize(Priority priority) {
    run.prioritize(priority);
  }

  @Override
  public Figures figures() {
    long spilled = 0;
    long disk = 0;
    for (OperatorMeter operator : operators()) {
      SpillMeter spill = operator.spill();
      if (spill != null) {
        spilled += spill.writtenRawBytes();
        disk += spill.writtenBytes();
      }
    }
    long busy = 0;
    for (Node node : run.nodes()) {
      busy += node.meter().busyNanos();
    }
    return new Figures(budget.usedBytes(), budget.peakBytes(), spilled, disk, busy);
  }

  /** Each once; a shared one has one at each place. */
  private List<OperatorMeter> operators() {
    List<OperatorMeter> out = new ArrayList<>();
    collect(above, out);
    return out;
  }

  private static void collect(OperatorMeter meter, List<OperatorMeter> into) {
    for (OperatorMeter input : meter.inputs()) {
      into.add(input);
      collect(input, into);
    }
  }

  // ---- progress

  @Override
  public double share() {
    double all = 0;
    double done = 0;
    for (Node node : run.nodes()) {
      if (node.origin() instanceof Flow.Origin origin) {
        double part = part(node, origin);
        if (part >= 0) {
          double weight = weight(origin);
          all += weight;
          done += weight * part;
        }
      }
    }
    return all == 0 ? -1 : done / all;
  }

  /** Rows that are expected to come; at the build of a join its smaller side, not what it gives. */
  private static double weight(Flow.Origin origin) {
    Lowered node = origin.operators().get(0).node();
    double rows = Profile.estimate(node);
    if (origin.gathered() && node.inputs().size() > 1) {
      for (Lowered input : node.inputs()) {
        rows = Math.min(rows, Math.max(1, Profile.estimate(input)));
      }
    }
    return Math.max(1, rows);
  }

  /** Negative: it does not count. */
  private static double part(Node node, Flow.Origin origin) {
    if (!origin.operators().get(0).isOperator() || !(origin.scans() || origin.gathered())) {
      return -1;
    }
    if (node.isEnded()) {
      return 1;
    }
    if (origin.scans()) {
      OperatorMeter scan = origin.operators().get(0);
      double read = scan.progress();
      return read >= 0
          ? Math.min(1, read * done(node))
          : Math.min(1, scan.figures().rows() / Math.max(1, Profile.estimate(scan.node())));
    }
    if (node.taps().isEmpty() || !(node.taps().get(0) instanceof Pipe<?> pipe)) {
      return -1;
    }
    return pipe.isClosed() ? done(node) : 0;
  }

  /**
   * Share of the morsels that came which are done: they do not wait in the pipe, nor does a lane
   * work on them. What one becomes (the pairs of a cross join) may take for ever.
   */
  private static double done(Node node) {
    long in = 0;
    long out = 0;
    for (Pipe<?> pipe : node.taps().isEmpty() ? List.<Pipe<?>>of() : pipesOf(node.taps().get(0))) {
      in += pipe.meter().itemsIn();
      out += pipe.meter().itemsOut();
    }
    return in == 0 ? 0 : (double) Math.max(0, out - node.permits()) / in;
  }

  // ---- graph

  @Override
  public GraphSnapshot graph(boolean texts) {
    List<Node> nodes = run.nodes();
    Map<Pipe<?>, PipeSeen> pipes = new IdentityHashMap<>();
    List<PipeSeen> inOrder = new ArrayList<>();
    List<GraphSnapshot.Node> out = new ArrayList<>();
    Set<OperatorMeter> counted = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      out.add(node(i, nodes.get(i), pipes, inOrder, counted));
    }
    List<GraphSnapshot.Pipe> all = new ArrayList<>();
    for (PipeSeen seen : inOrder) {
      all.add(pipe(seen));
    }
    List<GraphSnapshot.Operator> operators = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (OperatorMeter root : above.inputs()) {
      add(root, 0, texts, seen, operators);
    }
    return new GraphSnapshot(run.wallNanos(), out, all, operators);
  }

  /** A pipe at its place in the graph. */
  private static final class PipeSeen {
    private final int index;
    private final Pipe<?> pipe;
    private boolean ofMorsels;

    PipeSeen(int index, Pipe<?> pipe) {
      this.index = index;
      this.pipe = pipe;
    }
  }

  private static PipeSeen seen(Pipe<?> pipe, Map<Pipe<?>, PipeSeen> pipes, List<PipeSeen> inOrder) {
    PipeSeen known = pipes.get(pipe);
    if (known == null) {
      known = new PipeSeen(inOrder.size(), pipe);
      pipes.put(pipe, known);
      inOrder.add(known);
    }
    return known;
  }

  private static GraphSnapshot.Node node(
      int index,
      Node node,
      Map<Pipe<?>, PipeSeen> pipes,
      List<PipeSeen> inOrder,
      Set<OperatorMeter> counted) {
    List<Integer> inputs = new ArrayList<>();
    Flow.Origin origin = node.origin() instanceof Flow.Origin o ? o : null;
    boolean first = true;
    for (Tap<?> tap : node.taps()) {
      for (Pipe<?> pipe : pipesOf(tap)) {
        PipeSeen seen = seen(pipe, pipes, inOrder);
        inputs.add(seen.index);
        seen.ofMorsels |= first && origin != null && (origin.scans() || origin.gathered());
      }
      first = false;
    }
    Feed<Batch> feed = node.feed();
    int output = -1;
    if (feed instanceof Pipe<?> pipe) {
      PipeSeen seen = seen(pipe, pipes, inOrder);
      output = seen.index;
    }
    Set<Integer> ids = new LinkedHashSet<>();
    long held = 0;
    long peak = 0;
    long spilled = 0;
    if (origin != null) {
      for (OperatorMeter operator : origin.operators()) {
        if (operator.isOperator()) {
          ids.add(operator.node().integer("id"));
          if (counted.add(operator)) {
            held += operator.budget().usedBytes();
            peak += operator.budget().peakBytes();
            SpillMeter spill = operator.spill();
            spilled += spill == null ? 0 : spill.writtenRawBytes();
          }
        }
      }
    }
    NodeMeter m = node.meter();
    return new GraphSnapshot.Node(
        index,
        node.name(),
        List.copyOf(ids),
        List.copyOf(inputs),
        output,
        node.outputName(),
        node.gateNames(),
        node.permits(),
        node.permitsInUse(),
        node.isOrdered(),
        node.isEnded(),
        m.tasks(),
        m.busyNanos(),
        m.batchesIn(),
        m.rowsIn(),
        m.batches(),
        m.rows(),
        held,
        peak,
        spilled);
  }

  private static List<Pipe<?>> pipesOf(Tap<?> tap) {
    List<Pipe<?>> out = new ArrayList<>();
    if (tap instanceof Pipe<?> pipe) {
      out.add(pipe);
    } else if (tap instanceof Mux<?> mux) {
      for (Tap<?> input : mux.inputs()) {
        out.addAll(pipesOf(input));
      }
    }
    return out;
  }

  private static GraphSnapshot.Pipe pipe(PipeSeen seen) {
    PipeMeter m = seen.pipe.meter();
    return new GraphSnapshot.Pipe(
        seen.index,
        seen.pipe.name(),
        seen.ofMorsels,
        seen.pipe.isClosed(),
        m.itemsIn(),
        m.rowsIn(),
        m.bytesIn(),
        m.itemsOut(),
        m.rowsOut(),
        m.bytesOut(),
        m.itemsWaiting(),
        m.rowsWaiting(),
        m.bytesWaiting(),
        m.itemsDropped(),
        m.capacityBytes(),
        segments(seen.pipe, m));
  }

  private static List<Segments> segments(Pipe<?> pipe, PipeMeter m) {
    if (!(pipe instanceof CompositePipe composite)) {
      return List.of(new Segments("heap", m.bytesWaiting(), m.bytesIn(), 1));
    }
    List<Segments> out = new ArrayList<>();
    long heap = Math.max(0, m.bytesIn() - composite.overflowedBytes());
    out.add(new Segments("heap", composite.residentBytes(), heap, 1));
    for (CompositePipe.Place p : composite.overflowPlaces()) {
      out.add(new Segments(p.kind(), p.bytesWaiting(), p.bytesSoFar(), p.opened()));
    }
    return out;
  }

  private static void add(
      OperatorMeter meter,
      int depth,
      boolean texts,
      Set<Integer> seen,
      List<GraphSnapshot.Operator> out) {
    Lowered node = meter.node();
    List<OperatorMeter> inputs = meter.inputs();
    long rowsIn = 0;
    for (OperatorMeter input : inputs) {
      rowsIn += input.figures().rows();
    }
    OperatorMeter.Figures f = meter.figures();
    @Nullable SpillMeter spill = meter.spill();
    int id = node.integer("id");
    String again = seen.add(id) ? "" : " (as above)";
    out.add(
        new GraphSnapshot.Operator(
            id,
            node.op(),
            depth,
            (texts ? meter.line() : node.op()) + again,
            Profile.estimate(node),
            rowsIn,
            f.rows(),
            f.batches(),
            f.nanos(),
            meter.budget().usedBytes(),
            meter.budget().peakBytes(),
            spill == null ? 0 : spill.writtenRawBytes(),
            spill == null ? 0 : spill.writtenBytes(),
            meter.progress(),
            f.readBytes(),
            f.readPieces(),
            f.skippedPieces(),
            f.pieces()));
    for (OperatorMeter input : inputs) {
      add(input, depth + 1, texts, seen, out);
    }
  }
}
