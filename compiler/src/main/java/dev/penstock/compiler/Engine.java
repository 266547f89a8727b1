package dev.penstock.compiler;

import clojure.lang.Keyword;
import clojure.lang.Symbol;
import dev.penstock.batch.Schema;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.object.S3Address;
import dev.penstock.buffer.object.S3Store;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.Failpoints;
import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.HeapMonitor;
import dev.penstock.nodes.Scheduler;
import dev.penstock.nodes.Sink;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.spill.Relief;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
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

  /** So long closing waits at most for the last tasks of what it cancelled. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final EngineOptions options;
  private final Scheduler scheduler;
  private final Budget budget;
  private final Pressure pressure;
  private final @Nullable DirectorySpill spill;
  private final Queries queries;
  private final Runs runs;
  private final Catalog catalog = new Catalog();
  private final Languages languages = new Languages();
  private final Tables tables;
  private final MemoryTables memoryTables;

  private Engine(
      EngineOptions options,
      int refuseEvery,
      @Nullable BooleanSupplier tight,
      Failpoints failpoints) {
    ClojureObjects.allow();
    this.options = options;
    this.budget = Budget.root("the engine", options.memoryBytes());
    this.pressure = new Pressure(options.spillTo() != null, budget, tight);
    this.queries = new Queries(options.limits());
    Relief relief =
        new Relief(
            refuseEvery,
            pressure::isTight,
            tight == null ? Pressure.allowanceBytes() : 0,
            Pressure.leastShareBytes(),
            Pressure.spareBytes(options.memoryBytes()));
    this.scheduler = new Scheduler(options.workers());
    EngineOptions.SpillTo to = options.spillTo();
    this.spill = to == null ? null : open(to, failpoints);
    this.runs = new Runs(options, scheduler, budget, pressure, relief, spill);
    this.tables = new Tables(catalog, languages, options);
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

  /**
   * Begins to load the planner, which is most of the time of a process's first query; returns at
   * once. For programs that have something else to do until then, and nothing with Clojure: some of
   * its classes wait for each other in a circle when two threads are the first to use them.
   */
  public static void load() {
    Thread loading = new Thread(PlanBridge::load, "penstock-load-planner");
    loading.setDaemon(true);
    loading.setUncaughtExceptionHandler((thread, e) -> {}); // the first plan has the same error
    loading.start();
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

  /** Other languages in which parts of plans may be written. */
  public Languages languages() {
    return languages;
  }

  /** The queries that run, and the last that ended: to watch them and to stop them. */
  public Queries queries() {
    return queries;
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
   * Files as a source, wherever they lie: to give them a name in the catalog, also of an engine
   * that is confined. Blocking.
   */
  public Source files(String path, java.util.Map<String, Object> tableOptions) {
    return tables.openAny(path, tableOptions);
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
    return prepareData(form(plan), true, false, System.nanoTime(), null);
  }

  /** The same as a part of a query: it ends when the query is cancelled. */
  public Prepared prepare(Object plan, Query query) {
    return prepareData(form(plan), true, false, System.nanoTime(), query);
  }

  /** As {@link #prepare(String, String)}, as a part of a query: it ends when that is cancelled. */
  public Prepared prepare(String planText, String sourceName, Query query) {
    long start = System.nanoTime();
    return prepareData(PlanBridge.read(planText, sourceName), false, false, start, query);
  }

  private static Object form(Object plan) {
    return plan instanceof Plan p ? p.form() : plan;
  }

  /** The plan as it is written, no rule applied: for tests. */
  Prepared prepareUnrewritten(Object form) {
    Tables.Session session = tables.session();
    Lowered lowered =
        PlanBridge.prepare(
            form,
            session,
            Instant.now(),
            true,
            false,
            false,
            options.runtimeFilters(),
            options.mergeScans(),
            new CancellationToken());
    return new Prepared(lowered, session.states(), 0);
  }

  private Prepared prepareText(String planText, String sourceName, boolean explain) {
    long start = System.nanoTime();
    return prepareData(PlanBridge.read(planText, sourceName), false, explain, start, null);
  }

  private Prepared prepareData(
      Object form, boolean functions, boolean explain, long startNanos, @Nullable Query query) {
    Scheduler.mayBlock("planning");
    CancellationToken token = query == null ? new CancellationToken() : query.token();
    Tables.Session session = tables.session();
    Lowered prepared =
        PlanBridge.prepare(
            form,
            session,
            Instant.now(),
            functions,
            explain,
            true,
            options.runtimeFilters(),
            options.mergeScans(),
            token);
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
    return explain(prepareData(plan.form(), true, true, System.nanoTime(), null));
  }

  private String explain(Prepared prepared) {
    return prepared.explain() + runs.graph(prepared);
  }

  /** Prepares and starts a plan text. */
  public Result run(String planText) {
    return run(planText, QueryOptions.defaults());
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
    return run(prepared, QueryOptions.defaults());
  }

  /** The same for an owner, with a timeout, ...: see {@link QueryOptions}. */
  public Result run(Prepared prepared, QueryOptions queryOptions) {
    return within(queries.begin(queryOptions), query -> runs.run(prepared, false, query));
  }

  /** Prepares and starts a plan text; planning is part of the query, and can be cancelled. */
  public Result run(String planText, QueryOptions queryOptions) {
    QueryOptions named =
        queryOptions.text() == null ? queryOptions.withText(planText) : queryOptions;
    return within(
        queries.begin(named),
        query -> {
          Object form = PlanBridge.read(planText, "plan");
          return runs.run(prepareData(form, false, false, System.nanoTime(), query), false, query);
        });
  }

  private static Result within(Query query, Function<Query, Result> starts) {
    try {
      Result result = starts.apply(query);
      query.finish(null);
      return result;
    } catch (Throwable e) {
      query.finish(e);
      throw e;
    }
  }

  /**
   * Starts a prepared plan as a part of a query that the caller has begun, and will {@linkplain
   * Query#finish finish}.
   */
  public Result run(Prepared prepared, Query query) {
    return runs.run(prepared, false, query);
  }

  /** As {@link #run(Prepared)}, and {@link Result#profile} tells how long each operator took. */
  public Result runTimed(Prepared prepared) {
    return within(queries.begin(QueryOptions.defaults()), query -> runs.run(prepared, true, query));
  }

  /** The same as a part of a query, as {@link #run(Prepared, Query)}. */
  public Result runTimed(Prepared prepared, Query query) {
    return runs.run(prepared, true, query);
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

  /**
   * The smallest cap under which a prepared plan is admitted: what its operators need to work at
   * all, and its pipes. Nothing runs.
   */
  public long leastMemoryBytes(Prepared prepared) {
    return runs.leastMemoryBytes(prepared);
  }

  Pressure pressure() {
    return pressure;
  }

  /** Where queries spill to, for what a front end keeps beside their plans; null: nowhere. */
  public @Nullable DirectorySpill spillSpace() {
    return spill;
  }

  /**
   * What queries have on disk.
   *
   * @param heldBytes now
   * @param writtenBytes so far
   */
  public record Spilled(long heldBytes, long writtenBytes) {}

  /** What queries have on disk; all 0 where there is no place to spill to. */
  public Spilled spilled() {
    return spill == null ? new Spilled(0, 0) : new Spilled(spill.heldBytes(), spill.writtenBytes());
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

  /** Stops everything; running queries are cancelled, and their last tasks waited for a while. */
  @Override
  public void close() {
    queries.close();
    runs.close(CLOSING);
    scheduler.close();
    pressure.close();
    runs.release();
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
