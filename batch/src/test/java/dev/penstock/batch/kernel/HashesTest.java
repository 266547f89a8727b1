package dev.penstock.batch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashesTest {
  @Test
  void equalValuesHashEquallyWhateverTheColumnClass() {
    long seed = System.nanoTime();
    System.out.println("HashesTest seed " + seed);
    Random random = new Random(seed);
    for (DataType type : GeneratedColumns.TYPES) {
      Map<Object, Long> seen = new HashMap<>();
      for (int round = 0; round < 20; round++) {
        int length = new int[] {0, 1, 3, 64, 65, 200}[random.nextInt(6)];
        Column column = GeneratedColumns.column(type, round % 5, length, random);
        int count = length == 0 ? 0 : random.nextInt(length + 1);
        int[] positions = random.ints(count, 0, Math.max(1, length)).toArray();
        long[] hashes = new long[count];
        Hashes.hash(column, positions, count, hashes);
        for (int i = 0; i < count; i++) {
          Object value = GeneratedColumns.comparable(column.value(positions[i]));
          Long before = seen.putIfAbsent(value == null ? "a null" : value, hashes[i]);
          assertTrue(
              before == null || before == hashes[i],
              type + " " + value + " in " + column.getClass());
          assertEquals(value == null, hashes[i] == Hashes.NULL, type + " " + value);
        }
        long[] all = new long[length];
        Hashes.hash(column, null, length, all);
        for (int i = 0; i < count; i++) {
          assertEquals(all[positions[i]], hashes[i]);
        }
      }
      assertEquals(
          seen.size(), new HashSet<>(seen.values()).size(), "so few values of " + type + " differ");
    }
  }

  @Test
  void combiningDependsOnTheOrderOfColumns() {
    ColumnBuilder a = ColumnBuilder.of(DataType.INT64, 2);
    a.appendLong(1);
    a.appendLong(2);
    ColumnBuilder b = ColumnBuilder.of(DataType.INT64, 2);
    b.appendLong(2);
    b.appendLong(1);
    long[] ab = new long[2];
    Hashes.hash(new Column[] {a.build(), b.build()}, null, 2, ab);
    assertTrue(ab[0] != ab[1]);
    assertEquals(Hashes.combine(Hashes.of(1), Hashes.of(2)), ab[0]);
    long[] none = {7, 7};
    Hashes.hash(new Column[0], null, 2, none);
    assertEquals("[0, 0]", Arrays.toString(none));
  }

  @Test
  void lowAndHighBitsOfSequentialKeysSpread() {
    int n = 1 << 16;
    int[] low = new int[1 << 10];
    int[] high = new int[1 << 10];
    Set<Long> distinct = new HashSet<>();
    for (int i = 0; i < n; i++) {
      long h = Hashes.of(i * 1024L);
      low[(int) (h & 1023)]++;
      high[(int) (h >>> 54)]++;
      distinct.add(h);
    }
    assertEquals(n, distinct.size());
    for (int k = 0; k < 1024; k++) {
      assertTrue(
          low[k] < 128 && high[k] < 128,
          "64 were expected in " + k + ": " + low[k] + ", " + high[k]);
    }
  }
}
