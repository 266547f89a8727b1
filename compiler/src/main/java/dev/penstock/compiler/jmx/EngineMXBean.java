package dev.penstock.compiler.jmx;

/** Figures of an engine. Bytes are those of budgets: what is reserved, not what a JVM measures. */
public interface EngineMXBean {
  /** Compute threads. */
  int getWorkers();

  /** The cap of everything that queries hold. */
  long getMemoryCapBytes();

  long getMemoryUsedBytes();

  /** The most that was held at once. */
  long getMemoryPeakBytes();

  /** What queries have on disk now. */
  long getSpilledBytes();

  /** What queries have written to disk so far. */
  long getSpilledBytesSoFar();

  /** Whether the heap is so full that operators spill for it. */
  boolean isHeapTight();

  int getRunningQueries();

  /** Of those that run: waiting for memory. */
  int getQueuedQueries();

  /** Queries that have begun so far. */
  long getBegunQueries();
}
