package dev.penstock.benchmarks.scaling;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * {@code FairBench [--data DIR] [--sf 1] [--sql DIR] [--short 6] [--long 9,18,21] [--rounds 21]}: a
 * short query alone, then beside long ones that run again and again, each from a session of its
 * own. With several long ones its fair share is 1 / (n + 1), so its fair time n + 1 times that
 * alone.
 */
public final class FairBench {
  private final Engine engine;
  private final String brief;
  private final List<String> longs;
  private final int rounds;
  private volatile boolean over;

  private FairBench(Engine engine, String brief, List<String> longs, int rounds) {
    this.engine = engine;
    this.brief = brief;
    this.longs = longs;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args,
            Set.of("--data", "--sf", "--sql", "--short", "--long", "--rounds", "--workers"),
            Set.of());
    double scale = given.decimal("--sf", 1);
    Path folder = TpchFiles.in(given.path("--data", "benchmarks/target/tpch"), scale);
    Path sql = given.path("--sql", "../shared/tpch");
    List<String> longs = new ArrayList<>();
    for (String q : given.text("--long", "9,18,21").split(",", -1)) {
      longs.add(TpchFiles.query(sql, Integer.parseInt(q.strip()), scale));
    }
    EngineOptions options = EngineOptions.defaults().withWorkers(given.number("--workers", 2));
    try (Engine engine = Engine.create(options)) {
      DataFolder.addTo(engine, folder);
      String brief = TpchFiles.query(sql, given.number("--short", 6), scale);
      new FairBench(engine, brief, longs, given.number("--rounds", 21)).run();
    }
  }

  private void run() throws Exception {
    for (String text : longs) { // warm
      millis(text, Priority.NORMAL);
      millis(text, Priority.NORMAL);
    }
    measure(0, Priority.NORMAL, Priority.NORMAL);
    double alone = measure(0, Priority.NORMAL, Priority.NORMAL);
    System.out.printf(Locale.ROOT, "%-48s %9s %8s%n", "the short query", "ms", "ratio");
    show("alone", alone, alone);
    show("beside 1 long", measure(1, Priority.NORMAL, Priority.NORMAL), alone);
    show("beside 1 long of low priority", measure(1, Priority.LOW, Priority.NORMAL), alone);
    show("of high priority beside 1 long", measure(1, Priority.NORMAL, Priority.HIGH), alone);
    show("beside 3 long", measure(3, Priority.NORMAL, Priority.NORMAL), alone);
    show("of high priority beside 3 long", measure(3, Priority.NORMAL, Priority.HIGH), alone);
  }

  private static void show(String what, double millis, double alone) {
    System.out.printf(Locale.ROOT, "%-48s %9.1f %8.2f%n", what, millis, millis / alone);
  }

  /** The median of the short query beside so many long ones. */
  private double measure(int beside, Priority ofLong, Priority ofShort) throws Exception {
    over = false;
    ExecutorService others = Executors.newCachedThreadPool();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < beside; i++) {
      String text = longs.get(i % longs.size());
      running.add(others.submit(() -> again(text, ofLong)));
    }
    double[] times = new double[rounds];
    try {
      while (engine.queries().running().size() < beside) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < rounds; i++) {
        times[i] = millis(brief, ofShort);
      }
    } finally {
      over = true;
      for (Query query : engine.queries().running()) {
        query.cancel(Reason.CALLER, "measured");
      }
      for (Future<?> one : running) {
        one.get(1, TimeUnit.MINUTES);
      }
      others.shutdown();
    }
    Arrays.sort(times);
    return times[rounds / 2];
  }

  private void again(String text, Priority priority) {
    while (!over) {
      try {
        millis(text, priority);
      } catch (PenstockException e) {
        if (!over) {
          throw e;
        }
      }
    }
  }

  private double millis(String text, Priority priority) {
    SqlSession session = new SqlSession(engine);
    session.setOptions(QueryOptions.defaults().withPriority(priority));
    long start = System.nanoTime();
    try (Result result = session.execute(text)) {
      result.drain();
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
