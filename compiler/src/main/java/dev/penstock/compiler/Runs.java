package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.Reading;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.Scheduler;
import dev.penstock.nodes.spill.Relief;
import dev.penstock.pipes.Pipe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Starts prepared plans: builds the graph of each under a budget of its own, when its least memory
 * is there, and lets it run.
 *
 * <p>Concurrency: as the engine; what it holds is shared by all queries.
 */
final class Runs {
  /** System property for whole test suites: each query's cap is so many times its least memory. */
  private static final String LEAST_TIMES = "penstock.test.least-memory-times";

  private final EngineOptions options;
  private final Scheduler scheduler;
  private final Budget budget;
  private final Pressure pressure;
  private final Relief relief;
  private final Admission admission;
  private final @Nullable DirectorySpill spill;
  private final @Nullable OutOfHeap outOfHeap;

  Runs(
      EngineOptions options,
      Scheduler scheduler,
      Budget budget,
      Pressure pressure,
      Relief relief,
      @Nullable DirectorySpill spill) {
    this.options = options;
    this.scheduler = scheduler;
    this.budget = budget;
    this.pressure = pressure;
    this.relief = relief;
    this.spill = spill;
    this.outOfHeap = spill == null ? null : new OutOfHeap(spill);
    this.admission = new Admission(pressure::waiting);
  }

  private QueryContext context(CancellationToken token, Budget of) {
    return new QueryContext(token, of, options.batchRows(), spill, relief, options.workers());
  }

  /** Starts a plan of a query, perhaps after waiting for memory. Blocking. */
  Result run(Prepared prepared, boolean timed, Query query) {
    long cap = query.options().memoryBytes();
    if (cap < options.memoryBytes() && !isAdmitted(prepared, cap)) {
      // no other query's end would help
      throw PenstockException.limit(
          "memory-cap",
          "the query needs at least "
              + leastMemoryBytes(prepared)
              + " bytes of memory, and its own cap is "
              + cap
              + "; raise it");
    }
    try {
      return admission.enter(() -> start(prepared, timed, query), query);
    } catch (PenstockException e) {
      long least = e.code().equals("memory-cap") ? leastMemoryBytes(prepared) : 0;
      if (least <= options.memoryBytes()) {
        throw e;
      }
      throw PenstockException.limit(
          "memory-cap",
          "the query needs at least "
              + least
              + " bytes of memory, and the cap is "
              + options.memoryBytes()
              + "; raise it ("
              + e.getMessage()
              + ")");
    }
  }

  /** See {@link Engine#leastMemoryBytes}. */
  long leastMemoryBytes(Prepared prepared) {
    long no = 0;
    long yes = 1L << 40;
    while (yes - no > Math.max(1024, yes / 64)) {
      long cap = no + (yes - no) / 2;
      if (cap > 4 * Math.max(1, no) && no > 0) {
        cap = 4 * no;
      } else if (no == 0) {
        cap = Math.min(cap, 1 << 20);
      }
      if (isAdmitted(prepared, cap)) {
        yes = cap;
      } else {
        no = cap;
      }
    }
    return yes;
  }

  private boolean isAdmitted(Prepared prepared, long cap) {
    try (Budget dry = Budget.root("a dry run", cap)) {
      QueryContext context = context(new CancellationToken(), dry);
      QueryRun run = new QueryRun(scheduler, context);
      try {
        Pipes pipes = Pipes.onHeap();
        new GraphBuilder(run, pipes, scheduler.workers(), OperatorMeter.above(dry, spill, false))
            .build(prepared.root(), pipes.result("result", context));
        return true;
      } catch (PenstockException e) {
        if (!e.code().equals("memory-cap")) {
          throw e;
        }
        return false;
      } finally {
        run.abandon();
      }
    }
  }

  /** The graph of a plan as text. Nothing runs. */
  String graph(Prepared prepared) {
    try (Budget dry = budget.child("explain")) {
      QueryRun run =
          new QueryRun(
              scheduler, new QueryContext(new CancellationToken(), dry, options.batchRows()));
      try {
        new GraphBuilder(
                run, Pipes.onHeap(), scheduler.workers(), OperatorMeter.above(dry, null, false))
            .build(prepared.root(), BatchPipes.create("result"));
        return GraphText.of(run.nodes());
      } finally {
        run.abandon();
      }
    }
  }

  private Budget queryBudget(Prepared prepared, Query query) {
    String name = "query " + query.id();
    int times = Integer.getInteger(LEAST_TIMES, 0);
    return times == 0
        ? budget.child(name, query.options().memoryBytes())
        : Budget.root(name, Math.min(options.memoryBytes(), times * leastMemoryBytes(prepared)));
  }

  private Result start(Prepared prepared, boolean timed, Query query) {
    CancellationToken token = new CancellationToken();
    Budget whole = queryBudget(prepared, query); // what waits for the client outlives the operators
    Budget queryBudget = whole.child(whole.name());
    QueryContext context = context(token, queryBudget);
    QueryRun run = new QueryRun(scheduler, context);
    OperatorMeter meters = OperatorMeter.above(queryBudget, spill, timed);
    queryBudget.reportBy(meters::holders);
    Pipes pipes = Pipes.of(context, outOfHeap, pressure);
    Pipe<Batch> out;
    try {
      out = pipes.result("result", context.within(whole));
      new GraphBuilder(run, pipes, scheduler.workers(), meters).build(prepared.root(), out);
    } catch (RuntimeException e) {
      pipes.end();
      run.abandon();
      whole.close();
      throw e instanceof PenstockException
          ? e
          : PenstockException.fault("a defect in the compiler: " + e, e);
    }
    Reading reading = new Reading();
    Runnable unfollow = query.runs(new PlanGraph(prepared, run, meters, whole), token, reading);
    Result result =
        new Result(
            prepared, run, out, meters, whole, pressure.met(pipes), query, reading, unfollow);
    run.whenFinished(
        () -> {
          pipes.end();
          result.cancelled();
          admission.ended();
        });
    run.start();
    return result;
  }

  /** Waits a while until no plan runs any more, and gives segments free. */
  void close(Duration longest) {
    if (!Scheduler.onWorker()) {
      admission.awaitNone(longest);
    }
  }

  /** After the last task. */
  void release() {
    if (outOfHeap != null) {
      outOfHeap.close();
    }
  }
}
