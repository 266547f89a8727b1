package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups below joins: with the rule that makes them, plans give what they give without rules. */
class EarlyGroupTest {
  private static final String FACTS =
      """
      (project+ [[f (if (= 0 (mod x 11)) nil (mod x 9))] [n (if (= 0 (mod x 5)) nil (- x 2500))]
                 [amount (cast (* x 1.01M) [:decimal 12 2])] [r (* 0.25 (cast (mod x 13) :float64))]]
        (series+ x 1 5000))""";

  private static final String DIMS =
      """
      (project+ [[d (if (= 0 (mod x 10)) nil x)] [e (mod x 3)] [t (cast (mod x 4) :varchar)]]
        (series+ x 3 20))""";

  private static final String SUMS =
      """
      [[c (count)] [cn (count n)] [s (sum n)] [sa (sum amount)] [a (avg n)] [lo (min amount)] [hi (max n)]
       [ce (count e)] [ed (count e {:distinct true})] [me (max e)]]""";

  private static final String FILTERED =
      "[[c (count {:filter (> n 0)})] [s (sum r {:filter (> n 0)})] [none (count n {:filter (> n 9999)})]"
          + " [ce (count e {:filter (> e 1)})]]";

  private static final String NULLS =
      "[[c (count)] [cn (count n)] [s (sum amount)] [a (avg n)] [lo (min n)]]";

  private static final String JOINED = "[[f d]] (table+ facts) (table+ dims)";

  private static final String TURNED = "[[d f]] (table+ dims) (table+ facts)";

  private static final List<String> PLANS =
      List.of(
          "(group+ [t] " + SUMS + " (join+ " + JOINED + "))",
          "(group+ [] " + SUMS + " (join+ " + JOINED + "))",
          "(group+ [t] " + FILTERED + " (join+ " + JOINED + "))",
          "(group+ [t e] " + SUMS + " (join+ " + JOINED + ") {:sets [[t] [e] []]})",
          "(group+ [t] " + SUMS + " (join+ :left " + JOINED + "))",
          "(group+ [t] " + NULLS + " (join+ :left " + TURNED + "))",
          "(group+ [t] " + NULLS + " (join+ :right " + JOINED + "))");

  @Test
  void sumsOfGroupsAreSumsOfRows() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      engine.createTable("facts", engine.run(FACTS), false);
      engine.createTable("dims", engine.run(DIMS), false);
      for (String plan : PLANS) {
        Prepared rewritten = engine.prepare(plan);
        assertTrue(
            rewritten.rules().stream().anyMatch(r -> r.rule().equals("push-group-below-join")),
            plan + "\n" + rewritten.rewritten());
        Prepared written = engine.prepareUnrewritten(PlanBridge.read(plan, "plan"));
        assertEquals(written.schema().toString(), rewritten.schema().toString(), plan);
        assertEquals(rows(engine, written), rows(engine, rewritten), rewritten.rewritten());
      }
    }
  }

  private static List<String> rows(Engine engine, Prepared prepared) {
    try (Result result = engine.run(prepared)) {
      return result.rows().stream().map(Arrays::toString).sorted().toList();
    }
  }
}
