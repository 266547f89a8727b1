package dev.penstock.nodes.join;

import dev.penstock.monitor.Budget;
import dev.penstock.nodes.spill.Workspace;

/**
 * How large a table may become that is kept as long as a query runs, though it could be built anew
 * from rows that are kept anyway: it may take half of what is free.
 *
 * <p>Concurrency: shared by the lanes; once it is exceeded it stays so.
 */
final class KeptLimit {
  private final Budget operator;
  private volatile boolean exceeded;

  KeptLimit(Budget operator) {
    this.operator = operator;
  }

  /** Whether a lane may reserve so many bytes more; they are prepared then. */
  boolean allows(Workspace lane, long bytes) {
    if (!exceeded
        && (operator.availableBytes() < operator.usedBytes() + 2 * bytes || !lane.fits(bytes))) {
      exceeded = true;
    }
    return !exceeded;
  }

  boolean isExceeded() {
    return exceeded;
  }
}
