package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What is planned ahead of a first plan can be planned. */
class PlanBridgeTest {
  @Test
  void thePlannerIsLoadedByAPlan() {
    Lowered root = PlanBridge.load();
    assertEquals("top", root.text("op"));
  }
}
