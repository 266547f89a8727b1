package dev.penstock.server.query;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.Problem;
import dev.penstock.server.Refusal;
import dev.penstock.server.access.Caller;
import dev.penstock.server.access.Role;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queries that clients began: started, their results kept until they are fetched, stopped with
 * the server.
 *
 * <p>Concurrency: thread-safe. {@code open} has each query from the moment it begins until it has
 * ended (its listener takes it out); {@code count} is its size, and the bound of it; whoever waits
 * for it to be empty waits at the monitor.
 */
public final class Statements implements AutoCloseable {
  /** First words of statements that change nothing, beside those that give rows. */
  private static final Set<String> HARMLESS = Set.of("EXPLAIN", "SET", "RESET", "PRAGMA");

  private static final Set<String> OF_SESSIONS = Set.of("SET", "RESET");

  /** A query; {@code result} is null when its rows are the response of who submitted it. */
  private record Open(Query query, @Nullable CompletableFuture<Result> result) {}

  private final Engine engine;
  private final SqlCatalog catalog;
  private final int most;
  private final Duration idle;
  private final QueryListener listener = this::changed;
  private final ConcurrentMap<Long, Open> open = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final ExecutorService starters =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread t = new Thread(task, "penstock-statement");
            t.setDaemon(true);
            return t;
          });
  private volatile boolean draining;

  /**
   * @param most queries at once
   * @param idle so long a result that nobody reads is kept, unless its query says otherwise
   */
  public Statements(Engine engine, SqlCatalog catalog, int most, Duration idle) {
    this.engine = engine;
    this.catalog = catalog;
    this.most = most;
    this.idle = idle;
    engine.queries().addListener(listener);
  }

  private void changed(Query query, QueryState state) {
    if (state.isEnded() && open.remove(query.id()) != null) {
      count.decrementAndGet();
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** How many queries of clients have not ended. */
  public int open() {
    return count.get();
  }

  /**
   * Begins a query whose rows are the response. Whoever calls this starts it, once, and finishes
   * it.
   */
  public Query begin(QueryOptions options, Caller caller) {
    return begin(options, caller, false);
  }

  private Query begin(QueryOptions options, Caller caller, boolean keeps) {
    caller.needs(Role.SUBMIT, "submitting a query");
    if (draining) {
      throw Refusal.limit(503, "shutdown", "the server is stopping and takes no more queries");
    }
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      throw Refusal.limit(
          503, "too-many-queries", "as many queries as may be run (" + most + "); try again later");
    }
    Query query =
        engine
            .queries()
            .begin(
                options
                    .withOwner(caller.name())
                    .withIdleTimeout(idleTimeout(options.idleTimeout())));
    open.put(query.id(), new Open(query, keeps ? new CompletableFuture<>() : null));
    return query;
  }

  /** So long a result may lie unread, if its client asks for {@code own}; the server bounds it. */
  public Duration idleTimeout(@Nullable Duration own) {
    return own == null || own.compareTo(idle) > 0 ? idle : own;
  }

  /** What a submission asks for, checked as far as that goes without planning. */
  private record Start(QueryOptions options, Function<Query, Result> of) {}

  private Start read(Submission s) {
    if (s.language() == Submission.Language.PLAN) {
      return new Start(s.options(), query -> startPlan(s, query));
    }
    List<Statement> all = SqlSession.statements(s.text(), Problem.SQL);
    if (all.size() != 1) {
      throw Refusal.of(
          400,
          "sql-statements",
          "expected one statement, got " + all.size() + "; send each by itself");
    }
    Statement statement = all.get(0);
    String verb = statement.tokens().get(0).upper();
    if (OF_SESSIONS.contains(verb)) {
      throw Refusal.of(
          400,
          "sql-setting",
          verb
              + " changes a session, and each request stands for itself: send 'settings' with the"
              + " statement that they are for");
    }
    SqlSession session = new SqlSession(engine, catalog);
    session.setOptions(s.options());
    s.settings().forEach(session.settings()::set);
    return new Start(
        session.options(), query -> session.execute(query, statement, s.parameters().toArray()));
  }

  /**
   * Does a submission do more than ask? What is no single statement, and will be refused, does not.
   */
  public static boolean changesSomething(Submission s) {
    if (s.language() == Submission.Language.PLAN) {
      return false;
    }
    List<Statement> all = SqlSession.statements(s.text(), Problem.SQL);
    return all.stream()
        .anyMatch(
            one ->
                one.gives() != Statement.Gives.ROWS
                    && !HARMLESS.contains(one.tokens().get(0).upper()));
  }

  private Result startPlan(Submission s, Query query) {
    try {
      Prepared prepared = engine.prepare(s.text(), Problem.PLAN, query);
      Prepared bound = s.parameters().isEmpty() ? prepared : prepared.with(s.parameters());
      if (bound == null) {
        throw PenstockException.incorrect(
            "plan-parameters", "the plan does not hold for these values of its parameters");
      }
      Result result = engine.run(bound, query);
      query.finish(null);
      return result;
    } catch (Throwable e) {
      query.finish(e);
      throw e;
    }
  }

  /**
   * Runs it as far as its result. Blocks while it is planned and waits for memory.
   *
   * @param begun is told of the query before
   */
  public Result run(Submission s, Caller caller, Consumer<Query> begun) {
    Start start = read(s);
    Query query = begin(start.options(), caller, false);
    begun.accept(query);
    return start.of().apply(query);
  }

  /** Begins it; its result is kept for {@link #result}. */
  public Query submit(Submission s, Caller caller) {
    Start start = read(s);
    Query query = begin(start.options(), caller, true);
    Open mine = open.get(query.id());
    CompletableFuture<Result> result = mine == null ? null : mine.result();
    Runnable starting =
        () -> {
          try {
            Result started = start.of().apply(query);
            if (result != null) {
              result.complete(started);
            }
          } catch (Throwable e) {
            if (result != null) {
              result.completeExceptionally(e);
            }
          }
        };
    try {
      starters.execute(starting);
    } catch (RejectedExecutionException e) {
      query.finish(e);
      throw e;
    }
    return query;
  }

  /**
   * The result of a query that was submitted and not waited for; it can be taken once. Blocks until
   * the query has been started.
   */
  public Result result(Query query) {
    Open mine = open.get(query.id());
    CompletableFuture<Result> result = mine == null ? null : mine.result();
    if (mine == null) {
      PenstockException error = query.error();
      if (error != null) {
        throw error;
      }
      throw gone(query);
    }
    if (result == null || !open.replace(query.id(), mine, new Open(query, null))) {
      throw gone(query);
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Refusal gone(Query query) {
    return Refusal.of(
        410,
        "result-gone",
        "the result of query "
            + query.id()
            + " was fetched, or is being fetched, by another request");
  }

  /**
   * Takes no more queries, waits for those that run, then stops them and waits a little.
   *
   * @return whether all have ended
   */
  public boolean drain(Duration grace, Duration stopping) {
    draining = true;
    try {
      if (!await(grace)) {
        for (Open o : open.values()) {
          o.query().cancel(Reason.SHUTDOWN, "the server was stopped while the query ran");
        }
      }
      return await(stopping);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether no more queries are taken. */
  public boolean isDraining() {
    return draining;
  }

  private synchronized boolean await(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (count.get() > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public void close() {
    drain(Duration.ZERO, Duration.ofSeconds(1));
    starters.shutdownNow();
    engine.queries().removeListener(listener);
  }
}
