package dev.penstock.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class DistinctSampleTest {
  private static DistinctSample place(long from, int rows, LongUnaryOperator value) {
    long[] values = new long[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = value.applyAsLong(from + i);
    }
    DistinctSample out = new DistinctSample();
    out.add(new LongColumn(DataType.INT64, values, null, rows), null, rows);
    return out;
  }

  private static long estimate(long totalRows, LongUnaryOperator value) {
    List<DistinctSample> places = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      places.add(place(totalRows / 3 * p, 8192, value));
    }
    return DistinctSample.estimate(places, totalRows);
  }

  @Test
  void whatWasSeenWholeIsCounted() {
    assertEquals(7, DistinctSample.estimate(List.of(place(0, 100, i -> i % 7)), 100));
    assertEquals(0, DistinctSample.estimate(List.of(), 0));
    assertEquals(-1, DistinctSample.estimate(List.of(), 5));
  }

  @Test
  void uniqueAndSortedValuesGrowWithTheRows() {
    assertEquals(6_000_000, estimate(6_000_000, i -> i));
    assertEquals(1_500_000, estimate(6_000_000, i -> i / 4));
  }

  @Test
  void aFewValuesAreSeenAll() {
    assertEquals(3, estimate(6_000_000, i -> i % 3));
  }

  @Test
  void randomValuesAreEstimated() {
    long seed = System.nanoTime();
    System.out.println("DistinctSampleTest seed " + seed);
    Random random = new Random(seed);
    for (long domain : new long[] {100, 5000, 40_000, 200_000, 800_000}) {
      long got = estimate(60_000_000, i -> random.nextLong(domain));
      assertTrue(got > domain * 0.7 && got < domain * 1.4, got + " of " + domain);
    }
  }

  @Test
  void dictionariesStandForTheirRows() {
    List<DistinctSample> places = new ArrayList<>();
    for (int p = 0; p < 2; p++) {
      long[] values = {p * 10L, p * 10L + 1};
      DistinctSample s = new DistinctSample();
      s.addDictionary(new LongColumn(DataType.INT64, values, null, 2), 1000);
      assertEquals(2, s.distinct());
      assertEquals(1000, s.rows());
      places.add(s);
    }
    assertEquals(4, DistinctSample.estimate(places, 2000));
    assertEquals(20, DistinctSample.estimate(places, 10_000));
  }
}
