package dev.penstock.compiler.jmx;

/** Figures of an engine. Bytes are those of budgets: what is reserved, not what a JVM measures. */
@Says("Figures of an engine. Bytes are what queries have reserved, not what the JVM measures.")
public interface EngineMXBean {
  @Says("Compute threads.")
  int getWorkers();

  @Says("Bytes: the cap of everything that queries hold.")
  long getMemoryCapBytes();

  @Says("Bytes that queries hold now.")
  long getMemoryUsedBytes();

  @Says("Bytes: the most that queries held at once.")
  long getMemoryPeakBytes();

  @Says("Bytes that queries have on disk now.")
  long getSpilledBytes();

  @Says("Bytes that queries have written to disk so far.")
  long getSpilledBytesSoFar();

  @Says("Whether the heap is so full that operators go to disk for it.")
  boolean isHeapTight();

  @Says("Queries that have begun and not ended, waiting ones included.")
  int getRunningQueries();

  @Says("Of the running queries, those that wait for memory.")
  int getQueuedQueries();

  @Says("Queries that have begun so far.")
  long getBegunQueries();
}
