package dev.penstock.batch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EqualityTest {
  @Test
  void narrowingKeepsExactlyTheEqualPairs() {
    long seed = System.nanoTime();
    System.out.println("EqualityTest seed " + seed);
    Random random = new Random(seed);
    for (DataType type : GeneratedColumns.TYPES) {
      for (int round = 0; round < 100; round++) {
        boolean nullSafe = random.nextBoolean();
        boolean inPlace = random.nextBoolean();
        Column a = GeneratedColumns.column(type, round % 5, 1 + random.nextInt(80), random);
        Column b =
            random.nextInt(5) == 0
                ? a
                : GeneratedColumns.column(type, round / 5 % 5, 1 + random.nextInt(80), random);
        int pairs = random.nextInt(200);
        int[] aAt = random.ints(pairs, 0, a.length()).toArray();
        int[] bAt = random.ints(pairs, 0, b.length()).toArray();
        int[] candidates = new int[pairs];
        int count = 0;
        for (int k = 0; k < pairs; k++) {
          if (random.nextInt(4) > 0) {
            candidates[count++] = k;
          }
        }
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          int k = candidates[i];
          Object x = GeneratedColumns.comparable(a.value(aAt[k]));
          Object y = GeneratedColumns.comparable(b.value(bAt[k]));
          if (Objects.equals(x, y) && (nullSafe || x != null)) {
            expected.add(k);
          }
        }
        int[] out = inPlace ? candidates : new int[count];
        int n = Equality.narrow(a, aAt, b, bAt, candidates, count, nullSafe, out);
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          kept.add(out[i]);
        }
        assertEquals(
            expected, kept, type + " " + a.getClass() + " " + b.getClass() + " " + nullSafe);
      }
    }
  }
}
