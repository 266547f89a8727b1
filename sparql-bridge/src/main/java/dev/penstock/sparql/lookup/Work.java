package dev.penstock.sparql.lookup;

import dev.penstock.monitor.CancellationToken;

/**
 * How much may still be done: triples that are read, rows that are made or compared. One thread.
 *
 * <p>All rows of a query together are bounded by it, so that they need no reservation: at most
 * {@value #MOST} rows of a few longs.
 */
final class Work {
  static final int MOST = 4000;

  /** The token is asked about so often. */
  private static final int CHECK = 256;

  private final CancellationToken token;
  private long left = MOST;
  private long unchecked;

  Work(CancellationToken token) {
    this.token = token;
  }

  /** Whether so much may be done; nothing is taken. */
  boolean allows(long steps) {
    return steps <= left;
  }

  void take(long steps) {
    left -= steps;
    if (left < 0) {
      throw Declined.NOW;
    }
    unchecked += steps;
    if (unchecked >= CHECK) {
      unchecked = 0;
      token.check();
    }
  }
}
