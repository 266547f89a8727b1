package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.expr.Functions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scalar functions of the plan language have kernels, and those do what the examples say. */
@Timeout(120)
class FunctionExamplesTest {
  @Test
  void everyFunctionHasAKernel() {
    assertEquals(
        new ArrayList<>((Set<?>) Differential.call("lowered-function-names")),
        new ArrayList<>(Functions.names()));
  }

  @Test
  void examplesAreTrue() {
    List<String> wrong = new ArrayList<>();
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1))) {
      for (Object example : Differential.list("function-examples")) {
        List<?> parts = (List<?>) example;
        try (Result result = engine.run(engine.prepare(parts.get(1)))) {
          Object actual = result.rows().get(0)[0];
          List<?> rows = List.of(Collections.singletonList(actual));
          String difference = Differential.text("difference", parts.get(2), rows);
          if (!difference.isEmpty()) {
            wrong.add(parts.get(0) + ": " + difference);
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }
}
