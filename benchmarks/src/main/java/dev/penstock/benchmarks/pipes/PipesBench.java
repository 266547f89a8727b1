package dev.penstock.benchmarks.pipes;

import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Rounds;
import dev.penstock.benchmarks.jmh.PipeBench;
import java.util.List;
import java.util.Set;
import java.util.function.LongBinaryOperator;

/**
 * Items a second through filter, map and sum, one by one and in batches of 1024: pipes, parallel
 * streams, core.async, Hazelcast Jet. {@code PipesBench [--warmup 15] [--rounds 11]}. The sums are
 * checked.
 *
 * <p>Jet's job has four times the items of the others: what its start takes counts less then.
 */
public final class PipesBench {
  private static final long JET_ITEMS = 4L * PipeBench.ITEMS;

  private PipesBench() {}

  public static void main(String[] args) throws Exception {
    Arguments given = new Arguments(args, Set.of("--warmup", "--rounds"), Set.of());
    int warmup = given.number("--warmup", 15);
    int rounds = given.number("--rounds", 11);
    PipeBench work = new PipeBench();
    work.load();
    String about =
        "filter, map, sum of numbers, "
            + Runtime.getRuntime().availableProcessors()
            + " processors, JDK "
            + Runtime.version();
    System.out.println(about + "\n");
    List<String> series =
        List.of("penstock pipes", "parallel stream", "core.async", "hazelcast jet");
    Figures figures =
        new Figures("pipes", "M items/s", series, series.size(), about).ofThroughput();
    // in a build of its own, benchmarks/peers
    LongBinaryOperator jet =
        Class.forName("dev.penstock.benchmarks.peers.JetSum")
            .asSubclass(LongBinaryOperator.class)
            .getConstructor()
            .newInstance();
    try {
      figures.put(
          "one by one",
          Rounds.take(
              List.of(
                  () -> millions(PipeBench.ITEMS, work::pipesItems),
                  () -> millions(PipeBench.ITEMS, work::parallelStreamItems),
                  () -> millions(PipeBench.ITEMS, work::coreAsyncItems),
                  () -> millions(JET_ITEMS, () -> jet.applyAsLong(JET_ITEMS, 1))),
              warmup,
              rounds));
      figures.put(
          "batches of 1024",
          Rounds.take(
              List.of(
                  () -> millions(PipeBench.ITEMS, work::pipesBatches),
                  () -> millions(PipeBench.ITEMS, work::parallelStreamBatches),
                  () -> millions(PipeBench.ITEMS, work::coreAsyncBatches),
                  () -> millions(JET_ITEMS, () -> jet.applyAsLong(JET_ITEMS, 1024))),
              warmup,
              rounds));
    } finally {
      ((AutoCloseable) jet).close();
    }
    figures.publish();
    System.exit(0); // the threads of core.async and Jet are no daemons
  }

  /** A run that gives the sum of its items. */
  private interface Run {
    long sum() throws Exception;
  }

  private static double millions(long items, Run run) throws Exception {
    long start = System.nanoTime();
    long sum = run.sum();
    double seconds = (System.nanoTime() - start) / 1e9;
    long half = items / 2;
    if (sum != half * (half - 1) + half) {
      throw new IllegalStateException("wrong sum of " + items + " items: " + sum);
    }
    return items / seconds / 1e6;
  }
}
