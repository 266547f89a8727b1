package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.Reading;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Cursor;
import dev.penstock.nodes.Node;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.Sink;
import dev.penstock.pipes.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running query and its result. {@link #next} is for one host thread; {@link #cancel} for any.
 */
public final class Result implements AutoCloseable {
  private final Prepared prepared;
  private final OperatorMeter meters;
  private final QueryRun run;
  private final Pipe<Batch> pipe;
  private final Cursor cursor;
  private final Budget budget;
  private final Supplier<Profile.Pressure> pressure;
  private final Query query;
  private final Reading reading;
  private final Runnable unfollow;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private volatile boolean complete;

  /**
   * @param budget of the operators and of the batches that wait; closed when the result is read to
   *     its end or closed
   * @param pressure what the query met so far
   * @param query is told when everything of the run has ended
   * @param unfollow the query's token need not know of the run any more
   */
  Result(
      Prepared prepared,
      QueryRun run,
      Pipe<Batch> pipe,
      OperatorMeter meters,
      Budget budget,
      Supplier<Profile.Pressure> pressure,
      Query query,
      Reading reading,
      Runnable unfollow) {
    this.query = query;
    this.reading = reading;
    this.unfollow = unfollow;
    this.budget = budget;
    this.pressure = pressure;
    this.prepared = prepared;
    this.meters = meters;
    this.run = run;
    this.pipe = pipe;
    this.cursor = new Cursor(pipe);
    run.token().onCancel(this::cancelled);
  }

  /**
   * When it was cancelled and the operators have ended, nobody gets anything more. To be called
   * when they have.
   */
  void cancelled() {
    PenstockException cause = run.token().cause();
    if (cause != null && run.finished().isDone()) {
      pipe.error(cause);
      over();
    }
  }

  /** The operators have ended, and nothing waits for the reader. */
  private void over() {
    if (ending.compareAndSet(false, true)) {
      try {
        budget.close();
        unfollow.run();
        query.ended(complete);
      } finally {
        over.complete(null);
      }
    }
  }

  public Schema schema() {
    return prepared.schema();
  }

  /**
   * The next batch (not empty), or null at the end. Blocks until there is one. Throws the query's
   * error.
   */
  public @Nullable Batch next() {
    try {
      reading.asks();
      Batch batch = cursor.next();
      if (batch == null) {
        reading.got(0);
        complete = true;
        run.whenFinished(this::over);
      } else {
        reading.got(batch.count());
      }
      return batch;
    } catch (InterruptedException e) {
      cancel("the thread that reads the result was interrupted");
      Thread.currentThread().interrupt();
      throw java.util.Objects.requireNonNull(run.token().cause());
    }
  }

  /** All rows as host values: for small results. */
  public List<@Nullable Object[]> rows() {
    List<@Nullable Object[]> out = new ArrayList<>();
    for (Batch batch = next(); batch != null; batch = next()) {
      for (int i = 0; i < batch.count(); i++) {
        out.add(batch.row(i));
      }
    }
    return out;
  }

  /** Reads to the end and drops the rows; returns how many there were. Blocks. */
  public long drain() {
    long rows = 0;
    for (Batch batch = next(); batch != null; batch = next()) {
      rows += batch.count();
    }
    return rows;
  }

  /** Writes all rows and completes the sink; returns how many there were. Blocks. */
  long into(Sink sink) {
    long rows = 0;
    for (Batch batch = next(); batch != null; batch = next()) {
      sink.write(batch);
      rows += batch.count();
    }
    sink.finish();
    return rows;
  }

  /** What each operator did until now. */
  public Profile profile() {
    return Profile.of(
        meters, run.wallNanos(), prepared.planningNanos(), peakMemoryBytes(), pressure.get());
  }

  /** Cancels the query; returns whether this was the first cause. */
  public boolean cancel(String why) {
    return run.token().cancel(CancellationToken.Reason.CALLER, why);
  }

  /** Runs a task when the operators have ended, at once if they have; quick, it must not throw. */
  void whenEnded(Runnable task) {
    run.whenFinished(task);
  }

  public CancellationToken token() {
    return run.token();
  }

  /** The nodes with their meters. */
  public List<Node> nodes() {
    return run.nodes();
  }

  /** Bytes that the query holds now. */
  public long memoryBytes() {
    return budget.usedBytes();
  }

  /** The most bytes that the query held. */
  public long peakMemoryBytes() {
    return budget.peakBytes();
  }

  /**
   * Ends the query if it still runs, and waits until its tasks have ended and everything is closed.
   */
  @Override
  public void close() {
    if (!pipe.isDone()) {
      pipe.stop();
    }
    if (!run.finished().isDone()) {
      run.token().cancel(CancellationToken.Reason.CALLER, "the result was closed before its end");
    }
    run.finished().join();
    over();
    over.join();
  }

  /** The query whose result this is. */
  public Query query() {
    return query;
  }

  /** The error with which the query ended, if it did. */
  public @Nullable PenstockException failure() {
    return run.token().cause();
  }
}
