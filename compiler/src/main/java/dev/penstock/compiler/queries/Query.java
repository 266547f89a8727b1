package dev.penstock.compiler.queries;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One query of an engine, from the moment when its text was handed over: what it is doing, and how
 * to stop it. It may run several plans one after another (a statement that first reads what it then
 * changes); figures are those of the plan that runs, or ran last.
 *
 * <pre>
 * PLANNING -> QUEUED -> RUNNING ---------------> DONE, FAILED
 *    \----------\----------\------> CANCELLING -> CANCELLED, TIMED_OUT, FAILED
 * </pre>
 *
 * <p>It ends when its last plan has ended, everything of that is released, and whoever began it has
 * called {@link #finish}.
 *
 * <p>Concurrency: thread-safe, and reading takes no lock that the tasks of the query take. {@code
 * holds} counts plans that run, whoever may still start one, and threads that plan for them; the
 * call that brings it to 0 writes {@code end}, once. {@code phase} is written by the thread that
 * plans and starts; {@code run} by the same; {@code deadline} and its timer under the monitor.
 */
public final class Query {
  /** Of a longer text only the beginning is kept, and of its plan nothing when it has ended. */
  private static final int MOST_CHARACTERS = 1 << 14;

  /** A plan and the token of its run. */
  private record Run(LivePlan plan, CancellationToken token, Reading reading) {}

  private final Queries registry;
  private final long id;
  private final QueryOptions options;
  private final boolean isLong;
  private final CancellationToken token = new CancellationToken();
  private final Instant begun = Instant.now();
  private final long begunNanos = System.nanoTime();
  private final AtomicInteger holds = new AtomicInteger(1);
  private final ProgressEstimate estimate = new ProgressEstimate();
  private volatile QueryState phase = QueryState.PLANNING;
  private volatile @Nullable Run run;

  /** Of the plans before, the one that ran longest: what is remembered if none runs longer. */
  private volatile @Nullable Run longest;

  private volatile Priority priority;
  private volatile @Nullable Instant deadline;
  private volatile Duration queueTimeout;
  private volatile @Nullable Duration idleTimeout;
  private volatile long plannedNanos = -1;
  private volatile long queuedNanos;

  /** When the thread that starts it began to wait; 0: it does not. Its own. */
  private long queueBegan;

  /** Wakes who waits in the queue for it; null: nobody does. */
  private volatile @Nullable Runnable waiting;

  private volatile @Nullable PenstockException failure;
  private volatile boolean wasRead;
  private volatile @Nullable Ended end;
  private final QueryEvent event = new QueryEvent();
  private Runnable timer = () -> {};
  private Runnable idleTimer = () -> {};

  Query(Queries registry, long id, QueryOptions options) {
    this.registry = registry;
    this.id = id;
    String given = options.text();
    this.isLong = given != null && given.length() > MOST_CHARACTERS;
    this.options = shortened(options);
    this.priority = options.priority();
    Duration queue = options.queueTimeout();
    this.queueTimeout = queue == null ? registry.limits().queueTimeout() : queue;
    Duration idle = options.idleTimeout();
    this.idleTimeout = idle == null ? registry.limits().idleTimeout() : idle;
  }

  private static QueryOptions shortened(QueryOptions options) {
    String text = options.text();
    return text == null || text.length() <= MOST_CHARACTERS
        ? options
        : options.withText(text.substring(0, MOST_CHARACTERS) + " ...");
  }

  /** Begins the deadline, and the event of a flight recording. */
  void begin() {
    event.begin();
    token.onCancel(this::cancelling); // before all others
    Duration longest = registry.limits().timeoutFor(options.timeout());
    if (longest != null) {
      due(begun.plus(longest));
    }
  }

  private void cancelling() {
    progress(); // it is remembered: what is being stopped looks as if it came to its end
    registry.changed(this, QueryState.CANCELLING);
  }

  // ---- what it is

  /** Unique within its engine. */
  public long id() {
    return id;
  }

  /** Empty when nobody was named. */
  public String owner() {
    return options.owner();
  }

  /** What was asked: the text that was given (its beginning), or the plan as it was written. */
  public String text() {
    String text = options.text();
    return text == null ? plan() : text;
  }

  /** The plan as it was written; empty before it is known. May take time: it is printed. */
  public String plan() {
    Ended e = end;
    if (e != null) {
      return e.plan() == null ? "" : e.plan().text();
    }
    Run r = run;
    return r == null ? "" : r.plan().plan().text();
  }

  /** Equal plans, equal hashes, in any process; empty before it is known. May take time. */
  public String planHash() {
    Ended e = end;
    if (e != null) {
      return e.plan() == null ? "" : e.plan().hash();
    }
    Run r = run;
    return r == null ? "" : r.plan().plan().hash();
  }

  /**
   * The plan after rewriting, and the rules that fired; of an ended query where it was kept: some
   * that ran short leave none, and one that takes long to print has no text. May take time: it is
   * printed.
   */
  public LivePlan.Rewriting rewriting() {
    Ended e = end;
    if (e != null) {
      return e.rewriting();
    }
    Run r = run;
    return r == null ? LivePlan.Rewriting.NONE : r.plan().rewriting(Long.MAX_VALUE);
  }

  public Priority priority() {
    return priority;
  }

  public QueryOptions options() {
    return options;
  }

  /** Null when it has none. */
  public @Nullable Instant deadline() {
    return deadline;
  }

  public QueryState state() {
    Ended e = end;
    return e != null ? e.state() : isCancelled() ? QueryState.CANCELLING : phase;
  }

  private boolean isCancelled() {
    Run r = run;
    return token.isCancelled() || (r != null && r.token().isCancelled());
  }

  /** Why it was stopped before its end; null when it was not. */
  public @Nullable Reason cause() {
    Ended e = end;
    if (e != null) {
      return e.cause();
    }
    Run r = run;
    Reason own = token.reason();
    return own != null || r == null ? own : r.token().reason();
  }

  /** What its caller gets; null when nothing stopped it. */
  public @Nullable PenstockException error() {
    Ended e = end;
    if (e != null) {
      return e.error();
    }
    Run r = run;
    PenstockException own = token.cause();
    return own != null || r == null ? own : r.token().cause();
  }

  /** How far it is. Asking often makes the estimate better. */
  public QueryProgress progress() {
    Ended e = end;
    if (e != null) {
      return e.progress();
    }
    Run r = run;
    return r == null
        ? new QueryProgress(-1, 0, null)
        : estimate.next(r.plan().share(), r.plan().elapsedNanos(), r.reading().rows());
  }

  /**
   * The living graph; of an ended query that which was kept, see {@link GraphSnapshot#operators}.
   */
  public GraphSnapshot graph() {
    return graph(true);
  }

  /**
   * As {@link #graph()}.
   *
   * @param texts whether the operators of a query that runs come with their texts, which take time
   *     to make; without, each has its name for a text
   */
  public GraphSnapshot graph(boolean texts) {
    Ended e = end;
    if (e != null) {
      return e.graph();
    }
    Run r = run;
    return r == null ? GraphSnapshot.EMPTY : r.plan().graph(texts);
  }

  /** Everything but the graph. */
  public QuerySnapshot snapshot() {
    QueryState state = state();
    Ended e = end;
    Run r = run;
    LivePlan.Figures f =
        e != null ? e.figures() : r == null ? LivePlan.Figures.NONE : r.plan().figures();
    long elapsed = e != null ? e.elapsedNanos() : System.nanoTime() - begunNanos;
    QueryProgress progress = progress();
    long planned = plannedNanos;
    return new QuerySnapshot(
        id,
        owner(),
        text(),
        state,
        priority,
        begun,
        e == null ? null : begun.plusNanos(elapsed),
        deadline,
        elapsed,
        planned < 0 ? elapsed : planned,
        queuedNanos,
        progress,
        progress.rows(),
        f.busyNanos(),
        f.memoryBytes(),
        f.peakMemoryBytes(),
        f.spilledBytes(),
        f.diskBytes(),
        cause(),
        error());
  }

  // ---- what can be done about it

  /**
   * Stops it, whatever it is doing; the first cause counts. Does not wait.
   *
   * @param message one line, which its caller gets
   * @return whether this call stopped it; false: it has ended, or was stopped before
   */
  public boolean cancel(Reason why, String message) {
    return end == null && token.cancel(why, message);
  }

  /**
   * Another deadline, earlier or later, or none; the engine's longest timeout bounds it.
   *
   * @return the deadline that holds now
   */
  public @Nullable Instant setDeadline(@Nullable Instant when) {
    Duration most = registry.limits().maxTimeout();
    Instant last = most == null ? null : begun.plus(most);
    due(last != null && (when == null || when.isAfter(last)) ? last : when);
    return deadline;
  }

  /** So long it waits for memory that others hold. */
  public Duration queueTimeout() {
    return queueTimeout;
  }

  /**
   * Counts at once, also for a query that waits, from when it began to.
   *
   * @param most null: the engine's
   */
  public void setQueueTimeout(@Nullable Duration most) {
    QueryOptions.positive("queue timeout", most);
    queueTimeout = most == null ? registry.limits().queueTimeout() : most;
    Runnable wake = waiting;
    if (wake != null) {
      wake.run();
    }
  }

  /** So long its result may lie unread; null: for ever. */
  public @Nullable Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * Counts at once, from when the result was read last.
   *
   * @param most null: the engine's
   */
  public void setIdleTimeout(@Nullable Duration most) {
    QueryOptions.positive("idle timeout", most);
    idleTimeout = most == null ? registry.limits().idleTimeout() : most;
    Run r = run;
    if (r != null) {
      watchIdle(r, 0);
    }
  }

  /** Counts at once. */
  public void setPriority(Priority which) {
    priority = which;
    Run r = run;
    if (r != null) {
      r.plan().prioritize(which);
    }
  }

  /** Cancelled when the query is to stop: for what is done on its behalf, such as planning. */
  public CancellationToken token() {
    return token;
  }

  private synchronized void due(@Nullable Instant when) {
    timer.run();
    timer = () -> {};
    deadline = when;
    if (when != null && end == null) {
      timer = registry.timers().after(nanosUntil(when), this::deadlinePassed);
    }
  }

  private long nanosUntil(Instant when) {
    try {
      return Duration.between(begun, when).toNanos() - (System.nanoTime() - begunNanos);
    } catch (ArithmeticException e) { // in centuries
      return when.isAfter(begun) ? Long.MAX_VALUE >> 1 : 0;
    }
  }

  private void deadlinePassed() {
    Instant when = deadline;
    if (when == null) {
      return;
    }
    if (nanosUntil(when) > 0) {
      due(when);
      return;
    }
    cancel(
        Reason.DEADLINE,
        "the query was stopped at its deadline, after "
            + text(Duration.between(begun, when))
            + "; give it a longer timeout");
  }

  private static String text(Duration d) {
    return (d.isNegative() ? Duration.ZERO : d)
        .toString()
        .substring(2)
        .toLowerCase(java.util.Locale.ROOT);
  }

  private void checkIdle(Run of) {
    Run now = run;
    Duration longest = idleTimeout;
    if (end != null || now == null || now.reading() != of.reading() || longest == null) {
      return;
    }
    long left = longest.toNanos() - of.reading().idleNanos();
    if (left <= 0) {
      cancel(
          Reason.CLIENT_GONE,
          "nobody read the result for "
              + text(longest)
              + "; read it faster, close it, or raise the idle timeout");
    } else {
      watchIdle(of, left);
    }
  }

  private synchronized void watchIdle(Run of, long nanos) {
    idleTimer.run();
    idleTimer = () -> {};
    if (end == null && idleTimeout != null) {
      idleTimer = registry.timers().after(nanos, () -> checkIdle(of));
    }
  }

  // ---- for those who plan and run it

  /**
   * It waits for memory, or no longer.
   *
   * @param wake is run when it may wait for another time; null: it does not wait
   */
  public void queued(@Nullable Runnable wake) {
    waiting = wake;
    if (wake != null) {
      if (plannedNanos < 0) {
        plannedNanos = System.nanoTime() - begunNanos;
      }
      queueBegan = System.nanoTime();
      enter(QueryState.QUEUED);
    } else if (phase == QueryState.QUEUED && queueBegan != 0) {
      queuedNanos = queuedNanos + System.nanoTime() - queueBegan;
      queueBegan = 0;
    }
  }

  /**
   * A plan of it begins to run; for each {@link #ended} is to be called once.
   *
   * @param of the token of this run: it is cancelled with the query
   * @return to be run when the run has ended: the token is forgotten
   */
  public Runnable runs(LivePlan plan, CancellationToken of, Reading reading) {
    if (plannedNanos < 0) {
      plannedNanos = System.nanoTime() - begunNanos;
    }
    queued(null);
    holds.incrementAndGet();
    Run now = new Run(plan, of, reading);
    longest = longer(run);
    run = now;
    if (priority != Priority.NORMAL) {
      plan.prioritize(priority);
    }
    enter(QueryState.RUNNING);
    Duration idle = idleTimeout;
    if (idle != null) {
      watchIdle(now, idle.toNanos());
    }
    return of.follow(token);
  }

  private @Nullable Run longer(@Nullable Run last) {
    Run before = longest;
    return last == null
            || (before != null && before.plan().elapsedNanos() > last.plan().elapsedNanos())
        ? before
        : last;
  }

  private void enter(QueryState now) {
    if (phase != now) {
      phase = now;
      registry.changed(this, now);
    }
  }

  /**
   * A plan of it has ended, and everything of it is released.
   *
   * @param complete whether its reader got the end of the result: closing it then is no cancelling
   */
  public void ended(boolean complete) {
    wasRead = complete;
    release();
  }

  /**
   * Whoever began it starts no more plans.
   *
   * @param problem what went wrong outside of a running plan; null: nothing
   */
  public void finish(@Nullable Throwable problem) {
    if (problem != null) {
      failure =
          problem instanceof PenstockException p
              ? p
              : PenstockException.fault("a defect in Penstock: " + problem, problem);
    }
    release();
  }

  /** Another thread works on its behalf: it does not end before what this returns was run, once. */
  public Runnable hold() {
    holds.incrementAndGet();
    return this::release;
  }

  private void release() {
    if (holds.decrementAndGet() != 0) {
      return;
    }
    Run r = run;
    Reason why = cause();
    PenstockException error = error();
    if (why == Reason.CALLER && wasRead && !token.isCancelled()) {
      why = null;
      error = null;
    }
    if (error == null && failure != null) {
      why = Reason.ERROR;
      error = failure;
    }
    long elapsed = System.nanoTime() - begunNanos;
    Run shown = longer(r);
    end =
        Ended.of(
            why,
            error,
            elapsed,
            shown == null ? null : shown.plan(),
            !isLong,
            estimate.lastShare(),
            rows(shown),
            registry);
    synchronized (this) {
      timer.run();
      idleTimer.run();
    }
    run = null;
    longest = null;
    if (event.shouldCommit()) {
      event.commit(snapshot());
    }
    registry.ended(this);
  }

  private static long rows(@Nullable Run r) {
    return r == null ? 0 : r.reading().rows();
  }

  @Override
  public String toString() {
    return "query " + id + " (" + state() + ")";
  }
}
