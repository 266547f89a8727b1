package dev.penstock.sources.parquet;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * What is reserved for the morsels of one row group: the bytes of its chunks until the last of them
 * has ended, and room for the pages that a decoder will decompress, until the first of them begins
 * and the decoder reserves for itself.
 *
 * <p>Concurrency: atomics; each part is given back by the one thread that takes it out.
 */
final class RowGroupHold {
  private final Runnable ended;
  private final AtomicLong workspaceBytes;
  private final AtomicInteger sharers;
  private final LongConsumer giveBack;

  /**
   * @param giveBack takes bytes of the workspace that are free again
   * @param ended called once, when nobody reads the chunks any more
   */
  RowGroupHold(long workspaceBytes, int sharers, LongConsumer giveBack, Runnable ended) {
    this.ended = ended;
    this.workspaceBytes = new AtomicLong(workspaceBytes);
    this.sharers = new AtomicInteger(sharers);
    this.giveBack = giveBack;
  }

  void begun() {
    long free = workspaceBytes.getAndSet(0);
    if (free > 0) {
      giveBack.accept(free);
    }
  }

  /** A decoder has done with one of the morsels. */
  void ended() {
    begun();
    if (sharers.decrementAndGet() == 0) {
      ended.run();
    }
  }
}
