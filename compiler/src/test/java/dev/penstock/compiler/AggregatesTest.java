package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clojure.lang.ArraySeq;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every aggregate over every type, with and without keys, repeated values, filters, orders and
 * grouping sets, gives what the naive evaluator gives; and what its documented example says.
 */
@Timeout(300)
class AggregatesTest {
  private static Object sweep(String function, Object... args) {
    return PlanBridge.function("dev.penstock.compiler.aggregate-sweep", function)
        .applyTo(ArraySeq.create(args));
  }

  @Test
  void aggregatesGiveWhatTheNaiveEvaluatorGives() {
    Object tables = Differential.call("tables", 1);
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
    for (Object plan : (List<?>) sweep("plans")) {
      Engine engine = engines.get(which++ % engines.size());
      Object expected = Differential.call("naive", plan, tables);
      assertEquals(
          null, Differential.call("failed", expected), () -> Differential.text("text", plan));
      try (Result result = engine.run(engine.prepare(plan))) {
        String difference = String.valueOf(sweep("difference", expected, result.rows()));
        if (!difference.isEmpty()) {
          wrong.add(difference + "\n" + Differential.text("text", plan));
        }
      }
      assertEquals(0, engine.budget().usedBytes());
    }
    engines.forEach(Engine::close);
    assertEquals(
        "",
        String.join("\n\n", wrong.subList(0, Math.min(10, wrong.size()))),
        "of " + wrong.size());
  }

  @Test
  void examplesAreTrue() {
    List<String> wrong = new ArrayList<>();
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      for (Object example : (List<?>) sweep("examples")) {
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
