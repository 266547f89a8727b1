package dev.penstock.nodes.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctTest {
  private static final DataType[] TYPES = {
    DataType.INT32, DataType.VARCHAR, DataType.FLOAT64, DataType.decimal(38, 6)
  };

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void allColumns(int rows) {
    for (int distinct : new int[] {3, 0}) {
      Batch in =
          new TestBatches(31).batch(rows, Shape.PLAIN.withNulls(0.2).withDistinct(distinct), TYPES);
      List<List<@Nullable Object>> want =
          new ArrayList<>(new LinkedHashSet<>(TestBatches.rows(in)));
      NodeHarness.breaker((q, lanes) -> new Distinct(q, TYPES, null))
          .input(in)
          .refusing(3)
          .refusing(3)
          .types(TYPES)
          .expect(want);
    }
  }

  @Test
  void someColumnsGiveOneWholeRowForEachKey() {
    int[] keys = {1, 0};
    Batch in = new TestBatches(32).batch(3000, Shape.PLAIN.withNulls(0.1).withDistinct(30), TYPES);
    Map<List<@Nullable Object>, List<@Nullable Object>> first = new LinkedHashMap<>();
    for (List<@Nullable Object> row : TestBatches.rows(in)) {
      first.putIfAbsent(TestBatches.row(row.get(1), row.get(0)), row);
    }
    Set<List<@Nullable Object>> rows = new HashSet<>(TestBatches.rows(in));
    NodeHarness.breaker((q, lanes) -> new Distinct(q, TYPES, keys))
        .input(in)
        .refusing(3)
        .types(TYPES)
        .expectThat(
            got -> {
              assertEquals(first.size(), got.size());
              Set<List<@Nullable Object>> seen = new HashSet<>();
              for (List<@Nullable Object> row : got) {
                assertTrue(rows.contains(row), () -> "not a row of the input: " + row);
                assertTrue(seen.add(TestBatches.row(row.get(1), row.get(0))));
              }
            });
  }

  @Test
  void manyKeysAreMergedByPartition() {
    DataType[] types = {DataType.INT64, DataType.INT32};
    Batch in = new TestBatches(33).batch(8_700, Shape.PLAIN, types);
    Map<Object, Set<Object>> values = new LinkedHashMap<>();
    for (List<@Nullable Object> row : TestBatches.rows(in)) {
      values.computeIfAbsent(row.get(0), k -> new HashSet<>()).add(row.get(1));
    }
    NodeHarness.breaker((q, lanes) -> new Distinct(q, types, new int[] {0}))
        .input(in)
        .refusing(17)
        .expectThat(
            got -> {
              assertEquals(values.size(), got.size());
              got.forEach(row -> assertTrue(values.get(row.get(0)).contains(row.get(1))));
            });
  }
}
