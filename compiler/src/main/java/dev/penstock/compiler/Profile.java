package dev.penstock.compiler;

import clojure.lang.IDeref;
import dev.penstock.nodes.spill.SpillMeter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a query did: each operator of the lowered plan with the rows that it gave, beside the
 * estimate, and where time and memory went. Taken while a query runs, its figures are a little late
 * and belong to slightly different moments.
 *
 * @param operators in the order of the plan: each before those below it
 * @param wallNanos from the start until the end, or until now
 * @param planningNanos reading, checking, rewriting and lowering the plan
 * @param peakBytes the most that the query held at once
 */
public record Profile(
    List<Operator> operators,
    long wallNanos,
    long planningNanos,
    long peakBytes,
    Pressure pressure) {

  /**
   * What the query met, and what its pipes did about it.
   *
   * @param tightNanos so long the heap was tight
   * @param pool the pool of the heap that was; empty when none was
   * @param tightBytes from how much on it is tight
   * @param outOfHeapBytes of batches that waited in pipes elsewhere than on the heap
   * @param outOfHeap where: "chronicle", "mapped"
   */
  public record Pressure(
      long tightNanos, String pool, long tightBytes, long outOfHeapBytes, String outOfHeap) {
    static final Pressure NONE = new Pressure(0, "", 0, 0, "");
  }

  /**
   * One operator at one place of the plan.
   *
   * @param id the operator's id in the lowered plan; a shared subplan has one id at all its places
   * @param depth 0 for the root
   * @param text the operator and its arguments, as EXPLAIN shows it
   * @param estimatedRows negative when there is no estimate
   * @param rowsIn what the operators below gave; 0 for a leaf
   * @param rows what the operator gave
   * @param batches in which it gave them
   * @param busyNanos summed over tasks, without what is below; 0 when the query was not run with
   *     {@link Engine#runTimed}
   * @param peakBytes the most that the operator itself held at once
   * @param spilledBytes of rows that went to disk, before compression
   * @param diskBytes what was written for them
   * @param scan null for what is no scan, and for a scan that cannot tell
   */
  public record Operator(
      int id,
      String op,
      int depth,
      String text,
      double estimatedRows,
      long rowsIn,
      long rows,
      long batches,
      long busyNanos,
      long peakBytes,
      long spilledBytes,
      long diskBytes,
      @org.jspecify.annotations.Nullable Scanned scan) {}

  /**
   * What a scan read.
   *
   * @param pieces what the pieces are: row groups, blocks
   */
  public record Scanned(long readBytes, long readPieces, long skippedPieces, String pieces) {}

  static Profile of(
      OperatorMeter above, long wallNanos, long planningNanos, long peakBytes, Pressure pressure) {
    List<Operator> out = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (OperatorMeter root : above.inputs()) {
      add(root, 0, seen, out);
    }
    return new Profile(List.copyOf(out), wallNanos, planningNanos, peakBytes, pressure);
  }

  private static void add(OperatorMeter meter, int depth, Set<Integer> seen, List<Operator> out) {
    Lowered node = meter.node();
    int id = node.integer("id");
    long rowsIn = 0;
    for (OperatorMeter input : meter.inputs()) {
      rowsIn += input.figures().rows();
    }
    OperatorMeter.Figures f = meter.figures();
    SpillMeter spill = meter.spill();
    out.add(
        new Operator(
            id,
            node.op(),
            depth,
            PlanBridge.line(node) + (seen.add(id) ? "" : " (as above)"),
            estimate(node),
            rowsIn,
            f.rows(),
            f.batches(),
            f.nanos(),
            meter.budget().peakBytes(),
            spill == null ? 0 : spill.writtenRawBytes(),
            spill == null ? 0 : spill.writtenBytes(),
            f.pieces().isEmpty()
                ? null
                : new Scanned(f.readBytes(), f.readPieces(), f.skippedPieces(), f.pieces())));
    for (OperatorMeter input : meter.inputs()) {
      add(input, depth + 1, seen, out);
    }
  }

  /** The key {@code rows} of a {@code values} is the rows themselves. */
  static double estimate(Lowered node) {
    Object known = node.get("rows");
    Object rows = known instanceof IDeref late ? late.deref() : known;
    return rows instanceof List<?> all
        ? all.size()
        : rows instanceof Number n ? n.doubleValue() : -1;
  }

  /** Bytes of rows that went to disk, before compression. */
  public long spilledBytes() {
    return operators.stream().mapToLong(Operator::spilledBytes).sum();
  }

  /** A tree with a line for each operator and aligned columns, for people. */
  public String text() {
    return ProfileText.of(this);
  }
}
