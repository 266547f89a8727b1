package dev.penstock.compiler.queries;

import dev.penstock.monitor.CancellationToken.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one engine: those that are under way, and the last that ended.
 *
 * <pre>{@code
 * for (Query query : engine.queries().running()) {
 *   System.out.println(query.id() + " " + query.state() + " " + query.text());
 * }
 * engine.queries().cancel(17, Reason.PERSON, "cancelled by ann");
 * }</pre>
 *
 * <p>Concurrency: thread-safe, concurrent collections; a query that ends is in the history before
 * it leaves those under way, so it is never in neither.
 */
public final class Queries implements AutoCloseable {
  /** The graph of a query that ran shorter is kept only now and then: it would cost too much. */
  private static final long SHORT_NANOS = 5_000_000;

  /** As SHORT_NANOS for the rewritten plan, which takes longer to print. */
  private static final long RATHER_SHORT_NANOS = 20_000_000;

  private static final long NOW_AND_THEN_NANOS = 100_000_000;

  private final QueryLimits limits;
  private final Timers timers = new Timers();
  private final AtomicLong ids = new AtomicLong();
  private final ConcurrentMap<Long, Query> running = new ConcurrentHashMap<>();
  private final ConcurrentLinkedDeque<Query> history = new ConcurrentLinkedDeque<>();
  private final AtomicInteger remembered = new AtomicInteger();
  private final AtomicLong graphKept = new AtomicLong(System.nanoTime() - NOW_AND_THEN_NANOS);
  private final AtomicLong rewritingKept = new AtomicLong(graphKept.get());
  private final CopyOnWriteArrayList<QueryListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  public Queries(QueryLimits limits) {
    this.limits = limits;
  }

  public QueryLimits limits() {
    return limits;
  }

  /** Begins a query, in state PLANNING; whoever does so calls {@link Query#finish} once. */
  public Query begin(QueryOptions options) {
    Query query = new Query(this, ids.incrementAndGet(), options);
    running.put(query.id(), query);
    query.begin();
    changed(query, QueryState.PLANNING);
    if (closed) {
      query.cancel(Reason.SHUTDOWN, "the engine is closed");
    }
    return query;
  }

  /** Those that have not ended, the oldest first. */
  public List<Query> running() {
    List<Query> out = new ArrayList<>(running.values());
    out.sort(Comparator.comparingLong(Query::id));
    return out;
  }

  /** How many have begun so far. */
  public long begun() {
    return ids.get();
  }

  /** The last that ended, the latest first: at most {@link QueryLimits#history}. */
  public List<Query> history() {
    return List.copyOf(history);
  }

  /** A query that runs or is remembered; null: there is none of that id. */
  public @Nullable Query find(long id) {
    Query query = running.get(id);
    if (query != null) {
      return query;
    }
    for (Query ended : history) {
      if (ended.id() == id) {
        return ended;
      }
    }
    return null;
  }

  /**
   * As {@link Query#cancel}.
   *
   * @return whether there is such a query, and this call stopped it
   */
  public boolean cancel(long id, Reason why, String message) {
    Query query = running.get(id);
    return query != null && query.cancel(why, message);
  }

  public void addListener(QueryListener listener) {
    listeners.add(listener);
  }

  public void removeListener(QueryListener listener) {
    listeners.remove(listener);
  }

  void changed(Query query, QueryState state) {
    for (QueryListener listener : listeners) {
      try {
        listener.changed(query, state);
      } catch (RuntimeException e) { // its defect is not the query's
        Thread here = Thread.currentThread();
        here.getUncaughtExceptionHandler().uncaughtException(here, e);
      }
    }
  }

  void ended(Query query) {
    history.addFirst(query);
    if (remembered.incrementAndGet() > limits.history() && history.pollLast() != null) {
      remembered.decrementAndGet();
    }
    running.remove(query.id());
    changed(query, query.state());
    Duration slow = limits.slow();
    if (slow != null) {
      QuerySnapshot end = query.snapshot();
      if (end.elapsedNanos() >= slow.toNanos()) {
        SlowQueryLog.write(end, query.planHash());
      }
    }
  }

  /** Whether the graph of a query that ran so long is kept. */
  boolean keepsGraph(long nanos) {
    return limits.history() > 0 && (nanos >= SHORT_NANOS || isTime(graphKept));
  }

  /** Whether the rewritten plan of a query that ran so long is kept. */
  boolean keepsRewriting(long nanos) {
    return limits.history() > 0 && (nanos >= RATHER_SHORT_NANOS || isTime(rewritingKept));
  }

  private static boolean isTime(AtomicLong kept) {
    long now = System.nanoTime();
    long last = kept.get();
    return now - last >= NOW_AND_THEN_NANOS && kept.compareAndSet(last, now);
  }

  Timers timers() {
    return timers;
  }

  /** Stops all that run, because the engine is closed; does not wait. */
  @Override
  public void close() {
    closed = true;
    for (Query query : running()) {
      query.cancel(Reason.SHUTDOWN, "the engine was closed while the query ran");
    }
    timers.close();
  }
}
