package dev.penstock.benchmarks.cancel;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Cancels the TPC-H queries at random times between their beginning and their end, planning
 * included, and measures from the request until the caller has its answer, until no thread works
 * for the query, and until its memory and files are released. At last it counts what is left
 * behind; anything is a failure.
 *
 * <pre>
 * request --> caller has the exception --> tasks, closers ended --> budget 0, spilled bytes 0
 * </pre>
 *
 * With {@code --hostile true} statements that take long to plan. With {@code --memory MB} under a
 * cap, so that cancelling meets queries that spill and merge. Of the slowest it tells what the
 * threads did after half of the promised time, and how long the collector had worked by then.
 */
public final class CancelBench {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final CancelOptions options;
  private final Random random;
  private final List<Stop> stops = new ArrayList<>();
  private final Map<QueryState, Integer> met = new EnumMap<>(QueryState.class);
  private int tooLate;
  private Late late = new Late();

  /**
   * One cancelled query; times since the request.
   *
   * @param late what went on when it had not stopped after half of the promised time; else empty
   */
  private record Stop(
      String query, QueryState state, long caller, long threads, long released, String late) {}

  private CancelBench(CancelOptions options) {
    this.options = options;
    this.random = new Random(options.seed());
  }

  public static void main(String[] args) throws Exception {
    CancelOptions options = CancelOptions.read(args);
    System.out.println("seed " + options.seed());
    if (!new CancelBench(options).run()) {
      System.exit(1);
    }
  }

  private boolean run() throws Exception {
    Path spill = Files.createTempDirectory("penstock-cancel");
    EngineOptions of =
        EngineOptions.defaults()
            .withWorkers(options.workers())
            .withSpillTo(new EngineOptions.SpillTo(spill, Long.MAX_VALUE));
    if (options.memoryBytes() > 0) {
      of = of.withMemoryBytes(options.memoryBytes());
    }
    ExecutorService client = Executors.newSingleThreadExecutor();
    boolean clean;
    try (Engine engine = Engine.create(of)) {
      if (!options.hostile()) {
        DataFolder.addTo(engine, TpchFiles.in(options.data(), options.scale()));
      }
      Map<Integer, Long> alone = timesAlone(engine);
      Left before = Left.of(engine, spill);
      for (int i = 0; i < options.cancellations(); i++) {
        int query = options.queries().get(i % options.queries().size());
        cancelOne(engine, client, query, i, alone.getOrDefault(query, 0L));
      }
      Left after = Left.of(engine, spill);
      report();
      System.out.println("left behind: " + after.since(before));
      clean = after.isClean(before);
    } finally {
      client.shutdownNow();
    }
    try (var files = Files.list(spill)) {
      long left = files.count();
      System.out.println("in the spill directory after the engine: " + left + " files");
      return clean && left == 0;
    }
  }

  /** The second of two runs of each query. */
  private Map<Integer, Long> timesAlone(Engine engine) throws Exception {
    Map<Integer, Long> times = new java.util.HashMap<>();
    SqlSession session = new SqlSession(engine);
    for (int query : options.queries()) {
      for (int round = 0; round < 2; round++) {
        long start = System.nanoTime();
        try (Result result = session.execute(text(query, -1 - round))) {
          result.drain();
        }
        times.put(query, System.nanoTime() - start);
      }
    }
    return times;
  }

  /** Each time another text, so that it is planned anew. */
  private String text(int query, int round) throws Exception {
    return "/* "
        + round
        + " */ "
        + (options.hostile()
            ? Hostile.text(query)
            : TpchFiles.query(options.sql(), query, options.scale()));
  }

  private void cancelOne(Engine engine, ExecutorService client, int query, int round, long alone)
      throws Exception {
    Statement statement = SqlSession.statements(text(query, round), "").get(0);
    Query asked = engine.queries().begin(QueryOptions.defaults().withText(statement.written()));
    Future<Long> answered = client.submit(() -> answeredAt(engine, asked, statement));
    long wait = (long) (random.nextDouble() * alone);
    long until = System.nanoTime() + wait;
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(Math.max(1, until - System.nanoTime()));
    }
    QueryState state = asked.state();
    late = new Late();
    long request = System.nanoTime();
    boolean stopped = asked.cancel(Reason.PERSON, "cancelled by the bench");
    long threads = await(request, () -> asked.state().isEnded(), asked);
    long released =
        await(
            request,
            () -> engine.budget().usedBytes() == 0 && engine.spilled().heldBytes() == 0,
            asked);
    long caller = answered.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    if (!stopped || caller < 0) {
      tooLate++;
      return;
    }
    met.merge(state, 1, Integer::sum);
    stops.add(
        new Stop(
            options.hostile() ? Hostile.name(query) : TpchFiles.name(query),
            state,
            Math.max(0, caller - request),
            threads,
            released,
            late.told()));
  }

  /** When the caller had the exception; negative: the query came to its end. */
  private static long answeredAt(Engine engine, Query asked, Statement statement) {
    try (Result result = new SqlSession(engine).execute(asked, statement)) {
      result.drain();
      return -1;
    } catch (PenstockException e) {
      long now = System.nanoTime();
      if (e.category() != PenstockException.Category.CANCELLED) {
        throw e;
      }
      return now;
    }
  }

  private interface Condition {
    boolean holds();
  }

  /** Nanoseconds from the request until a condition held. */
  private long await(long request, Condition condition, Query query) {
    while (!condition.holds()) {
      long passed = System.nanoTime() - request;
      late.look(passed);
      if (passed > PATIENCE_NANOS) {
        throw new IllegalStateException(query + " does not end; " + query.graph());
      }
      if (passed > 2_000_000) {
        LockSupport.parkNanos(200_000);
      } else {
        Thread.onSpinWait();
      }
    }
    return System.nanoTime() - request;
  }

  private void report() {
    System.out.printf(
        Locale.ROOT,
        "%d cancelled (%s), %d came to their end before%n",
        stops.size(),
        met,
        tooLate);
    System.out.printf(
        Locale.ROOT, "%-28s %9s %9s %9s   ms%n", "from the request", "p50", "p99", "max");
    line("to the caller's exception", stops.stream().map(Stop::caller).toList());
    line("to all threads released", stops.stream().map(Stop::threads).toList());
    line("to memory, files released", stops.stream().map(Stop::released).toList());
    for (QueryState state : met.keySet()) {
      line(
          "  threads, while " + state.name().toLowerCase(Locale.ROOT),
          stops.stream().filter(s -> s.state() == state).map(Stop::threads).toList());
    }
    System.out.println("the slowest:");
    stops.stream()
        .sorted(Comparator.comparingLong((Stop s) -> -s.threads()))
        .limit(5)
        .forEach(
            s ->
                System.out.printf(
                    Locale.ROOT,
                    "  %s %s: caller %.1f, threads %.1f, released %.1f ms%n%s",
                    s.query(),
                    s.state(),
                    s.caller() / 1e6,
                    s.threads() / 1e6,
                    s.released() / 1e6,
                    s.late()));
  }

  private static void line(String what, List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    if (!sorted.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%-28s %9.2f %9.2f %9.2f%n",
          what,
          at(sorted, 0.5),
          at(sorted, 0.99),
          at(sorted, 1));
    }
  }

  private static double at(List<Long> sorted, double share) {
    int i = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, i)) / 1e6;
  }
}
