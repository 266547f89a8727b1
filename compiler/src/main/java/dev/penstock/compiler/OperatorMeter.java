package dev.penstock.compiler;

import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.Budget;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.MeteredStep;
import dev.penstock.nodes.ScanMeter;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.StepMeter;
import dev.penstock.nodes.spill.SpillMeter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one operator of a running plan does: one for each place in the plan, so a shared subplan has
 * one at each use. It has its own budget below the query's, and a meter for each step and lane.
 *
 * <p>A graph may be built more than once over the same meters (the rounds of a recursion); what the
 * steps of the graph before did is added up then.
 *
 * <p>Concurrency: everything but {@code line} under the monitor of this; lanes take it once, when
 * they begin, not per batch.
 */
final class OperatorMeter {
  private static final int MOST_HOLDERS = 8;

  private final @Nullable Lowered node;
  private final Budget root;
  private final Budget budget;
  private final @Nullable SpillSpace space;
  private final @Nullable SpillMeter spill;
  private final boolean timed;
  private final List<OperatorMeter> inputs = new ArrayList<>();
  private final List<OperatorMeter> parts = new ArrayList<>();
  private final List<StepMeter> steps = new ArrayList<>();
  private final List<StepMeter> givers = new ArrayList<>();
  private @Nullable Cell<Source.Scan> scan;
  private Figures before = Figures.NONE;
  private long closingNanos;
  private int visited;

  /** Printed when it was first asked for; two who ask at once print the same. */
  private volatile @Nullable String line;

  /** Built for a graph that never ran, and for no other. */
  private boolean idle;

  private OperatorMeter(
      @Nullable Lowered node,
      Budget root,
      Budget budget,
      @Nullable SpillSpace space,
      @Nullable SpillMeter spill,
      boolean timed) {
    this.node = node;
    this.root = root;
    this.budget = budget;
    this.space = space;
    this.spill = spill;
    this.timed = timed;
  }

  /** What an operator did so far; {@code pieces} is empty when its scan cannot tell. */
  record Figures(
      long rows,
      long batches,
      long nanos,
      long readBytes,
      long readPieces,
      long skippedPieces,
      String pieces) {
    static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, "");
  }

  /** What stands above the root of a plan. */
  static OperatorMeter above(Budget query, @Nullable SpillSpace space, boolean timed) {
    return new OperatorMeter(null, query, query, space, null, timed);
  }

  /** What the operator holds; a child of the query's. */
  Budget budget() {
    return budget;
  }

  /** Where the operator spills to; null: nowhere. */
  @Nullable SpillMeter spill() {
    return spill;
  }

  /** Who holds how much now, the most first: for the message of a query that must fail. */
  String holders() {
    List<OperatorMeter> all = new ArrayList<>();
    collect(all);
    StringBuilder out = new StringBuilder();
    all.stream()
        .filter(m -> m.budget.usedBytes() > 0)
        .sorted(Comparator.comparingLong((OperatorMeter m) -> -m.budget.usedBytes()))
        .limit(MOST_HOLDERS)
        .forEach(
            m ->
                out.append(out.length() == 0 ? "" : ", ")
                    .append(m.budget.name())
                    .append(' ')
                    .append(m.budget.usedBytes()));
    return out.toString();
  }

  /** What this operator and those below it hold now stays theirs as long as the query runs. */
  void keepWhatIsHeld() {
    List<OperatorMeter> all = new ArrayList<>();
    collect(all);
    all.forEach(
        m -> {
          m.budget.guarantee(m.budget.usedBytes());
          m.markIdle(m != this);
        });
  }

  private synchronized void markIdle(boolean is) {
    idle = is;
  }

  private synchronized boolean isIdle() {
    return idle;
  }

  private synchronized void collect(List<OperatorMeter> into) {
    if (node != null) {
      into.add(this);
    }
    inputs.forEach(input -> input.collect(into));
  }

  /** Whether it stands for an operator, and is not what stands above the root. */
  boolean isOperator() {
    return node != null;
  }

  /** Share of its source that the scan has read; negative: it cannot tell, or it is no scan. */
  synchronized double progress() {
    Cell<Source.Scan> opened = scan;
    return opened == null ? -1 : opened.isSet() ? opened.get().progress() : 0;
  }

  Lowered node() {
    return java.util.Objects.requireNonNull(node);
  }

  /** The operator in one line; printed once, for who looks again and again. */
  String line() {
    String known = line;
    if (known == null) {
      known = PlanBridge.line(node());
      line = known;
    }
    return known;
  }

  /** The graph below is built, perhaps once more. */
  synchronized void begin() {
    before = figures();
    parts.clear();
    steps.clear();
    givers.clear();
    closingNanos = 0;
    scan = null;
    visited = 0;
    idle = false;
  }

  /** The next operator below this one; when the graph is built once more, the same as before. */
  synchronized OperatorMeter input(Lowered below) {
    if (visited == inputs.size()) {
      Budget own = root.child(below.op() + " " + below.integer("id"));
      SpillMeter spilled = space == null ? null : new SpillMeter(space);
      inputs.add(new OperatorMeter(below, root, own, space, spilled, timed));
    }
    return inputs.get(visited++);
  }

  /** For steps of the operator in graphs that are built again and again: their time is its time. */
  synchronized OperatorMeter part() {
    OperatorMeter part = new OperatorMeter(node, root, budget, space, spill, timed);
    parts.add(part);
    return part;
  }

  /**
   * A step of the operator.
   *
   * @param gives whether what it gives is what the operator gives
   */
  <T> Step<T> metered(Step<T> step, boolean gives) {
    StepMeter meter = new StepMeter();
    synchronized (this) {
      (gives ? givers : steps).add(meter);
    }
    return new MeteredStep<>(step, meter, timed);
  }

  /** What a breaker does when it has everything. */
  Runnable metered(Runnable closing) {
    if (!timed) {
      return closing;
    }
    return () -> {
      long start = System.nanoTime();
      closing.run();
      took(System.nanoTime() - start);
    };
  }

  private synchronized void took(long nanos) {
    closingNanos += nanos;
  }

  synchronized void scans(Cell<Source.Scan> opened) {
    scan = opened;
  }

  synchronized Figures figures() {
    long rows = before.rows;
    long batches = before.batches;
    long nanos = before.nanos + closingNanos;
    for (StepMeter m : givers) {
      rows += m.rows();
      batches += m.batches();
      nanos += m.nanos();
    }
    for (StepMeter m : steps) {
      nanos += m.nanos();
    }
    for (OperatorMeter part : parts) {
      nanos += part.figures().nanos;
    }
    long readBytes = before.readBytes;
    long readPieces = before.readPieces;
    long skippedPieces = before.skippedPieces;
    String pieces = before.pieces;
    if (scan != null && scan.isSet() && scan.get() instanceof ScanMeter m) {
      readBytes += m.readBytes();
      readPieces += m.readPieces();
      skippedPieces += m.skippedPieces();
      pieces = m.pieces();
    }
    return new Figures(rows, batches, nanos, readBytes, readPieces, skippedPieces, pieces);
  }

  /** The operators below, in the order of the plan's inputs; what else there is comes first. */
  synchronized List<OperatorMeter> inputs() {
    List<OperatorMeter> out = new ArrayList<>(inputs);
    out.removeIf(OperatorMeter::isIdle);
    if (node != null) {
      List<Integer> order = node.inputs().stream().map(n -> n.integer("id")).toList();
      out.sort(Comparator.comparingInt(m -> order.indexOf(m.node().integer("id"))));
    }
    return out;
  }
}
