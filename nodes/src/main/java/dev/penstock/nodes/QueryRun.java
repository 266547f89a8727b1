package dev.penstock.nodes;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One running query: its nodes, its token, what must be closed when it ends.
 *
 * <p>Life: nodes and pumps are added; {@link #start} lets them go; each reports its end; when the
 * last has ended, for whatever reason, everything registered with {@link #closeLater} is closed in
 * reverse order, the budget is given back, and {@link #finished} completes. A failure anywhere
 * cancels the token, and the token ends every node.
 *
 * <p>Concurrency: {@code parts} are added before start by one thread; {@code running} counts nodes
 * and pumps; closers are added under their monitor.
 */
public final class QueryRun {
  private final QueryContext context;
  private final Scheduler scheduler;
  private final Scheduler.Share share;
  private final @Nullable Runnable atEnd;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Pump> pumps = new ArrayList<>();
  private final List<AutoCloseable> closers = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger(1);
  private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
  private volatile long startNanos = System.nanoTime();
  private volatile long endNanos;

  public QueryRun(Scheduler scheduler, QueryContext context) {
    this(scheduler, context, scheduler.newShare(), null);
  }

  private QueryRun(
      Scheduler scheduler, QueryContext context, Scheduler.Share share, @Nullable Runnable atEnd) {
    this.scheduler = scheduler;
    this.context = context;
    this.share = share;
    this.atEnd = atEnd;
  }

  /**
   * A run within this one, with a token of its own: a round of a recursion. It takes its turns with
   * this query. Whoever starts it sees to it that this query does not end before ({@link #part}),
   * and passes cancellations and failures on.
   *
   * @param whenEnded runs when everything of the run has ended and is closed, for whatever reason;
   *     must not throw or block
   */
  public QueryRun child(QueryContext childContext, Runnable whenEnded) {
    return new QueryRun(scheduler, childContext, share, whenEnded);
  }

  /**
   * A part of the query beside its nodes; added before the start. The query does not end before the
   * part does: when what this gives is run, once.
   */
  public Runnable part() {
    running.incrementAndGet();
    return this::partEnded;
  }

  public QueryContext context() {
    return context;
  }

  public CancellationToken token() {
    return context.token();
  }

  /** From now on its tasks have their turns so often. Any thread. */
  public void prioritize(Priority priority) {
    share.prioritize(priority);
  }

  /** Nodes in the order in which they were built. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  void add(Node node) {
    nodes.add(node);
    running.incrementAndGet();
  }

  void add(Pump pump) {
    pumps.add(pump);
    running.incrementAndGet();
  }

  /**
   * Closed when the query has ended, after all tasks; the last added first. Blocking is allowed
   * there.
   */
  public void closeLater(AutoCloseable closer) {
    synchronized (closers) {
      closers.add(closer);
    }
  }

  /** Runs a task on a compute worker when it is this query's turn. */
  void execute(Runnable task) {
    share.execute(task);
  }

  Executor io() {
    return scheduler.io();
  }

  /** Lets it run. */
  public void start() {
    startNanos = System.nanoTime();
    for (Node node : nodes) {
      node.start();
    }
    for (Pump pump : pumps) {
      pump.start();
    }
    partEnded();
  }

  /** Instead of the start: closes what was registered, and gives the budget back. */
  public void abandon() {
    closeAll();
  }

  /** Something failed: the first failure becomes the query's. */
  public void fail(Throwable t) {
    PenstockException e =
        t instanceof PenstockException p
            ? p
            : t instanceof OutOfMemoryError
                ? PenstockException.limit(
                    "heap",
                    "the JVM's heap is full: "
                        + t.getMessage()
                        + "; raise -Xmx or lower the memory cap")
                : PenstockException.fault("a defect in Penstock: " + t, t);
    token().fail(e);
  }

  /**
   * Completes when nothing of the query runs and everything is closed; never exceptionally (ask the
   * token).
   */
  public CompletableFuture<@Nullable Void> finished() {
    return finished;
  }

  /** Runs a task when the query has finished, at once if it has; it must not throw or block. */
  public void whenFinished(Runnable task) {
    var unused = finished.thenRun(task);
  }

  /** From the start until everything was closed, or until now. */
  public long wallNanos() {
    return (finished.isDone() ? endNanos : System.nanoTime()) - startNanos;
  }

  void nodeEnded() {
    partEnded();
  }

  void pumpEnded() {
    partEnded();
  }

  private void partEnded() {
    if (running.decrementAndGet() == 0) {
      if (atEnd != null && pumps.isEmpty()) { // nothing that it closes blocks
        closeAll();
        return;
      }
      try {
        io().execute(this::closeAll);
      } catch (RuntimeException e) { // the engine is closing: nobody else will do it
        closeAll();
      }
    }
  }

  private void closeAll() {
    List<AutoCloseable> all;
    synchronized (closers) {
      all = new ArrayList<>(closers);
      closers.clear();
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      try {
        all.get(i).close();
      } catch (Exception e) {
        fail(e);
      }
    }
    nodes.forEach(Node::forget);
    context.budget().close();
    endNanos = System.nanoTime();
    finished.complete(null);
    if (atEnd != null) {
      atEnd.run();
    }
  }
}
