package dev.penstock.compiler.queries;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an engine sets for all its queries.
 *
 * @param timeout of a query that names none; null: it may take for ever
 * @param maxTimeout no query may take longer, whatever it asks for, then or later; null: no bound
 * @param queueTimeout so long a query that names none waits for memory that others hold
 * @param idleTimeout so long the result of a query that names none may lie unread; null: for ever
 * @param history so many ended queries are remembered, the last ones
 * @param slow a query that took so long is logged when it ends ({@code dev.penstock.slow}); null:
 *     none is
 */
public record QueryLimits(
    @Nullable Duration timeout,
    @Nullable Duration maxTimeout,
    Duration queueTimeout,
    @Nullable Duration idleTimeout,
    int history,
    @Nullable Duration slow) {

  public QueryLimits {
    QueryOptions.positive("timeout", timeout);
    QueryOptions.positive("maximum of timeouts", maxTimeout);
    QueryOptions.positive("queue timeout", queueTimeout);
    QueryOptions.positive("idle timeout", idleTimeout);
    QueryOptions.positive("time of slow queries", slow);
    if (history < 0) {
      throw new IllegalArgumentException("expected a history of at least 0, got " + history);
    }
  }

  /** No timeouts, but 30 seconds in the queue; the last 200 queries are remembered. */
  public static QueryLimits defaults() {
    return new QueryLimits(null, null, Duration.ofSeconds(30), null, 200, null);
  }

  public QueryLimits withTimeout(@Nullable Duration usual) {
    return new QueryLimits(usual, maxTimeout, queueTimeout, idleTimeout, history, slow);
  }

  public QueryLimits withMaxTimeout(@Nullable Duration longest) {
    return new QueryLimits(timeout, longest, queueTimeout, idleTimeout, history, slow);
  }

  public QueryLimits withQueueTimeout(Duration usual) {
    return new QueryLimits(timeout, maxTimeout, usual, idleTimeout, history, slow);
  }

  public QueryLimits withIdleTimeout(@Nullable Duration usual) {
    return new QueryLimits(timeout, maxTimeout, queueTimeout, usual, history, slow);
  }

  public QueryLimits withHistory(int queries) {
    return new QueryLimits(timeout, maxTimeout, queueTimeout, idleTimeout, queries, slow);
  }

  public QueryLimits withSlow(@Nullable Duration least) {
    return new QueryLimits(timeout, maxTimeout, queueTimeout, idleTimeout, history, least);
  }

  /** The timeout of a query that asks for one, or for none. */
  @Nullable Duration timeoutFor(@Nullable Duration asked) {
    Duration usual = asked == null ? timeout : asked;
    Duration most = maxTimeout;
    return most != null && (usual == null || usual.compareTo(most) > 0) ? most : usual;
  }
}
