package dev.penstock.nodes.setop;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SetOpTest {
  private static Batch tagged(Batch batch, boolean right) {
    Column[] columns = Arrays.copyOf(batch.columns(), batch.columns().length + 1);
    Object[] tags = new Object[batch.length()];
    Arrays.fill(tags, right);
    columns[columns.length - 1] = TestBatches.columnOf(DataType.BOOLEAN, tags);
    return Batch.of(batch.length(), columns);
  }

  private static List<List<@Nullable Object>> naive(
      Batch left, Batch right, SetOp.Kind kind, boolean all) {
    Map<List<@Nullable Object>, long[]> counts = new LinkedHashMap<>();
    TestBatches.rows(left).forEach(r -> counts.computeIfAbsent(r, k -> new long[2])[0]++);
    TestBatches.rows(right).forEach(r -> counts.computeIfAbsent(r, k -> new long[2])[1]++);
    List<List<@Nullable Object>> out = new ArrayList<>();
    counts.forEach(
        (row, n) -> {
          long times =
              kind == SetOp.Kind.INTERSECT
                  ? (all ? Math.min(n[0], n[1]) : Math.min(1, Math.min(n[0], n[1])))
                  : (all ? Math.max(0, n[0] - n[1]) : n[0] > 0 && n[1] == 0 ? 1 : 0);
          for (long i = 0; i < times; i++) {
            out.add(row);
          }
        });
    return out;
  }

  private static void check(Batch left, Batch right, DataType... types) {
    for (SetOp.Kind kind : SetOp.Kind.values()) {
      for (boolean all : new boolean[] {false, true}) {
        NodeHarness.breaker((q, lanes) -> new SetOp(q, types, kind, all))
            .input(List.of(tagged(left, false), tagged(right, true)))
            .refusing(3)
            .types(types)
            .expect(naive(left, right, kind, all));
      }
    }
  }

  @Test
  void everyOperation() {
    DataType[] types = {DataType.INT32, DataType.VARCHAR};
    for (int[] rows : new int[][] {{0, 0}, {1, 1}, {300, 0}, {0, 300}, {700, 500}}) {
      TestBatches data = new TestBatches(41);
      Shape shape = Shape.PLAIN.withNulls(0.2).withDistinct(6).withSkew();
      Column keys = data.column(types[0], rows[0], shape);
      Batch left = Batch.of(rows[0], keys, data.column(types[1], rows[0], shape));
      // The right side draws from the left one, and has rows of its own.
      int[] from = new int[rows[1]];
      Arrays.setAll(from, i -> rows[0] == 0 ? -1 : data.random().nextInt(rows[0] + 5) - 5);
      Batch right =
          Batch.of(
              rows[1], left.column(0).gather(from, rows[1]), left.column(1).gather(from, rows[1]));
      check(left, right, types);
    }
  }

  @Test
  void everyType() {
    DataType[] types = TestBatches.TYPES.toArray(new DataType[0]);
    Batch left = new TestBatches(42).batch(200, Shape.PLAIN.withNulls(0.05), types);
    Batch right = left.slice(50, 120);
    check(left, right.compact(), types);
  }

  /** A group that is repeated over many batches. */
  @Test
  void manyCopies() {
    Batch left = Batch.of(3000, TestBatches.columnOf(DataType.INT64, new Object[3000]));
    Batch right = Batch.of(1000, TestBatches.columnOf(DataType.INT64, new Object[1000]));
    check(left, right, DataType.INT64);
  }

  @Test
  void sideAppendsItsColumn() {
    Batch in = new TestBatches(43).batch(300, Shape.PLAIN, DataType.INT32);
    for (boolean right : new boolean[] {false, true}) {
      NodeHarness.parallelStep(q -> new Side(right))
          .input(in)
          .types(DataType.INT32, DataType.BOOLEAN)
          .expect(
              TestBatches.rows(in).stream().map(r -> TestBatches.row(r.get(0), right)).toList());
    }
  }
}
