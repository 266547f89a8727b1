package dev.penstock.compiler.queries;

import java.util.List;

/**
 * The graph of a query at one moment: nodes, the pipes between them, and the operators of the plan
 * whose work they do. Its figures are a little late and belong to slightly different moments. The
 * nodes of the rounds of a recursion come and go and are not in it; their operators are.
 *
 * @param elapsedNanos since the plan began to run
 * @param nodes in the order in which they were built: those below first
 * @param operators in the order of the plan, each before those below it; empty when the query ended
 *     so soon that they were not kept
 */
public record GraphSnapshot(
    long elapsedNanos, List<Node> nodes, List<Pipe> pipes, List<Operator> operators) {
  /** Of a query that does not run yet, or of which no graph was kept. */
  public static final GraphSnapshot EMPTY = new GraphSnapshot(0, List.of(), List.of(), List.of());

  public GraphSnapshot {
    nodes = List.copyOf(nodes);
    pipes = List.copyOf(pipes);
    operators = List.copyOf(operators);
  }

  /**
   * A node.
   *
   * @param index its place in {@link #nodes}
   * @param operators ids of the operators whose steps it has, in the order of the flow
   * @param inputs places in {@link #pipes}
   * @param output a place in {@link #pipes}; negative when its output is no pipe
   * @param makes the name of the pipe, or of what its close task makes
   * @param gates what must be there before it begins
   * @param permits tasks that may run at once
   * @param permitsInUse tasks submitted or running now
   * @param ended it will do nothing more
   * @param tasks run so far
   * @param busyNanos summed over tasks
   * @param rowsIn of the batches that it took; morsels do not count
   * @param memoryBytes held now by its operators; an operator that has steps in several nodes
   *     counts in the first of them
   * @param spilledBytes of rows that its operators put on disk, before compression
   */
  public record Node(
      int index,
      String name,
      List<Integer> operators,
      List<Integer> inputs,
      int output,
      String makes,
      List<String> gates,
      int permits,
      int permitsInUse,
      boolean ordered,
      boolean ended,
      long tasks,
      long busyNanos,
      long batchesIn,
      long rowsIn,
      long batchesOut,
      long rowsOut,
      long memoryBytes,
      long peakMemoryBytes,
      long spilledBytes) {}

  /**
   * A pipe.
   *
   * @param index its place in {@link #pipes}
   * @param ofMorsels whether its items are morsels (pieces of a scan, or of what a breaker
   *     gathered) and not batches
   * @param rowsIn negative when unknown: morsels are counted where they become batches
   * @param rowsOut as rowsIn
   * @param rowsWaiting as rowsIn
   * @param dropped items that nobody will read: it was stopped, or failed
   * @param capacityBytes it is full when so much waits
   * @param segments where what waits lies; one, of the heap, for a pipe that never leaves it
   */
  public record Pipe(
      int index,
      String name,
      boolean ofMorsels,
      boolean closed,
      long itemsIn,
      long rowsIn,
      long bytesIn,
      long itemsOut,
      long rowsOut,
      long bytesOut,
      long itemsWaiting,
      long rowsWaiting,
      long bytesWaiting,
      long dropped,
      long capacityBytes,
      List<Segments> segments) {}

  /**
   * Segments of one kind.
   *
   * @param kind "heap", "mapped", "chronicle", "disk", "object"
   * @param bytesWaiting of batches in them now
   * @param bytesSoFar of batches that were put into them
   * @param opened how many there have been; 1 for the heap
   */
  public record Segments(String kind, long bytesWaiting, long bytesSoFar, int opened) {}

  /**
   * An operator at its place in the plan.
   *
   * @param id in the lowered plan; a shared subplan has one id at all its places
   * @param depth 0 for the root
   * @param text the operator and its arguments, as EXPLAIN shows it
   * @param estimatedRows negative when there is no estimate
   * @param progress share of its source that a scan has read, 0 to 1; negative for what is no scan
   *     or cannot tell
   * @param busyNanos 0 when the query was not run timed
   * @param spilledBytes of rows that went to disk, before compression
   * @param diskBytes what was written for them
   * @param pieces what a scan reads: "row groups", "chunks"; empty when it cannot tell
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
      long memoryBytes,
      long peakMemoryBytes,
      long spilledBytes,
      long diskBytes,
      double progress,
      long readBytes,
      long readPieces,
      long skippedPieces,
      String pieces) {}
}
