package dev.penstock.sources.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.Source;
import dev.penstock.sources.Scans;
import dev.penstock.sources.StatisticsCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptStatisticsTest {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("id", DataType.INT64, false),
          new Field("name", DataType.VARCHAR),
          new Field("x", DataType.FLOAT64));

  private static List<List<@Nullable Object>> rows(int n) {
    Random random = new Random(3);
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String name = i % 4 == 0 ? null : "n" + random.nextInt(700);
      double x = i % 100 == 0 ? Double.NaN : random.nextInt(20) - 10;
      out.add(Arrays.asList((long) i, name, x));
    }
    return out;
  }

  @Test
  void fewBatchesAreLookedAtAll() {
    Source s = BatchSource.ofRows(SCHEMA, rows(5000));
    StatisticsCheck.check(s, Scans.rows(s));
    assertEquals(new ColumnStatistics(5000, 0L, 4999L, true, 0), s.statistics().column(0));
    ColumnStatistics x = s.statistics().column(2);
    assertEquals(new ColumnStatistics(21, -10.0, Double.NaN, true, 0), x);
    assertEquals(0.25, s.statistics().column(1).nullShare());
  }

  @Test
  void manyBatchesAreSampled() {
    Source s = BatchSource.ofRows(SCHEMA, rows(100_000));
    StatisticsCheck.check(s, Scans.rows(s));
    assertEquals(100_000, s.statistics().rows());
    ColumnStatistics id = s.statistics().column(0);
    assertEquals(100_000, id.distinct());
    assertEquals(false, id.boundsExact());
    long names = s.statistics().column(1).distinct();
    assertTrue(names >= 695 && names <= 710, "names: " + names);
  }

  @Test
  void noRows() {
    Source s = new BatchSource(SCHEMA, List.of());
    assertEquals(new ColumnStatistics(0, null, null, false, 0), s.statistics().column(1));
  }

  @Test
  void aCollectionIsLookedAtAnew() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    Source s = CollectionSource.ofArrays(SCHEMA, rows);
    assertEquals(0, s.statistics().rows());
    rows.add(new @Nullable Object[] {1L, null, 0.5});
    rows.add(new @Nullable Object[] {2L, "b", 0.5});
    assertEquals(2, s.statistics().rows());
    assertEquals(false, s.statistics().rowsExact());
    assertEquals(new ColumnStatistics(1, "b", "b", false, 0.5), s.statistics().column(1));
    rows.add(new @Nullable Object[] {3L, "b", "no number"});
    assertEquals(ColumnStatistics.UNKNOWN, s.statistics().column(2));
  }
}
