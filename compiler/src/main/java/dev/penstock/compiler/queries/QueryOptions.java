package dev.penstock.compiler.queries;

import dev.penstock.nodes.Priority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say about one query.
 *
 * <pre>{@code
 * QueryOptions.defaults().withOwner("ann").withTimeout(Duration.ofSeconds(5))
 * }</pre>
 *
 * @param owner who asks, as the host program names them; empty when nobody is named
 * @param text what was asked, for people; null: the plan as it was written
 * @param timeout from the beginning, planning and waiting included, until the last row is read;
 *     null: the engine's default
 * @param queueTimeout so long it waits at most for memory; null: the engine's default
 * @param idleTimeout so long its result may lie unread between two calls of its reader; null: the
 *     engine's default
 */
public record QueryOptions(
    String owner,
    @Nullable String text,
    @Nullable Duration timeout,
    @Nullable Duration queueTimeout,
    @Nullable Duration idleTimeout,
    Priority priority,
    long memoryBytes) {
  private static final QueryOptions DEFAULTS =
      new QueryOptions("", null, null, null, null, Priority.NORMAL, Long.MAX_VALUE);

  public QueryOptions {
    positive("timeout", timeout);
    positive("queue timeout", queueTimeout);
    positive("idle timeout", idleTimeout);
    if (memoryBytes <= 0) {
      throw new IllegalArgumentException("expected a positive cap of memory, got " + memoryBytes);
    }
  }

  static void positive(String what, @Nullable Duration duration) {
    if (duration != null && (duration.isNegative() || duration.isZero())) {
      throw new IllegalArgumentException("expected a positive " + what + ", got " + duration);
    }
  }

  /** Nobody named, no timeout of its own, normal priority. */
  public static QueryOptions defaults() {
    return DEFAULTS;
  }

  public QueryOptions withOwner(String who) {
    return new QueryOptions(who, text, timeout, queueTimeout, idleTimeout, priority, memoryBytes);
  }

  public QueryOptions withText(@Nullable String what) {
    return new QueryOptions(owner, what, timeout, queueTimeout, idleTimeout, priority, memoryBytes);
  }

  public QueryOptions withTimeout(@Nullable Duration longest) {
    return new QueryOptions(owner, text, longest, queueTimeout, idleTimeout, priority, memoryBytes);
  }

  public QueryOptions withQueueTimeout(@Nullable Duration longest) {
    return new QueryOptions(owner, text, timeout, longest, idleTimeout, priority, memoryBytes);
  }

  public QueryOptions withIdleTimeout(@Nullable Duration longest) {
    return new QueryOptions(owner, text, timeout, queueTimeout, longest, priority, memoryBytes);
  }

  public QueryOptions withPriority(Priority which) {
    return new QueryOptions(owner, text, timeout, queueTimeout, idleTimeout, which, memoryBytes);
  }

  public QueryOptions withMemoryBytes(long most) {
    return new QueryOptions(owner, text, timeout, queueTimeout, idleTimeout, priority, most);
  }
}
