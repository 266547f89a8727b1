package dev.penstock.benchmarks.watch;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * {@code WatchBench [--data DIR] [--sf 1] [--sql DIR] [--queries 1,9,18] [--rounds 21]
 * [--every-millis 1000] [--watchers 3]}: the queries while nobody looks, and while watchers do what
 * a page of the console or {@code top} makes the server do each second: read the registry, the
 * figures and the whole living graph of each query.
 *
 * <p>The watchers look at times of their own, evenly apart, whenever queries begin; a round is as
 * many runs of a query as it takes for each watcher to look at least once. Rounds of both
 * alternate, so that a machine that becomes slower does so for both; what counts is the median of
 * the ratios of neighbours.
 */
public final class WatchBench {
  private final Engine engine;
  private final long everyMillis;
  private final int watchers;
  private volatile boolean looking;
  private long looks;
  private long lookNanos;

  /** Keeps the reading from being left out. */
  private long seen;

  private WatchBench(Engine engine, long everyMillis, int watchers) {
    this.engine = engine;
    this.everyMillis = everyMillis;
    this.watchers = watchers;
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args,
            Set.of(
                "--data",
                "--sf",
                "--sql",
                "--queries",
                "--rounds",
                "--workers",
                "--every-millis",
                "--watchers"),
            Set.of());
    double scale = given.decimal("--sf", 1);
    Path folder = TpchFiles.in(given.path("--data", "benchmarks/target/tpch"), scale);
    Path sql = given.path("--sql", "../shared/tpch");
    EngineOptions options = EngineOptions.defaults().withWorkers(given.number("--workers", 2));
    int watchers = given.number("--watchers", 3);
    ScheduledExecutorService clock = Executors.newScheduledThreadPool(watchers);
    try (Engine engine = Engine.create(options)) {
      DataFolder.addTo(engine, folder);
      WatchBench bench = new WatchBench(engine, given.number("--every-millis", 1000), watchers);
      bench.watch(clock);
      System.out.printf(
          Locale.ROOT,
          "%-6s %10s %10s %8s %8s %10s%n",
          "query",
          "alone ms",
          "watched",
          "ratio",
          "looks",
          "ms a look");
      for (String q : given.text("--queries", "1,9,18").split(",", -1)) {
        int number = Integer.parseInt(q.strip());
        bench.measure(number, TpchFiles.query(sql, number, scale), given.number("--rounds", 21));
      }
    } finally {
      clock.shutdownNow();
    }
  }

  private void measure(int number, String text, int rounds) {
    double once = 0;
    for (int i = 0; i < 5; i++) { // warm
      once = round(text, 1, i % 2 == 1);
    }
    int runs = (int) Math.ceil(everyMillis / once);
    synchronized (this) {
      looks = 0;
      lookNanos = 0;
    }
    List<Double> alone = new ArrayList<>();
    List<Double> watched = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      boolean first = i % 2 == 0;
      double a = first ? round(text, runs, false) : 0;
      double b = round(text, runs, true);
      a = first ? a : round(text, runs, false);
      alone.add(a);
      watched.add(b);
      ratios.add(b / a);
    }
    synchronized (this) {
      System.out.printf(
          Locale.ROOT,
          "q%02d    %10.1f %10.1f %8.4f %8d %10.2f%n",
          number,
          median(alone),
          median(watched),
          median(ratios),
          looks,
          lookNanos / 1e6 / Math.max(1, looks));
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Mean milliseconds of a run. */
  private double round(String text, int runs, boolean isWatched) {
    looking = isWatched;
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      try (Result result = new SqlSession(engine).execute(text)) {
        result.drain();
      }
    }
    double millis = (System.nanoTime() - start) / 1e6 / runs;
    looking = false;
    return millis;
  }

  private void watch(ScheduledExecutorService clock) {
    for (int i = 0; i < watchers; i++) {
      Future<?> unused =
          clock.scheduleAtFixedRate(
              this::look, i * everyMillis / watchers, everyMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    if (!looking) {
      return;
    }
    long start = System.nanoTime();
    long bytes = 0;
    List<Query> queries = engine.queries().running();
    if (queries.isEmpty()) {
      return;
    }
    for (Query query : queries) {
      bytes += query.snapshot().memoryBytes();
      bytes += query.graph().operators().size();
    }
    synchronized (this) {
      looks++;
      lookNanos += System.nanoTime() - start;
      seen += bytes;
    }
  }

  @Override
  public String toString() {
    return "WatchBench, " + seen + " seen";
  }
}
