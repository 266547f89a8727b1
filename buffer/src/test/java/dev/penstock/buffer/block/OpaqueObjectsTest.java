package dev.penstock.buffer.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.RandomBatches;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpaqueObjectsTest {
  /** A host's class. */
  private record Point(int x, List<Object> more) {}

  /** A host's interface. */
  private interface Shape {
    String text();
  }

  private record Circle(String text) implements Shape {}

  @TempDir Path parent;

  private static Object back(Object object) {
    byte[] bytes = OpaqueObjects.write(object);
    return OpaqueObjects.read(bytes, 0, bytes.length);
  }

  @Test
  void knownClasses() {
    Map<Object, Object> map = new HashMap<>();
    map.put("one", 1);
    map.put(2L, new ArrayList<>(List.of("a", 2.5, 'c', true)));
    List<Object> all =
        List.of(
            "text é",
            1,
            2L,
            3.5,
            4.5f,
            (short) 5,
            (byte) 6,
            'c',
            true,
            new BigDecimal("12345678901234567890.123"),
            BigInteger.TEN.pow(50),
            new UUID(3, 4),
            LocalDate.of(2020, 2, 29),
            LocalDateTime.of(2020, 1, 2, 3, 4, 5),
            Instant.ofEpochSecond(7, 8),
            ZonedDateTime.parse("2020-01-02T03:04:05+01:00[Europe/Paris]"),
            map,
            new LinkedHashMap<>(map),
            new TreeMap<>(Map.of("k", "v")));
    for (Object object : all) {
      assertEquals(object, back(object));
      assertEquals(object.getClass(), back(object).getClass());
    }
    assertEquals(List.of(1, "b"), Arrays.asList((Object[]) back(new Object[] {1, "b"})));
  }

  @Test
  void aHostsClassesAlsoWithinCollections() {
    OpaqueObjects.allow(
        Point.class,
        false,
        p -> new Object[] {p.x(), new ArrayList<>(p.more())},
        known -> {
          Object[] fields = (Object[]) known;
          @SuppressWarnings("unchecked")
          List<Object> more = (List<Object>) fields[1];
          return new Point((Integer) fields[0], more);
        });
    OpaqueObjects.allow(Shape.class, true, Shape::text, known -> new Circle((String) known));
    Point inner = new Point(1, List.of("x"));
    Point outer = new Point(2, new ArrayList<>(List.of(inner, new Circle("round"), 4)));
    assertEquals(outer, back(outer));
    Map<Object, Object> map = new HashMap<>(Map.of("k", outer, new Circle("key"), 1));
    assertEquals(map, back(map));
    List<Object> alike = new ArrayList<>(List.of(inner, inner));
    assertEquals(alike, back(alike));
    assertEquals(new HashSet<>(alike), back(new HashSet<>(alike)));
  }

  @Test
  void classesThatNobodyAllowed() {
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> OpaqueObjects.write(new ArrayList<>(List.of(new StringBuilder("x")))));
    assertEquals(PenstockException.Category.UNSUPPORTED, e.category());
    assertEquals("spill-objects", e.code());
    assertEquals(
        "a java.util.ArrayList cannot be spilled: Class is not registered: java.lang.StringBuilder;"
            + " allow its class, or raise the memory cap",
        e.getMessage());
  }

  @Test
  void aColumnOfObjectsIsSpilled() {
    Object[] values = new Object[5000];
    long[] nulls = new long[(values.length + 63) / 64];
    long[] keys = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 0 ? "text " + i : i % 3 == 1 ? (Object) i : new ArrayList<>(List.of(i));
      if (i % 7 == 0) {
        values[i] = null;
        nulls[i >> 6] |= 1L << i;
      }
      keys[i] = i;
    }
    Column objects = new ObjectColumn(DataType.ANY, values, nulls, values.length);
    Batch batch =
        Batch.of(values.length, objects, new LongColumn(DataType.INT64, keys, null, values.length));
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 30);
        SpillFile file = space.create("sort", new CancellationToken())) {
      file.write(batch);
      file.write(batch.withSelection(new int[] {1, 7, 4000, 4999}, 4));
      RandomBatches.assertSame(batch, file.read(0));
      RandomBatches.assertSame(batch.withSelection(new int[] {1, 7, 4000, 4999}, 4), file.read(1));
    }
  }
}
