package dev.penstock.nodes.window;

import static dev.penstock.nodes.window.WindowCases.TYPES;
import static dev.penstock.nodes.window.WindowCases.asc;
import static dev.penstock.nodes.window.WindowCases.check;
import static dev.penstock.nodes.window.WindowCases.col;
import static dev.penstock.nodes.window.WindowCases.data;
import static dev.penstock.nodes.window.WindowCases.literal;
import static dev.penstock.nodes.window.WindowCases.over;
import static dev.penstock.nodes.window.WindowCases.overFrame;
import static dev.penstock.nodes.window.WindowCases.range;
import static dev.penstock.nodes.window.WindowCases.rows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.sort.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions over frames of rows and default frames, ranks and shifts, against a naive computation.
 */
class WindowTest {
  private static final List<Frame> ROW_FRAMES =
      List.of(
          rows(Bound.UNBOUNDED_PRECEDING, Bound.CURRENT_ROW),
          rows(Bound.preceding(3L), Bound.following(2L)),
          rows(Bound.preceding(0L), Bound.following(0L)),
          rows(Bound.CURRENT_ROW, Bound.UNBOUNDED_FOLLOWING),
          rows(Bound.preceding(9L), Bound.preceding(4L)),
          rows(Bound.following(2L), Bound.following(12L)),
          rows(Bound.following(1L), Bound.UNBOUNDED_FOLLOWING),
          rows(Bound.UNBOUNDED_PRECEDING, Bound.preceding(1L)),
          rows(Bound.following(3L), Bound.preceding(3L)),
          rows(Bound.preceding(Long.MAX_VALUE), Bound.following(Long.MAX_VALUE)),
          rows(Bound.preceding(70L), Bound.CURRENT_ROW),
          range(Bound.CURRENT_ROW, Bound.UNBOUNDED_FOLLOWING),
          Frame.TO_CURRENT_PEERS,
          Frame.WHOLE_PARTITION);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void aggregatesSlideOverFramesOfRows(int seed) {
    System.out.println("seed " + seed);
    // The row number makes the order total, so that frames of rows are defined.
    List<SortKey> order = List.of(new SortKey(col(3), seed % 2 == 0, seed % 3 == 0), asc(0));
    check(data(seed, 120, 3), List.of(col(1)), order, overFrame(ROW_FRAMES.get(seed), true));
  }

  @Test
  void withoutOrderAllRowsArePeers() {
    List<WindowFunction> functions = overFrame(null, false);
    check(data(20, 150, 4), List.of(col(1), col(2)), List.of(), functions);
    check(data(21, 60, 4), List.of(), List.of(), functions);
  }

  @Test
  void peersShareTheDefaultFrame() {
    check(
        data(22, 150, 2),
        List.of(col(2)),
        List.of(new SortKey(col(4), true, true)),
        overFrame(null, false));
  }

  private static List<WindowFunction> ranking() {
    List<WindowFunction> out = new ArrayList<>();
    for (String name : List.of("rank", "dense-rank")) {
      out.add(new WindowFunction(name, List.of(), null, DataType.INT64));
      out.add(new WindowFunction(name, List.of(), null, DataType.INT32));
    }
    for (String name : List.of("percent-rank", "cume-dist")) {
      out.add(new WindowFunction(name, List.of(), null, DataType.FLOAT64));
    }
    return out;
  }

  private static List<WindowFunction> byPlace() {
    List<WindowFunction> out = new ArrayList<>(ranking());
    out.add(new WindowFunction("row-number", List.of(), null, DataType.INT64));
    for (long n : new long[] {1, 2, 3, 7, 100_000_000_000L}) {
      out.add(
          new WindowFunction("ntile", List.of(literal(DataType.INT64, n)), null, DataType.INT64));
    }
    Expr some =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.INT32;
          }

