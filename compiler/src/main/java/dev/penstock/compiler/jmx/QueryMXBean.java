package dev.penstock.compiler.jmx;

/**
 * A query that runs: {@code dev.penstock:type=Query,name=NAME,id=ID}. It is there once the query
 * has run for a tenth of a second, and goes soon after its end; what is shorter, and what has
 * ended, {@link QueriesMXBean} has.
 */
@Says("A query that runs.")
public interface QueryMXBean extends QueryFigures {
  @Says("What its nodes and pipes do now, one line for each; empty if there is no graph yet.")
  String graph();

  @Says("Stops it, whatever it is doing; gives whether this call stopped it.")
  boolean cancel(@Says(QueriesMXBean.BY) String by);

  @Says("Another deadline; gives whether it is still under way.")
  boolean setDeadline(@Says(QueriesMXBean.SECONDS) long secondsFromNow);

  @Says("Another share of the compute threads; gives whether it is still under way.")
  boolean setPriority(@Says(QueriesMXBean.PRIORITY) String priority);
}
