package dev.penstock.compiler.queries;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes of shares that waver one that only grows, and of the rest of the time an estimate that
 * follows slowly.
 *
 * <p>Concurrency: everything under the monitor, which only those who ask take.
 */
final class ProgressEstimate {
  private static final double FOLLOW_NANOS = 2e9;
  private static final double LEAST_SHARE = 0.01;

  /** What is not ended is not whole. */
  private static final double MOST_SHARE = 0.99;

  private double share = -1;
  private double left = -1;
  private long at;

  /**
   * @param now the share as it was measured now, negative when unknown
   * @param elapsedNanos since the plan began to run
   */
  synchronized QueryProgress next(double now, long elapsedNanos, long rows) {
    share = Math.max(share, Math.min(now, MOST_SHARE));
    if (share < LEAST_SHARE) {
      return new QueryProgress(share, rows, null);
    }
    double measured = elapsedNanos * (1 - share) / share;
    if (left < 0) {
      left = measured;
    } else {
      double passed = Math.max(0, elapsedNanos - at);
      double expected = Math.max(0, left - passed);
      left = expected + (measured - expected) * (1 - Math.exp(-passed / FOLLOW_NANOS));
    }
    at = elapsedNanos;
    return new QueryProgress(share, rows, duration());
  }

  /** The share that was told last; negative: none. */
  synchronized double lastShare() {
    return share;
  }

  private @Nullable Duration duration() {
    return Duration.ofMillis(Math.round(left / 1e6));
  }
}
