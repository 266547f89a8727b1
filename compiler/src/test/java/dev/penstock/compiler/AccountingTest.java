package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.nodes.Node;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine counts, against what the heap holds after a full collection. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class AccountingTest {
  private static final double MOST = 1.15;

  /** Classes, plans, meters: what does not grow with rows. */
  private static final long FIXED = 2 << 20;

  private static final String ROWS =
      "(bind+ [[K (mod (* N 7919) 400000)] [T (concat \"text of row \" (cast N :varchar))] [F (* N 0.5)]]"
          + " (series+ N 1 400000))";

  /** Each stands still when its first batch is out and nobody takes the next. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(sort+ [K] " + ROWS + ")",
        "(sort+ [T [K :desc]] " + ROWS + ")",
        "(group+ [K] [[S (sum N)] [C (count)] [M (max T)]] " + ROWS + ")",
        "(group+ [T] [[S (sum F)]] " + ROWS + ")",
        "(group+ [[G (mod K 100)]] [[D (count N {:distinct true})]] " + ROWS + ")",
        "(group+ [[G (mod K 1000)]] [[A (string-agg T \",\")]] " + ROWS + ")",
        "(distinct+ (project+ [T K] " + ROWS + "))",
        "(join+ [[K J]] " + ROWS + " (project+ [[J K] [U T] [M N]] " + ROWS + "))",
        "(window+ [[R (row-number) {:partition [(mod K 50)] :order [N]}]] " + ROWS + ")",
        "(intersect+ (project+ [K] " + ROWS + ") (project+ [[K N]] " + ROWS + "))"
      })
  void theHeapHoldsNoMoreThanIsCounted(String plan) {
    EngineOptions options = EngineOptions.defaults().withWorkers(2).withMemoryBytes(1L << 30);
    try (Engine engine = Engine.create(options)) {
      Prepared prepared = engine.prepare(plan);
      try (Result warm = engine.run(prepared)) {
        warm.drain();
      }
      double ratio = Double.MAX_VALUE;
      String figures = "";
      for (int attempt = 0; attempt < 3 && ratio > MOST; attempt++) {
        long before = liveBytes();
        try (Result result = engine.run(prepared)) {
          result.next();
          settle(result);
          long held = liveBytes() - before;
          long counted = result.memoryBytes();
          figures = "the heap holds " + held + " bytes, counted are " + counted;
          ratio = (double) (held - FIXED) / counted;
        }
      }
      assertTrue(ratio <= MOST, figures);
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  /** Until no task is submitted or runs. */
  private static void settle(Result result) {
    for (int quiet = 0; quiet < 20; ) {
      LockSupport.parkNanos(1_000_000);
      quiet = result.nodes().stream().mapToInt(Node::permitsInUse).sum() == 0 ? quiet + 1 : 0;
    }
  }

  private static long liveBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
