package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.Statistics;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescribedStatisticsTest {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("n", DataType.INT32),
          new Field("day", DataType.DATE),
          new Field("x", DataType.VARCHAR));

  private static Keyword key(String name) {
    return Keyword.intern(name);
  }

  /** Says which columns were asked for. */
  private static final class Asked implements Statistics {
    final List<Integer> columns = new ArrayList<>();

    @Override
    public long rows() {
      return 10;
    }

    @Override
    public boolean rowsExact() {
      return true;
    }

    @Override
    public ColumnStatistics column(int ordinal) {
      columns.add(ordinal);
      return switch (ordinal) {
        case 0 -> new ColumnStatistics(5, 1, 7, true, 0.25);
        case 1 -> new ColumnStatistics(-1, LocalDate.EPOCH, null, false, -1);
        default -> ColumnStatistics.UNKNOWN;
      };
    }

    @Override
    public List<List<String>> keys() {
      return List.of(List.of("n", "day"));
    }
  }

  private static final Map<Keyword, Object> N =
      Map.of(
          key("distinct"),
          5L,
          key("min"),
          1L,
          key("max"),
          7L,
          key("bounds-exact"),
          true,
          key("nulls"),
          0.25);

  private static final Map<Keyword, Object> DAY =
      Map.of(key("min"), LocalDate.EPOCH, key("bounds-exact"), false);

  @Test
  void everyFigureThatIsKnownIsThere() {
    IPersistentMap got = DescribedStatistics.of(SCHEMA, new Asked(), "");
    assertEquals(10L, got.valAt(key("rows")));
    assertEquals(true, got.valAt(key("rows-exact")));
    assertEquals(List.of(List.of("n", "day")), got.valAt(key("keys")));
    Map<?, ?> columns = (Map<?, ?>) got.valAt(key("columns"));
    assertEquals(N, columns.get("n"));
    assertEquals(DAY, columns.get("day"));
    assertEquals(Map.of(), columns.get("x"));
    assertNull(columns.get("y"));
  }

  @Test
  void nothingIsReadForColumnsThatNobodyAsksFor() {
    Asked asked = new Asked();
    IPersistentMap got = DescribedStatistics.of(SCHEMA, asked, "");
    IPersistentMap columns = (IPersistentMap) got.valAt(key("columns"));
    assertEquals(3, columns.count());
    assertEquals(true, columns.containsKey("day"));
    assertEquals(columns, DescribedStatistics.of(SCHEMA, asked, "").valAt(key("columns")));
    assertEquals(got.hashCode(), DescribedStatistics.of(SCHEMA, asked, "").hashCode());
    assertNotEquals(columns, DescribedStatistics.of(SCHEMA, new Asked(), "").valAt(key("columns")));
    assertEquals(List.of(), asked.columns);
    assertEquals(DAY, columns.valAt("day"));
    assertEquals(List.of(1), asked.columns);
  }

  @Test
  void theColumnsAreAMapLikeOthers() {
    IPersistentMap columns =
        (IPersistentMap) DescribedStatistics.of(SCHEMA, new Asked(), "").valAt(key("columns"));
    assertEquals("n", columns.entryAt("n").key());
    assertEquals(N, columns.entryAt("n").val());
    assertNull(columns.entryAt("y"));
    Map<Object, Object> seen = new java.util.HashMap<>();
    for (Object e : columns) {
      seen.put(((Map.Entry<?, ?>) e).getKey(), ((Map.Entry<?, ?>) e).getValue());
    }
    assertEquals(Map.of("n", N, "day", DAY, "x", Map.of()), seen);
    assertEquals(Map.of("n", 1L, "day", DAY, "x", Map.of()), columns.assoc("n", 1L));
    assertEquals(Map.of("day", DAY, "x", Map.of()), columns.without("n"));
    assertEquals(Map.of(), columns.empty());
  }

  @Test
  void anUnknownNumberOfRowsIsAbsent() {
    IPersistentMap got = DescribedStatistics.of(SCHEMA, Statistics.ofRows(-1), "");
    assertNull(got.valAt(key("rows")));
    assertNull(got.valAt(key("rows-exact")));
    assertNull(got.valAt(key("keys")));
  }
}
