package dev.penstock.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractSequentialList;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObjectBytesTest {
  @Test
  void whatIsWithinCounts() {
    assertEquals(0, ObjectBytes.of(null));
    assertEquals(24, ObjectBytes.of(5L));
    assertEquals(48 + 2 * 1000, ObjectBytes.of("x".repeat(1000)));
    assertEquals(16 + 8 * 100, ObjectBytes.of(new long[100]));
    assertTrue(ObjectBytes.of(List.of("x".repeat(500), List.of("y".repeat(500)))) > 2000);
    Map<String, long[]> map = new TreeMap<>();
    map.put("a", new long[1000]);
    assertTrue(ObjectBytes.of(map) > 8000);
    assertTrue(ObjectBytes.of(new Object[] {map, map}) > 16_000);
  }

  @Test
  void nestingHasNoBound() {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      List<Object> next = new ArrayList<>();
      next.add(list);
      list = next;
    }
    assertTrue(ObjectBytes.of(list) > 100_000 * 24L);
  }

  /** It may compute its items as they are asked for, without an end. */
  @Test
  void listsWithoutRandomAccessAreNotRead() {
    List<Object> lazy =
        new AbstractSequentialList<>() {
          @Override
          public ListIterator<Object> listIterator(int index) {
            throw new AssertionError("read");
          }

          @Override
          public int size() {
            throw new AssertionError("counted");
          }
        };
    assertTrue(ObjectBytes.of(lazy) > 0);
  }

  @Test
  void aColumnOfManyIsSampled() {
    Object[] values = new Object[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = "x".repeat(100);
    }
    long bytes = new ObjectColumn(DataType.ANY, values, null, values.length).sizeBytes();
    assertTrue(bytes > 10_000 * 248L && bytes < 10_000 * 300L, "bytes " + bytes);
  }
}
