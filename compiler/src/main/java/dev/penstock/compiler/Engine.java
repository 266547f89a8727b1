package dev.penstock.compiler;

import clojure.lang.Keyword;
import clojure.lang.Symbol;
import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.object.S3Address;
import dev.penstock.buffer.object.S3Store;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.Failpoints;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.HeapMonitor;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.Scheduler;
import dev.penstock.nodes.Sink;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.spill.Relief;
import dev.penstock.pipes.Pipe;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The Java facade: plan in, batches out.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     Result result = engine.run("(filter+ (> Age 20) (table+ \"people.csv\"))")) {
 *   for (Batch batch = result.next(); batch != null; batch = result.next()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe; queries may run side by side and share the compute threads fairly.
 */
public final class Engine implements AutoCloseable {
  /** System property for whole test suites: see {@link Relief#Relief(int)}. */
  private static final String SPILL_EVERY = "penstock.test.spill-every";

  /**
   * System property for whole test suites: so many of ten questions whether the heap is tight are
   * answered with yes.
   */
  private static final String TIGHT_OF_TEN = "penstock.test.tight-of-ten";

  /** System property for whole test suites: each query's cap is so many times its least memory. */
  private static final String LEAST_TIMES = "penstock.test.least-memory-times";

  /** So long a query waits at most for memory that others hold. */
  private static final long ADMISSION_MILLIS = 30_000;

  private final EngineOptions options;
  private final Scheduler scheduler;
  private final Budget budget;
  private final Pressure pressure;
  private final Admission admission;
  private final Relief relief;
  private final @Nullable DirectorySpill spill;
  private final @Nullable OutOfHeap outOfHeap;
  private final Catalog catalog = new Catalog();
  private final Tables tables;
  private final MemoryTables memoryTables;
  private final AtomicLong queries = new AtomicLong();

  private Engine(
      EngineOptions options,
      int refuseEvery,
      @Nullable BooleanSupplier tight,
      Failpoints failpoints) {
    ClojureObjects.allow();
    this.options = options;
    this.budget = Budget.root("the engine", options.memoryBytes());
    this.pressure = new Pressure(options.spillTo() != null, budget, tight);
    this.admission = new Admission(ADMISSION_MILLIS, pressure::waiting);
    this.relief =
        new Relief(
            refuseEvery,
            pressure::isTight,
            tight == null ? Pressure.allowanceBytes() : 0,
            Pressure.leastShareBytes(),
            Pressure.spareBytes(options.memoryBytes()));
    this.scheduler = new Scheduler(options.workers());
    EngineOptions.SpillTo to = options.spillTo();
    this.spill = to == null ? null : open(to, failpoints);
    this.outOfHeap = spill == null ? null : new OutOfHeap(spill);
    this.tables = new Tables(catalog, options);
    this.memoryTables = new MemoryTables(catalog, budget);
  }

  private static DirectorySpill open(EngineOptions.SpillTo to, Failpoints failpoints) {
    String overflow = to.overflow();
    return new DirectorySpill(
        to.directory(),
        to.quotaBytes(),
        Codec.NONE,
        overflow == null ? null : new S3Store(S3Address.of(overflow, System.getenv())),
        failpoints);
  }

  public static Engine create() {
    return create(EngineOptions.defaults());
  }

  public static Engine create(EngineOptions options) {
    int tight = Integer.getInteger(TIGHT_OF_TEN, 0);
    AtomicLong asked = new AtomicLong();
    BooleanSupplier forced = () -> asked.incrementAndGet() * 7 % 10 < tight;
    return new Engine(
        options, Integer.getInteger(SPILL_EVERY, 0), tight == 0 ? null : forced, Failpoints.NONE);
  }

  /**
   * For tests.
   *
   * @param refuseEvery see {@link Relief#Relief(int)}
   * @param tight whether to behave as if the heap was tight, however roomy it is; null: as it is
   */
  static Engine create(EngineOptions options, int refuseEvery, @Nullable BooleanSupplier tight) {
    return new Engine(options, refuseEvery, tight, Failpoints.NONE);
  }

  /** For tests: on a disk that fails. */
  static Engine create(EngineOptions options, Failpoints failpoints) {
    return new Engine(options, 0, null, failpoints);
  }

  public EngineOptions options() {
    return options;
  }

  public Catalog catalog() {
    return catalog;
  }

  /** Memory of all queries. */
  public Budget budget() {
    return budget;
  }

  /**
   * The source that a plan's {@code (table+ name)} or {@code (table+ "path")} would scan. Blocking.
   */
  public Source table(String nameOrPath) {
    return tables.open(nameOrPath, java.util.Map.of());
  }

  /** The same with the options of {@code table+}; also {@code tpch/NAME}. Blocking. */
  public Source table(String nameOrPath, java.util.Map<String, Object> tableOptions) {
    boolean generated = nameOrPath.startsWith(Tables.TPCH);
    return tables.open(generated ? Symbol.intern(null, nameOrPath) : nameOrPath, tableOptions);
  }

  /**
   * Reads a plan text (EDN, never evaluated), checks, rewrites and lowers it. Blocking: it looks at
   * the tables.
   */
  public Prepared prepare(String planText) {
    return prepare(planText, "plan");
  }

  /**
   * @param sourceName stands before line and column in messages: a file's name
   */
  public Prepared prepare(String planText, String sourceName) {
    return prepareText(planText, sourceName, false);
  }

  /**
   * Prepares a plan that is Clojure data, or a {@link Plan}. Functions are allowed in it: it comes
   * from the host program.
   */
  public Prepared prepare(Object plan) {
    return prepareData(plan instanceof Plan p ? p.form() : plan, true, false, System.nanoTime());
  }

  /** The plan as it is written, no rule applied: for tests. */
  Prepared prepareUnrewritten(Object form) {
    Tables.Session session = tables.session();
    Lowered lowered =
        PlanBridge.prepare(
            form, session, Instant.now(), true, false, false, options.runtimeFilters());
    return new Prepared(lowered, session.states(), 0);
  }

  private Prepared prepareText(String planText, String sourceName, boolean explain) {
    long start = System.nanoTime();
    return prepareData(PlanBridge.read(planText, sourceName), false, explain, start);
  }

  private Prepared prepareData(Object form, boolean functions, boolean explain, long startNanos) {
    Scheduler.mayBlock("planning");
    Tables.Session session = tables.session();
    Lowered prepared =
        PlanBridge.prepare(
            form, session, Instant.now(), functions, explain, true, options.runtimeFilters());
    return new Prepared(prepared, session.states(), System.nanoTime() - startNanos);
  }

  /**
   * Are the tables of a plan what they were when it was prepared: the same ones, with the same
   * files in the same state? Rows that were added to a table in memory count only when they are
   * many. The time of day of {@code (now)} stays that of the preparation. Blocking: it looks at
   * files.
   */
  public boolean isCurrent(Prepared prepared) {
    return tables.areLike(prepared.tables());
  }

  /**
   * What a plan text becomes, for people: as written, the rules that fired, the plan after, its
   * operators, and the graph of nodes and pipes.
   */
  public String explain(String planText, String sourceName) {
    return explain(prepareText(planText, sourceName, true));
  }

  /** The same for a plan of the host program. Nothing runs. */
  public String explain(Plan plan) {
    return explain(prepareData(plan.form(), true, true, System.nanoTime()));
  }

  private String explain(Prepared prepared) {
    try (Budget dry = budget.child("explain")) {
      QueryRun run =
          new QueryRun(
              scheduler, new QueryContext(new CancellationToken(), dry, options.batchRows()));
      try {
        new GraphBuilder(
                run, Pipes.onHeap(), scheduler.workers(), OperatorMeter.above(dry, null, false))
            .build(prepared.root(), BatchPipes.create("result"));
        return prepared.explain() + GraphText.of(run.nodes());
      } finally {
        run.abandon();
      }
    }
  }

  /** Prepares and starts a plan text. */
  public Result run(String planText) {
    return run(prepare(planText));
  }

  /** Prepares and starts a plan of the host program. */
  public Result run(Plan plan) {
    return run(prepare((Object) plan));
  }

  /**
   * Starts a prepared plan. It runs at once; the result is taken from the cursor, and nothing piles
   * up when it is not.
   */
  public Result run(Prepared prepared) {
    return run(prepared, false);
  }

  /** As {@link #run(Prepared)}, and {@link Result#profile} tells how long each operator took. */
  public Result runTimed(Prepared prepared) {
    return run(prepared, true);
  }

  /**
   * Runs a plan text, drops its rows, and tells what each operator did: a tree in the order of the
   * plan, one line an operator. Blocking.
   */
  public String explainAnalyze(String planText, String sourceName) {
    return explainAnalyze(prepare(planText, sourceName));
  }

  /** The same for a plan that was prepared. */
  public String explainAnalyze(Prepared prepared) {
    try (Result result = runTimed(prepared)) {
      result.drain();
      return result.profile().text();
    }
  }

  private QueryContext context(CancellationToken token, Budget of) {
    return new QueryContext(token, of, options.batchRows(), spill, relief, options.workers());
  }

  private Result run(Prepared prepared, boolean timed) {
    try {
      return admission.enter(() -> start(prepared, timed));
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

  /**
   * The smallest cap under which a prepared plan is admitted: what its operators need to work at
   * all, and its pipes. Nothing runs.
   */
  public long leastMemoryBytes(Prepared prepared) {
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

  private Budget queryBudget(Prepared prepared) {
    String name = "query " + queries.incrementAndGet();
    int times = Integer.getInteger(LEAST_TIMES, 0);
    return times == 0
        ? budget.child(name)
        : Budget.root(name, Math.min(options.memoryBytes(), times * leastMemoryBytes(prepared)));
  }

  private Result start(Prepared prepared, boolean timed) {
    CancellationToken token = new CancellationToken();
    Budget whole = queryBudget(prepared); // what waits for the client outlives the operators
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
    Result result = new Result(prepared, run, out, meters, whole, pressure.met(pipes));
    run.whenFinished(
        () -> {
          pipes.end();
          admission.ended();
        });
    run.start();
    return result;
  }

  Pressure pressure() {
    return pressure;
  }

  /** What the heap is like, as the engine sees it. */
  public HeapMonitor.Figures heap() {
    return pressure.heap();
  }

  /**
   * Makes an empty table in memory. A table of that name is replaced in one step, or is an error.
   * Its memory counts in the engine's budget until it is dropped.
   */
  public void createTable(String name, Schema schema, boolean replace) {
    memoryTables.create(name, schema, replace);
  }

  /**
   * Makes a table in memory of the rows of a result, which it reads to the end and closes; it gets
   * its name when it is complete, and whatever fails leaves nothing. Blocking.
   *
   * @return the number of rows
   */
  public long createTable(String name, Result rows, boolean replace) {
    return memoryTables.create(name, rows, replace);
  }

  /**
   * Adds the rows of a result, all in one step or none, to a table in memory; the types must be
   * those of its columns. Running queries do not see them. Closes the result. Blocking.
   *
   * @return the number of rows
   */
  public long insert(String name, Result rows) {
    return memoryTables.insert(name, rows);
  }

  /**
   * Takes a table out of the catalog, and frees it when it lies in memory and no query reads it any
   * more; returns whether there was one. Files are never touched.
   */
  public boolean dropTable(String name) {
    return memoryTables.drop(name);
  }

  /**
   * Writes the rows of a result to a file, which appears or is replaced when it is complete. Closes
   * the result. Blocking.
   *
   * @param file relative paths start at the base directory
   * @param fileOptions {@code format} (else by the ending: csv, json, parquet), {@code
   *     compression}; csv: {@code delimiter quote escape header null quote-all}; json: {@code
   *     array}; parquet: {@code row-group-rows}
   * @return the number of rows
   */
  public long write(Result rows, String file, Map<String, ? extends @Nullable Object> fileOptions) {
    try (rows;
        Sink sink =
            tables
                .writes()
                .create(file, fileOptions, MemoryTables.nullable(rows.schema()), budget)) {
      return rows.into(sink);
    }
  }

  /**
   * Adds the rows of a result to a table that is a file or a folder of files, all at once or none:
   * a folder gets one file more; a single file of CSV or of JSON lines is written anew. Columns go
   * by position and must have the table's types. Closes the result. Blocking.
   *
   * @param table a folder or a file, as in {@code (table+ "people.csv")}
   * @param tableOptions those of the table
   * @return the number of rows
   */
  public long append(
      Result rows, String table, Map<String, ? extends @Nullable Object> tableOptions) {
    try (rows;
        Sink sink = tables.appends().append(table, tableOptions, rows.schema(), budget)) {
      return rows.into(sink);
    }
  }

  /** Stops everything; running queries end with an error. */
  @Override
  public void close() {
    scheduler.close();
    pressure.close();
    if (outOfHeap != null) {
      outOfHeap.close();
    }
    if (spill != null) {
      spill.close();
    }
  }

  static String tableName(Object ref) {
    return ref instanceof Symbol s
        ? s.toString()
        : ref instanceof Keyword k ? k.sym.toString() : String.valueOf(ref);
  }
}
