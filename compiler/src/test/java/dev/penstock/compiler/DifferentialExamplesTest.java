package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The documented example of every operator, run by the engine, gives what its documentation says.
 */
@Tag("least")
class DifferentialExamplesTest {
  @TestFactory
  List<DynamicTest> documentedExamples() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Object name : Differential.list("example-names")) {
      tests.add(dynamicTest((String) name, () -> runExample((String) name)));
    }
    return tests;
  }

  private static void runExample(String name) {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      engine
          .languages()
          .add(
              "sparql",
              text -> new Languages.Part(Differential.call("example-subplan", text), List.of()));
      Object plan = Differential.call("example-plan", name);
      try (Result result = engine.run(engine.prepare(plan))) {
        assertEquals("", Differential.text("example-difference", name, result.rows()));
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }
}
