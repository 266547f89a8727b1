package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every aggregate over every type, with and without keys, repeated values, filters, orders and
 * grouping sets, gives what the naive evaluator gives; and what its documented example says.
 */
@Tag("least")
@Timeout(300)
class AggregatesTest {
  private static List<?> sweep(String namespace, String function) {
    return (List<?>) PlanBridge.function("dev.penstock.compiler." + namespace, function).invoke();
  }

  @Test
  void aggregatesGiveWhatTheNaiveEvaluatorGives() {
    check(sweep("aggregate-sweep", "plans"), 1);
  }

  @Test
  void framesGiveWhatTheNaiveEvaluatorGives() {
    check(sweep("window-sweep", "plans"), 1);
  }

  @Test
  void rangesGiveWhatTheNaiveEvaluatorGives() {
    check(sweep("window-sweep", "range-plans"), 1);
  }

  @Test
  void seriesGiveWhatTheNaiveEvaluatorGives() {
    check(sweep("window-sweep", "series-plans"), 1);
  }

  private static void check(List<?> plans, int seed) {
    Object tables = Differential.call("tables", seed);
    List<Engine> engines = new ArrayList<>();
    for (int workers : new int[] {1, 4}) {
      for (int rows : new int[] {2048, 7}) {
        Engine engine =
            Engine.create(EngineOptions.defaults().withWorkers(workers).withBatchRows(rows));
        Differential.addTables(engine, tables);
        engines.add(engine);
      }
    }
    List<String> wrong = new ArrayList<>();
    int which = 0;
    int next = 0;
    for (Object plan : plans) {
      if (!DifferentialTest.isChosen(next++)) {
        continue;
      }
      Engine engine = engines.get(which++ % engines.size());
      Object expected = Differential.call("naive", plan, tables);
      assertEquals(
          null, Differential.call("failed", expected), () -> Differential.text("text", plan));
      try (Result result = engine.run(engine.prepare(plan))) {
        Object difference =
            PlanBridge.function("dev.penstock.compiler.aggregate-sweep", "difference")
                .invoke(expected, result.rows());
        if (!"".equals(difference)) {
          wrong.add(difference + "\n" + Differential.text("text", plan));
        }
      } catch (PenstockException e) {
        wrong.add(e + "\n" + Differential.text("text", plan));
      }
      assertEquals(0, engine.budget().usedBytes(), () -> Differential.text("text", plan));
    }
    engines.forEach(Engine::close);
    assertEquals(
        "",
        String.join("\n\n", wrong.subList(0, Math.min(10, wrong.size()))),
        wrong.size() + " of " + plans.size());
  }

  @Test
  void examplesAreTrue() {
    List<String> wrong = new ArrayList<>();
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      for (Object example : sweep("aggregate-sweep", "examples")) {
        List<?> parts = (List<?>) example;
        try (Result result = engine.run(engine.prepare(parts.get(1)))) {
          String difference = Differential.text("difference", parts.get(2), result.rows());
          if (!difference.isEmpty()) {
            wrong.add(parts.get(0) + ": " + difference);
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }
}
