package dev.penstock.nodes;

import dev.penstock.monitor.PenstockException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engine's threads: a fork/join pool of compute workers, shared fairly between running queries,
 * and a bounded pool of I/O threads for what blocks.
 *
 * <pre>
 * query A: [task task task] \
 * query B: [task]            }-> rotation of queries that have tasks -> workers take one task of the next query in turn
 * query C: [task task]      /
 * </pre>
 *
 * <p>Each submitted task adds one dispatch to the pool; a dispatch takes the query at the head of
 * the rotation, one task of it, puts the query back at the tail if it has more, and runs the task.
 * So queries take turns however many tasks each has. One of high priority has {@value #HIGH_TURNS}
 * turns in a row; one of low priority lets {@value #LOW_PASSES} turns pass while others have tasks.
 *
 * <p>Concurrency: the rotation holds a query exactly once while it has waiting tasks and no
 * dispatch is just choosing from it ({@code Share.waiting} guards that); the number of dispatches
 * in the pool equals the number of waiting tasks, so a dispatch always finds one, after a short
 * spin at worst.
 */
public final class Scheduler implements AutoCloseable {
  private static final int HIGH_TURNS = 4;
  private static final int LOW_PASSES = 2;
  private static final int IO_KEEP_ALIVE_SECONDS = 10;

  private final ForkJoinPool pool;
  private final ThreadPoolExecutor io;
  private final Queue<Share> rotation = new ConcurrentLinkedQueue<>();

  /** Those of high priority that have turns left: before the rotation. */
  private final Queue<Share> first = new ConcurrentLinkedQueue<>();

  private final int workers;

  /**
   * @param workers compute threads, at least 1
   */
  public Scheduler(int workers) {
    this.workers = workers;
    AtomicInteger number = new AtomicInteger();
    this.pool =
        new ForkJoinPool(
            workers,
            p -> new Worker(p, "penstock-worker-" + number.incrementAndGet()),
            null,
            true,
            workers,
            workers,
            1,
            p -> true,
            60,
            TimeUnit.SECONDS);
    int ioThreads = Math.max(8, 4 * workers);
    AtomicInteger ioNumber = new AtomicInteger();
    this.io =
        new ThreadPoolExecutor(
            ioThreads,
            ioThreads,
            IO_KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread t = new Thread(task, "penstock-io-" + ioNumber.incrementAndGet());
              t.setDaemon(true);
              return t;
            });
    io.allowCoreThreadTimeOut(true);
  }

  /** Compute threads. */
  public int workers() {
    return workers;
  }

  /** For what blocks: reading sources, writing sinks. */
  public Executor io() {
    return io;
  }

  /** A new query's place in the rotation. */
  public Share newShare() {
    return new Share();
  }

  /** Whether the current thread is a compute worker of any scheduler. */
  public static boolean onWorker() {
    return Thread.currentThread() instanceof Worker;
  }

  /**
   * To be called before anything that may block; throws on a compute worker, where blocking is a
   * defect.
   *
   * @param what for the message
   */
  public static void mayBlock(String what) {
    if (onWorker()) {
      throw PenstockException.fault(
          what + " would block compute thread " + Thread.currentThread().getName(), null);
    }
  }

  /** One query's waiting tasks. */
  public final class Share implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Priority priority = Priority.NORMAL;

    /** Turns in a row, or turns that it let pass: used by the dispatch that holds the share. */
    private int turns;

    private Share() {}

    /** From now on. Any thread. */
    public void prioritize(Priority now) {
      priority = now;
    }

    /** Of low priority, and it is not yet its turn. */
    private boolean passes() {
      if (priority != Priority.LOW) {
        return false;
      }
      boolean passes = turns < LOW_PASSES && !rotation.isEmpty();
      turns = passes ? turns + 1 : 0;
      return passes;
    }

    /** It has a task more: back in line. */
    private void goesOn() {
      if (priority == Priority.HIGH && ++turns < HIGH_TURNS) {
        first.add(this);
      } else {
        turns = 0;
        rotation.add(this);
      }
    }

    /**
     * Runs the task on a worker, when this query's turn comes. Never blocks. The task must not
     * throw.
     */
    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      if (waiting.getAndIncrement() == 0) {
        rotation.add(this);
      }
      try {
        pool.execute(Scheduler.this::dispatch);
      } catch (RejectedExecutionException e) {
        throw new PenstockException(
            PenstockException.Category.CANCELLED, "shutdown", "the engine is closed", e);
      }
    }
  }

  private void dispatch() {
    Share share = next();
    Runnable task;
    while ((task = share.tasks.poll()) == null) {
      Thread.onSpinWait();
    }
    if (share.waiting.decrementAndGet() > 0) {
      share.goesOn();
    }
    task.run();
  }

  /** Takes the query whose turn it is out of the line. */
  private Share next() {
    for (; ; ) {
      Share share = first.poll();
      if (share == null) {
        share = rotation.poll();
      }
      if (share == null) {
        Thread.onSpinWait();
      } else if (share.passes()) {
        rotation.add(share);
      } else {
        return share;
      }
    }
  }

  /** Stops the threads; what runs is not waited for. */
  @Override
  public void close() {
    pool.shutdownNow();
    io.shutdownNow();
  }

  private static final class Worker extends ForkJoinWorkerThread {
    Worker(ForkJoinPool pool, String name) {
      super(pool);
      setName(name);
      setDaemon(true);
    }
  }
}
