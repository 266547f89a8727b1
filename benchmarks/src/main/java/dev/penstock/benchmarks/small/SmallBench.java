package dev.penstock.benchmarks.small;

import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Look-ups and aggregates over 10,000 rows in memory, embedded, one thread: {@code SmallBench
 * [--calls 500] [--warmup 4] [--rounds 7]}.
 *
 * <pre>
 * a sample:  the median of so many calls, in microseconds; the sum of their answers is checked
 * literal:   each call has a text that never came before, so nothing can be taken from a cache of texts
 * planning:  the same, not run
 * new shape: the same with a name that never came before, so that no plan can be taken from a text
 *            that differs in its numbers alone
 * </pre>
 */
public final class SmallBench {
  static final int ROWS = 10_000;

  private final int calls;

  /** So that each literal text is a new one. */
  private int fresh;

  private SmallBench(int calls) {
    this.calls = calls;
  }

  static int g(int id) {
    return id % 100;
  }

  static long v(int id) {
    return id * 7L % 1000;
  }

  /** A call of an engine, which answers with the i-th number of the case. */
  private interface Call {
    long answer(SmallEngine engine, int i) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Arguments given = new Arguments(args, Set.of("--calls", "--warmup", "--rounds"), Set.of());
    SmallBench bench = new SmallBench(given.number("--calls", 500));
    int warmup = given.number("--warmup", 4);
    int rounds = given.number("--rounds", 7);
    long all = 0;
    for (int id = 0; id < ROWS; id++) {
      all += v(id);
    }
    long sum = all;
    String about = ROWS + " rows in memory, one thread, JDK " + Runtime.version();
    System.out.println(about + "\n");
    try (SmallEngine penstock = new PenstockEngine();
        SmallEngine duck = JdbcEngine.duckdb();
        SmallEngine h2 = JdbcEngine.h2();
        SmallEngine calcite = JdbcEngine.calcite()) {
      List<SmallEngine> engines = List.of(penstock, duck, h2, calcite);
      List<String> names = engines.stream().map(SmallEngine::name).toList();
      Figures figures = new Figures("small", "us", names, names.size(), about);
      Call point = (engine, i) -> engine.point(id(i)) - v(id(i));
      Call pointText =
          (engine, i) -> engine.text(SmallEngine.POINT + bench.newLiteral(id(i))) - v(id(i));
      Call aggregate = (engine, i) -> engine.aggregate(-i) - sum;
      Call aggregateText = (engine, i) -> engine.text(bench.newAggregate()) - sum;
      Call planning =
          (engine, i) -> {
            engine.plan(SmallEngine.POINT + bench.newLiteral(id(i)));
            return 0;
          };
      Call planningAggregate =
          (engine, i) -> {
            engine.plan(bench.newAggregate());
            return 0;
          };
      figures.put("point, prepared", bench.measure(engines, point, warmup, rounds));
      figures.put("aggregate, prepared", bench.measure(engines, aggregate, warmup, rounds));
      figures.put("point, literal", bench.measure(engines, pointText, warmup, rounds));
      figures.put("aggregate, literal", bench.measure(engines, aggregateText, warmup, rounds));
      figures.put("planning of the point", bench.measure(engines, planning, warmup, rounds));
      figures.put(
          "planning of the aggregate", bench.measure(engines, planningAggregate, warmup, rounds));
      figures.put(
          "planning of a new shape, point",
          bench.measure(engines, planningNamed(bench, SmallEngine.POINT + 5), warmup, rounds));
      figures.put(
          "planning of a new shape, aggregate",
          bench.measure(
              engines,
              planningNamed(bench, SmallEngine.AGGREGATE.replace("?", "5")),
              warmup,
              rounds));
      figures.publish();
    }
  }

  private static Call planningNamed(SmallBench bench, String text) {
    return (engine, i) -> {
      engine.plan(text.replace("SELECT ", "SELECT 1 AS n" + ++bench.fresh + ", "));
      return 0;
    };
  }

  private static int id(int i) {
    return (int) (i * 7919L % ROWS);
  }

  /** The number, with a part that is true and has never been seen. */
  private String newLiteral(int id) {
    return id + " AND id > -" + ++fresh;
  }

  private String newAggregate() {
    return SmallEngine.AGGREGATE.replace("?", "-" + ++fresh);
  }

  private double[][] measure(List<SmallEngine> engines, Call call, int warmup, int rounds)
      throws Exception {
    List<Rounds.Work> works = new ArrayList<>();
    for (SmallEngine engine : engines) {
      works.add(() -> micros(engine, call));
    }
    return Rounds.take(works, warmup, rounds);
  }

  private double micros(SmallEngine engine, Call call) throws Exception {
    double[] micros = new double[calls];
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      long difference = call.answer(engine, i);
      micros[i] = (System.nanoTime() - start) / 1e3;
      if (difference != 0) {
        throw new IllegalStateException(engine.name() + " is wrong by " + difference);
      }
    }
    return Figures.median(micros);
  }
}
