package dev.penstock.sparql.eval;

import dev.penstock.monitor.CancellationToken;

/** Ends what Jena computes for a query that was cancelled. */
final class Stop {
  private Stop() {}

  /** Throws the cause if the query that this thread works for was cancelled. */
  static void check() {
    CancellationToken token = CancellationToken.current();
    if (token != null) {
      token.check();
    }
  }
}
