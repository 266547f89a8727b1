package dev.penstock.sources;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells a scan when it has delivered enough. Morsels are decoded in any order, but a limit means
 * the first rows of the data: only a gapless row of finished morsels counts.
 *
 * <p>Concurrency: all fields under the monitor; it is taken once a morsel.
 */
public final class RowLimit {
  private final long limit;
  private final Map<Integer, Long> waiting = new HashMap<>();
  private int prefix;
  private long rows;

  /**
   * @param limit negative for none
   */
  public RowLimit(long limit) {
    this.limit = limit;
  }

  /** How many rows one morsel need deliver at most. */
  public long perMorsel() {
    return limit < 0 ? Long.MAX_VALUE : limit;
  }

  /**
   * The morsel with this number (from 0 on, in the order of the data) was decoded and gave so many
   * rows.
   */
  public synchronized void finished(int morsel, long morselRows) {
    if (limit < 0) {
      return;
    }
    waiting.put(morsel, morselRows);
    for (Long next = waiting.remove(prefix); next != null; next = waiting.remove(prefix)) {
      rows += next;
      prefix++;
    }
  }

  /** No further morsel is wanted. */
  public synchronized boolean reached() {
    return limit >= 0 && rows >= limit;
  }
}
