package dev.penstock.nodes.window;

import static dev.penstock.nodes.window.WindowCases.NARROW;
import static dev.penstock.nodes.window.WindowCases.WIDE;
import static dev.penstock.nodes.window.WindowCases.data;
import static dev.penstock.nodes.window.WindowCases.range;
import static dev.penstock.nodes.window.WindowCases.rows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.sort.SortKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames that reach a distance of the order key, for every type that has one. */
class RangeFrameTest {
  /** Range frames over one key of each type that has them. */
  private static void ranges(
      int seed, DataType type, Shape shape, List<? extends Object> near, Object far) {
    TestBatches data = new TestBatches(seed);
    System.out.println("seed " + seed);
    for (int k = 0; k < near.size(); k++) {
      Object offset = near.get(k);
      int rows = 110;
      Batch batch =
          Batch.of(
              rows,
              data.column(DataType.INT32, rows, Shape.PLAIN.withNulls(0.2).withDistinct(3)),
              data.column(type, rows, shape),
              data.column(DataType.INT64, rows, Shape.PLAIN.withNulls(0.2)));
      DataType[] types = {DataType.INT32, type, DataType.INT64};
      Expr arg = new ColumnExpr(2, DataType.INT64);
      List<WindowFunction> functions = new ArrayList<>();
      for (Frame frame :
          List.of(
              range(Bound.preceding(offset), Bound.following(offset)),
              range(Bound.preceding(far), Bound.preceding(offset)),
              range(Bound.following(offset), Bound.following(far)),
              range(Bound.UNBOUNDED_PRECEDING, Bound.following(offset)),
              range(Bound.preceding(offset), Bound.UNBOUNDED_FOLLOWING),
              range(Bound.following(offset), Bound.UNBOUNDED_FOLLOWING),
              range(Bound.UNBOUNDED_PRECEDING, Bound.preceding(offset)),
              range(Bound.CURRENT_ROW, Bound.following(offset)),
              range(Bound.following(far), Bound.preceding(far)))) {
        functions.add(new WindowFunction("count", List.of(), frame, DataType.INT64));
        functions.add(new WindowFunction("sum", List.of(arg), frame, DataType.INT64));
        functions.add(new WindowFunction("min", List.of(arg), frame, DataType.INT64));
      }
      for (boolean descending : new boolean[] {false, true}) {
        boolean nullsFirst = descending == (k % 2 == 0);
        List<SortKey> order = List.of(new SortKey(new ColumnExpr(1, type), descending, nullsFirst));
        List<Expr> partition = List.of(new ColumnExpr(0, DataType.INT32));
        NodeHarness.breaker((query, lanes) -> new Window(query, types, partition, order, functions))
            .input(List.of(batch))
            .expect(NaiveWindow.compute(batch, partition, order, functions));
      }
    }
  }

  private static final Shape KEYS = Shape.PLAIN.withNulls(0.2).withDistinct(30);

  @Test
  void rangesOfIntegers() {
    ranges(
        40, DataType.INT32, KEYS.withExtremes(), List.of(0L, 150L, new BigDecimal("99.5")), 700L);
    ranges(
        41,
        DataType.INT64,
        KEYS.withExtremes(),
        List.of(250_000L, new BigDecimal("9300000000000000000")),
        Long.MAX_VALUE);
  }

  @Test
  void rangesOfDecimals() {
    ranges(
        42,
        NARROW,
        KEYS.withExtremes(),
        List.of(new BigDecimal("2500.005"), 900L),
        new BigDecimal("9000"));
    ranges(
        43,
        WIDE,
        KEYS.withExtremes(),
        List.of(
            new BigDecimal("0.3"),
            new BigDecimal("1e14"),
            new BigDecimal("199999999999999999999999999999999")),
        new BigDecimal("1e31"));
  }

  @Test
  void rangesOfFloats() {
    ranges(44, DataType.FLOAT64, KEYS.withExtremes(), List.of(1000.0, 2500L), 10_000.0);
  }

  @Test
  void rangesOfTime() {
    List<Object> near = List.of(new Interval(7, 0, 0), new Interval(1, 40, 7_200_000_000L));
    Object far = new Interval(240, 0, 0);
    ranges(45, DataType.DATE, KEYS, List.of(500L, near.get(0), near.get(1)), far);
    ranges(46, DataType.TIMESTAMP, KEYS, near, far);
    ranges(47, DataType.TIMESTAMPTZ, KEYS, near, far);
  }

  @Test
  void rangesOfLengths() {
    List<Object> near = List.of(new Interval(0, 0, 7_200_000_000L), new Interval(0, 1, 30L));
    ranges(48, DataType.TIME, KEYS, near, new Interval(0, 0, 36_000_000_000L));
    ranges(
        49,
        DataType.INTERVAL,
        KEYS.withExtremes(),
        List.of(new Interval(3, 100, 7_200_000_000L), new Interval(0, 0, 90_000_000_000L)),
        new Interval(400, 0, 0));
  }
}
