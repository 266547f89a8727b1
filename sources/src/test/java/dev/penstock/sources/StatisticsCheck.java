package dev.penstock.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what a source says of its data with the data. */
public final class StatisticsCheck {
  private StatisticsCheck() {}

  /**
   * Whatever the statistics call exact is true of the rows, and the estimates are possible.
   *
   * @param rows all rows of the source, as {@link Scans#rows} gives them
   */
  public static void check(Source source, List<List<@Nullable Object>> rows) {
    Statistics s = source.statistics();
    Schema schema = source.schema();
    if (s.rowsExact()) {
      assertEquals(rows.size(), s.rows());
    }
    for (int c = 0; c < schema.size(); c++) {
      int column = c;
      String name = schema.field(c).name();
      ColumnStatistics of = s.column(c);
      assertEquals(of, s.column(c), name);
      List<@Nullable Object> values = rows.stream().map(r -> r.get(column)).toList();
      check(name, of, values);
      if (s.rowsExact()) {
        assertTrue(of.distinct() <= rows.size(), name + ": " + of);
      }
      assertTrue(
          of.distinct() < 0
              || of.distinct() > 0 == values.stream().anyMatch(v -> v != null)
              || !s.rowsExact(),
          name + ": " + of);
    }
    for (List<String> key : s.keys()) {
      int[] ordinals = key.stream().mapToInt(schema::indexOf).toArray();
      Set<List<@Nullable Object>> seen = new HashSet<>();
      for (List<@Nullable Object> row : rows) {
        List<@Nullable Object> values = new java.util.ArrayList<>();
        for (int o : ordinals) {
          values.add(row.get(o));
        }
        assertTrue(seen.add(values), () -> key + " is no key: twice " + values);
      }
    }
  }

  private static void check(String name, ColumnStatistics of, List<@Nullable Object> values) {
    assertTrue(of.nullShare() <= 1, name + ": " + of);
    if (!of.boundsExact()) {
      return;
    }
    for (Object v : values) {
      if (v != null) {
        assertTrue(of.min() == null || compare(of.min(), v) <= 0, () -> name + ": " + v + " " + of);
        assertTrue(of.max() == null || compare(of.max(), v) >= 0, () -> name + ": " + v + " " + of);
      }
    }
    if (!values.isEmpty() && of.nullShare() >= 0) {
      long nulls = values.stream().filter(Objects::isNull).count();
      assertEquals((double) nulls / values.size(), of.nullShare(), 1e-12, name);
    }
  }

  /** In the order of the plan language. */
  @SuppressWarnings("unchecked")
  public static int compare(Object a, Object b) {
    if (a instanceof String x) {
      byte[] left = x.getBytes(StandardCharsets.UTF_8);
      byte[] right = ((String) b).getBytes(StandardCharsets.UTF_8);
      return java.util.Arrays.compareUnsigned(left, right);
    }
    if (a instanceof byte[] || a instanceof ByteBuffer) {
      return java.util.Arrays.compareUnsigned(bytes(a), bytes(b));
    }
    if (a instanceof Double x) {
      return Double.compare(x + 0.0, (Double) b + 0.0);
    }
    return ((Comparable<Object>) a).compareTo(b);
  }

  private static byte[] bytes(Object o) {
    return o instanceof byte[] b ? b : ((ByteBuffer) o).array();
  }
}
