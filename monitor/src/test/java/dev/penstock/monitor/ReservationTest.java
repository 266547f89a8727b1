package dev.penstock.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ReservationTest {
  private final Budget budget = Budget.root("query", 100);
  private final Reservation table = budget.open("table");

  @Test
  void growsAndShrinksWithItsBudget() {
    table.grow(70);
    table.shrink(20);
    assertEquals(50, table.heldBytes());
    assertEquals(50, budget.usedBytes());
    table.resize(90);
    assertEquals(90, budget.usedBytes());
    table.resize(10);
    assertEquals(10, budget.usedBytes());
    table.resize(10);
    assertEquals(10, table.heldBytes());
  }

  @Test
  void takesNothingWhenRefused() {
    table.grow(70);
    assertFalse(table.tryGrow(31));
    assertThrows(PenstockException.class, () -> table.grow(31));
    assertEquals(70, table.heldBytes());
    assertEquals(70, budget.usedBytes());
    assertTrue(table.tryGrow(30));
  }

  @Test
  void givesBackNoMoreThanItHolds() {
    table.grow(70);
    assertEquals(
        "table holds 70 bytes, not 71",
        assertThrows(IllegalArgumentException.class, () -> table.shrink(71)).getMessage());
    assertEquals(70, budget.usedBytes());
  }

  @Test
  void closingGivesAllBackOnce() {
    table.grow(70);
    table.close();
    table.close();
    table.shrink(70);
    assertEquals(0, table.heldBytes());
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void doesNotGrowAfterItsEnd() {
    table.close();
    assertEquals(
        "table: the reservation is closed",
        assertThrows(IllegalStateException.class, () -> table.grow(1)).getMessage());
    assertEquals(0, budget.usedBytes());
  }
}
