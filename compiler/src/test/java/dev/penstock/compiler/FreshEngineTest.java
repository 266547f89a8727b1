package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Small plans on engines that have just begun: nothing is lost at the start or the end of a query.
 * {@code -Dpenstock.fresh.engines=N} opens N engines; fewer where the tests run again.
 */
class FreshEngineTest {
  private static final int ENGINES =
      Integer.getInteger(
          "penstock.fresh.engines", 1500 / Integer.getInteger("penstock.test.fewer", 1));
  private static final String ROOTS =
      "(project+ [d [r (sqrt d)]] (values+ [[d :float64]] [[4.0] [nil] [9.0]]))";
  private static final List<List<Double>> THREE_ROOTS =
      List.of(Arrays.asList(4.0, 2.0), Arrays.asList(null, null), Arrays.asList(9.0, 3.0));

  private record Case(String plan, List<? extends List<?>> rows) {}

  private static final List<Case> CASES =
      List.of(
          new Case(ROOTS, THREE_ROOTS),
          new Case("(group+ [] [[n (count)]] " + ROOTS + ")", List.of(List.of(3L))),
          new Case("(top+ 1 [d] (union+ " + ROOTS + " " + ROOTS + "))", THREE_ROOTS.subList(0, 1)));

  @Test
  @Timeout(300)
  void aNewEngineLosesNoRow() {
    for (int i = 0; i < ENGINES; i++) {
      // to prepare a plan takes longer than to run it: each engine has one, and runs it three times
      Case one = CASES.get(i / 12 % CASES.size());
      try (Engine engine =
          Engine.create(
              EngineOptions.defaults().withWorkers(1 + i % 4).withBatchRows(1 + i % 3 * 1000))) {
        Prepared prepared = engine.prepare(one.plan);
        for (int run = 0; run < 3; run++) {
          assertEquals(one.rows, rows(engine, prepared), "engine " + i);
        }
        assertEquals(0, engine.budget().usedBytes());
      }
    }
  }

  private static List<List<Object>> rows(Engine engine, Prepared prepared) {
    try (Result result = engine.run(prepared)) {
      return result.rows().stream().map(Arrays::asList).toList();
    }
  }
}