          @Override
          public Column eval(Batch b) {
            // -2 until 3, with the nulls of column 4
            IntColumn c = (IntColumn) b.column(4).flat(b.selection(), b.count());
            int[] v = new int[b.length()];
            for (int i = 0; i < v.length; i++) {
              v[i] = Math.floorMod(c.values()[i], 5) - 2;
            }
            return new IntColumn(DataType.INT32, v, c.nulls(), v.length);
          }
        };
    for (String name : List.of("lag", "lead")) {
      for (int c : new int[] {4, 8, 9, 11, 12}) {
        out.add(new WindowFunction(name, List.of(col(c)), null, TYPES[c]));
        out.add(
            new WindowFunction(name, List.of(col(c), literal(DataType.INT64, 4L)), null, TYPES[c]));
        out.add(new WindowFunction(name, List.of(col(c), some, col(c)), null, TYPES[c]));
      }
      out.add(
          new WindowFunction(
              name,
              List.of(col(9), literal(DataType.INT64, 2L), literal(DataType.VARCHAR, "none")),
              null,
              DataType.VARCHAR));
      out.add(
          new WindowFunction(
              name,
              List.of(col(9), literal(DataType.INT64, Long.MIN_VALUE)),
              null,
              DataType.VARCHAR));
      out.add(
          new WindowFunction(
              name, List.of(col(9), literal(DataType.INT64, null)), null, DataType.VARCHAR));
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 31, 32})
  void rowsAreRankedAndShifted(int seed) {
    System.out.println("seed " + seed);
    List<SortKey> total = List.of(new SortKey(col(3), seed % 2 == 0, false), asc(0));
    check(data(seed, 130, 4), List.of(col(1)), total, byPlace());
    check(data(seed, 130, 4), List.of(col(1)), List.of(asc(4)), ranking());
    check(data(seed, 130, 4), List.of(col(0)), List.of(asc(4)), byPlace());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void anyNumberOfRows(int rows) {
    Frame near = rows(Bound.preceding(2L), Bound.following(1L));
    List<WindowFunction> functions =
        List.of(
            new WindowFunction("row-number", List.of(), null, DataType.INT64),
            over("sum", near, col(8)),
            over("avg", near, col(6)),
            over("max", near, col(9)),
            new WindowFunction("lag", List.of(col(9)), null, DataType.VARCHAR));
    Batch batch = data(rows, rows, 3);
    List<List<@Nullable Object>> expected =
        NaiveWindow.compute(batch, List.of(col(0)), List.of(asc(0)), functions);
    NodeHarness.breaker(
            (query, lanes) -> new Window(query, TYPES, List.of(col(0)), List.of(asc(0)), functions))
        .input(List.of(batch))
        .tolerance(1e-9)
        .batchRows(2048)
        .expect(expected);
    List<SortKey> order = List.of(asc(4), asc(0));
    List<Expr> some = rows > 1 ? List.of() : List.of(col(1));
    if (rows <= 1) {
      check(batch, some, order, functions);
    }
  }

  @Test
  void computedKeysAndArguments() {
    Expr key =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.VARCHAR;
          }

          @Override
          public Column eval(Batch b) {
            return b.column(1);
          }
        };
    Expr one =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.INT32;
          }

          @Override
          public Column eval(Batch b) {
            return ConstantColumn.of(DataType.INT32, 1, b.length());
          }
        };
    check(
        data(50, 140, 3),
        List.of(key),
        List.of(new SortKey(key, true, false), asc(0)),
        List.of(over("sum", null, one), over("max", null, key)));
  }

  @ParameterizedTest
  @ValueSource(ints = {70, 71})
  void partitionsByEveryType(int seed) {
    System.out.println("seed " + seed);
    TestBatches data = new TestBatches(seed);
    for (DataType type : TestBatches.TYPES) {
      // The extremes have NaN, infinities and both zeros.
      Shape shape = Shape.PLAIN.withNulls(0.1).withDistinct(9).withExtremes();
      int rows = 90;
      Batch batch =
          Batch.of(
              rows,
              data.column(type, rows, shape),
              data.column(type, rows, shape),
              data.column(DataType.INT32, rows, Shape.PLAIN.withNulls(0.2)));
      DataType[] types = {type, type, DataType.INT32};
      Expr key = new ColumnExpr(0, type);
      List<SortKey> order =
          List.of(new SortKey(new ColumnExpr(1, type), seed % 2 == 0, seed % 2 == 1));
      List<WindowFunction> functions = new ArrayList<>(ranking());
      functions.add(over("sum", null, new ColumnExpr(2, DataType.INT32)));
      functions.add(over("max", Frame.WHOLE_PARTITION, new ColumnExpr(1, type)));
      NodeHarness.breaker(
              (query, lanes) -> new Window(query, types, List.of(key), order, functions))
          .input(List.of(batch))
          .expect(NaiveWindow.compute(batch, List.of(key), order, functions));
    }
  }
}
