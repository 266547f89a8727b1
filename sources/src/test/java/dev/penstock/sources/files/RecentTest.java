package dev.penstock.sources.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class RecentTest {
  @Test
  void whatWasNotUsedForLongestGoesFirst() {
    Recent<String, Integer> recent = new Recent<>(10);
    recent.put("a", 1, 4);
    recent.put("b", 2, 4);
    assertEquals(1, recent.get("a"));
    recent.put("c", 3, 4);
    assertNull(recent.get("b"));
    assertEquals(1, recent.get("a"));
    assertEquals(3, recent.get("c"));
    assertEquals(2, recent.size());
  }

  @Test
  void aNewValueTakesThePlaceOfTheOld() {
    Recent<String, Integer> recent = new Recent<>(10);
    recent.put("a", 1, 9);
    recent.put("a", 2, 5);
    recent.put("b", 3, 5);
    assertEquals(2, recent.get("a"));
    assertEquals(3, recent.get("b"));
    recent.put("a", 4, 10);
    assertNull(recent.get("b"));
    assertEquals(4, recent.get("a"));
  }

  @Test
  void whatIsTooHeavyIsNotKeptAndTakesNothingWithIt() {
    Recent<String, Integer> recent = new Recent<>(10);
    recent.put("a", 1, 9);
    recent.put("b", 2, 11);
    assertNull(recent.get("b"));
    assertEquals(1, recent.get("a"));
  }
}
