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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * {@code WatchBench [--data DIR] [--sf 1] [--sql DIR] [--queries 1,9,18] [--rounds 21]
 * [--every-millis 1000] [--watchers 3]}: the queries while nobody looks, and while watchers do what
 * a page of the console or {@code top} makes the server do each second: read the registry, the
 * figures and the whole living graph of each query. Rounds of both alternate, so that a machine
 * that becomes slower does so for both; what counts is the median of the ratios of neighbours.
 */
public final class WatchBench {
  private final Engine engine;
  private final long everyMillis;
  private final int watchers;
  private long looks;

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
    try (Engine engine = Engine.create(options)) {
      DataFolder.addTo(engine, folder);
      WatchBench bench =
          new WatchBench(
              engine, given.number("--every-millis", 1000), given.number("--watchers", 3));
      System.out.printf(
          Locale.ROOT,
          "%-6s %10s %10s %8s %8s%n",
          "query",
          "alone ms",
          "watched",
          "ratio",
          "looks");
      for (String q : given.text("--queries", "1,9,18").split(",", -1)) {
        int number = Integer.parseInt(q.strip());
        bench.measure(number, TpchFiles.query(sql, number, scale), given.number("--rounds", 21));
      }
    }
  }

  private void measure(int number, String text, int rounds) throws Exception {
    for (int i = 0; i < 3; i++) { // warm
      millis(text);
      watched(text);
    }
    looks = 0;
    List<Double> alone = new ArrayList<>();
    List<Double> watched = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      boolean first = i % 2 == 0;
      double a = first ? millis(text) : 0;
      double b = watched(text);
      a = first ? a : millis(text);
      alone.add(a);
      watched.add(b);
      ratios.add(b / a);
    }
    System.out.printf(
        Locale.ROOT,
        "q%02d    %10.1f %10.1f %8.4f %8d%n",
        number,
        median(alone),
        median(watched),
        median(ratios),
        looks);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double millis(String text) {
    long start = System.nanoTime();
    try (Result result = new SqlSession(engine).execute(text)) {
      result.drain();
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private double watched(String text) throws InterruptedException {
    Semaphore over = new Semaphore(0);
    Thread[] all = new Thread[watchers];
    for (int i = 0; i < watchers; i++) {
      all[i] = new Thread(() -> watch(over), "watcher-" + i);
      all[i].start();
    }
    try {
      return millis(text);
    } finally {
      over.release(watchers);
      for (Thread one : all) {
        one.join();
      }
    }
  }

  private void watch(Semaphore over) {
    try {
      do {
        long bytes = 0;
        for (Query query : engine.queries().running()) {
          bytes += query.snapshot().memoryBytes();
          bytes += query.graph().operators().size();
        }
        synchronized (this) {
          looks++;
          seen += bytes;
        }
      } while (!over.tryAcquire(everyMillis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "WatchBench, " + seen + " seen";
  }
}
