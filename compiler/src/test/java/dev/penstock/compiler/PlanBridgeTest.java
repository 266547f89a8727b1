package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is planned ahead of a first plan can be planned. */
class PlanBridgeTest {
  @Test
  void thePlannerIsLoadedByAPlan() {
    Lowered root = PlanBridge.load();
    assertEquals("top", root.text("op"));
  }

  @Test
  void aTextThatTakesLongerThanItMayIsNotMade() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1))) {
      Prepared plan = engine.prepare("(filter+ (> (+ a 1) 3) (series+ a 1 9))");
      assertEquals("", plan.rewritten(-1));
      String text = plan.rewritten(Long.MAX_VALUE);
      assertTrue(text.contains("(series+ a 1 9"), text);
      assertEquals(text, plan.rewritten());
      assertEquals(text, plan.rewritten(-1), "it is made");
    }
  }
}
