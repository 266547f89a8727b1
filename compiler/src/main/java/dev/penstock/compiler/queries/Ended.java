package dev.penstock.compiler.queries;

import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is remembered of a query that has ended: no tables, no rows. */
record Ended(
    QueryState state,
    @Nullable Reason cause,
    @Nullable PenstockException error,
    long elapsedNanos,
    QueryProgress progress,
    LivePlan.Figures figures,
    GraphSnapshot graph,
    LivePlan.@Nullable PlanText plan,
    LivePlan.Rewriting rewriting) {
  /** Who stopped a query waits for the text; one that came to its end may take its time for it. */
  private static final long MOST_PRINTING_NANOS = 1_000_000_000;

  private static final long MOST_PRINTING_STOPPED_NANOS = 50_000_000;

  static Ended of(
      @Nullable Reason cause,
      @Nullable PenstockException error,
      long elapsedNanos,
      @Nullable LivePlan plan,
      boolean keepsText,
      double lastShare,
      long rows,
      Queries registry) {
    QueryState state =
        cause == null
            ? QueryState.DONE
            : switch (cause) {
              case ERROR -> QueryState.FAILED;
              case DEADLINE -> QueryState.TIMED_OUT;
              case PERSON, CALLER, CLIENT_GONE, SHUTDOWN -> QueryState.CANCELLED;
            };
    double share = state == QueryState.DONE ? 1 : lastShare;
    return new Ended(
        state,
        cause,
        error,
        elapsedNanos,
        new QueryProgress(share, rows, state == QueryState.DONE ? Duration.ZERO : null),
        plan == null ? LivePlan.Figures.NONE : plan.figures(),
        plan != null && registry.keepsGraph(plan.elapsedNanos())
            ? plan.graph(keepsText)
            : GraphSnapshot.EMPTY,
        plan == null || !keepsText ? null : plan.plan(),
        plan != null && keepsText && registry.keepsRewriting(plan.elapsedNanos())
            ? plan.rewriting(cause == null ? MOST_PRINTING_NANOS : MOST_PRINTING_STOPPED_NANOS)
            : LivePlan.Rewriting.NONE);
  }
}
