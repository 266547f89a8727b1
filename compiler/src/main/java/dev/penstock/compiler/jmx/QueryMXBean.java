package dev.penstock.compiler.jmx;

/**
 * A query that runs: {@code dev.penstock:type=Query,name=NAME,id=ID}. It is there once the query
 * has run for a tenth of a second, and goes soon after its end; what is shorter, and what has
 * ended, {@link QueriesMXBean} has.
 */
public interface QueryMXBean extends QueryFigures {
  /** The living graph as text, one line a node and a pipe; empty when there is none yet. */
  String graph();

  /**
   * Stops it.
   *
   * @param by who does it, for the message that the query's caller gets
   * @return whether this call stopped it
   */
  boolean cancel(String by);

  /**
   * Another deadline.
   *
   * @param secondsFromNow negative: none
   * @return whether it is still under way
   */
  boolean setDeadline(long secondsFromNow);

  /**
   * @param priority LOW, NORMAL or HIGH
   * @return whether it is still under way
   */
  boolean setPriority(String priority);
}
