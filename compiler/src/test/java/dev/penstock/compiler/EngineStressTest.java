package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many queries side by side on one engine, some cancelled, some left before their end: answers stay
 * right, nothing stays behind.
 */
@Timeout(120)
class EngineStressTest {
  private static final String ITEMS = "(table+ tpch/lineitem {:sf 0.002})";

  /** Plans with the number of their rows. */
  private static final List<String> PLANS =
      List.of(
          "(group+ [] [[n (count)] [s (sum l_quantity)]] " + ITEMS + ")",
          "(top+ 7 [[l_extendedprice :desc] l_orderkey l_linenumber] " + ITEMS + ")",
          "(slice+ 0 5 (project+ [l_orderkey] " + ITEMS + "))",
          "(group+ [l_orderkey] [[n (count)]] " + ITEMS + ")",
          "(join+ [[l_orderkey o_orderkey]] "
              + ITEMS
              + " (table+ tpch/orders [o_orderkey o_custkey] {:sf 0.002}))",
          "(join+ :anti [[o_orderkey l_orderkey]] (table+ tpch/orders {:sf 0.002}) "
              + "(filter+ (> l_quantity 25) "
              + ITEMS
              + "))",
          "(distinct+ (project+ [l_returnflag l_linestatus] " + ITEMS + "))",
          "(window+ [[r (row-number) {:partition [l_suppkey] :order [l_orderkey l_linenumber]}]] "
              + ITEMS
              + ")",
          "(with+ [I " + ITEMS + "] (union+ (project+ [l_orderkey] I) (project+ [l_orderkey] I)))",
          "(minus+ (project+ [l_orderkey] " + ITEMS + ") (values+ [k] [[1] [2] [3]]))",
          "(sort+ [l_comment] " + ITEMS + ")");

  private static int rows(Engine engine, String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().size();
    }
  }

  @Test
  void manyQueriesSideBySide() throws Exception {
    long seed = 20261121;
    System.out.println("seed " + seed);
    int threads = 8;
    int rounds = 25;
    try (Engine engine =
        Engine.create(EngineOptions.defaults().withWorkers(3).withBatchRows(512))) {
      int[] expected = PLANS.stream().mapToInt(p -> rows(engine, p)).toArray();
      AtomicInteger cancelled = new AtomicInteger();
      ExecutorService hosts = Executors.newFixedThreadPool(threads);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          Random random = new Random(seed + t);
          Callable<Void> host =
              () -> {
                for (int i = 0; i < rounds; i++) {
                  int p = random.nextInt(PLANS.size());
                  oneQuery(engine, PLANS.get(p), expected[p], random, cancelled);
                }
                return null;
              };
          all.add(hosts.submit(host));
        }
        for (Future<?> f : all) {
          f.get();
        }
      } finally {
        hosts.shutdown();
      }
      assertEquals(0, engine.budget().usedBytes());
      System.out.println(cancelled + " of " + threads * rounds + " queries were cancelled");
    }
  }

  private static void oneQuery(
      Engine engine, String plan, int expected, Random random, AtomicInteger cancelled) {
    Result result = engine.run(plan);
    try (result) {
      switch (random.nextInt(4)) {
        case 0 -> {
          result.cancel("not wanted");
          cancelled.incrementAndGet();
          try {
            int n = result.rows().size();
            assertEquals(expected, n, plan); // it was done before the cancel
          } catch (PenstockException e) {
            assertEquals(Category.CANCELLED, e.category(), plan);
          }
        }
        case 1 -> result.next(); // and leave
        default -> assertEquals(expected, result.rows().size(), plan);
      }
    }
    assertEquals(0, result.memoryBytes(), plan);
  }
}
