package dev.penstock.nodes.window;

import static dev.penstock.nodes.window.WindowCases.over;
import static dev.penstock.nodes.window.WindowCases.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.sort.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The work for a row does not grow with its frame. */
class LongFrameTest {
  /** A quadratic frame would take hours: each of 600,000 rows has 100,000 rows in its frame. */
  @Test
  void longFramesSlide() {
    Frame frame = rows(Bound.preceding(100_000L), Bound.CURRENT_ROW);
    // More rows than one run has.
    run(
        600_000,
        List.of(
            over("sum", frame, NUMBER),
            over("min", frame, NUMBER),
            over("sum", frame, VALUE),
            over("max", frame, VALUE)),
        (b, i, row) -> {
          long low = Math.max(0, row - 100_000);
          assertEquals((row + low) * (row - low + 1) / 2, b.column(2).value(i));
          assertEquals(low, b.column(3).value(i));
          if (row - low >= 1000) {
            assertEquals(999.0, b.column(5).value(i));
          }
        });
  }

  /** Frames with holes, and states of which no row can be taken out, are merged from parts. */
  @Test
  void longFramesAreMerged() {
    Frame hole =
        new Frame(
            Frame.Mode.ROWS,
            Bound.preceding(50_000L),
            Bound.following(3L),
            Frame.Exclude.CURRENT_ROW);
    Frame whole = rows(Bound.preceding(50_000L), Bound.following(3L));
    int n = 120_000;
    run(
        n,
        List.of(
            over("sum", hole, NUMBER),
            new WindowFunction("count", List.of(), hole, DataType.INT64),
            new WindowFunction("bit-or", List.of(NUMBER), whole, DataType.INT64),
            new WindowFunction("arg-max", List.of(VALUE, NUMBER), hole, DataType.FLOAT64)),
        (b, i, row) -> {
          long low = Math.max(0, row - 50_000);
          long high = Math.min(n - 1, row + 3);
          assertEquals((high + low) * (high - low + 1) / 2 - row, b.column(2).value(i));
          assertEquals(high - low, b.column(3).value(i));
          long bits = 0;
          for (long k = low; k <= high; k++) {
            bits |= k;
          }
          assertEquals(bits, b.column(4).value(i));
          assertEquals(
              (double) ((high == row ? high - 1 : high) * 7919L % 1000), b.column(5).value(i));
        });
  }

  private static final Expr NUMBER = new ColumnExpr(0, DataType.INT64);
  private static final Expr VALUE = new ColumnExpr(1, DataType.FLOAT64);

  private interface Check {
    void row(Batch b, int i, long row);
  }

  /** Runs functions over n rows in the order of their numbers, and checks some of them. */
  private static void run(int n, List<WindowFunction> functions, Check check) {
    DataType[] types = {DataType.INT64, DataType.FLOAT64};
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < n; from += 40_000) {
      long[] numbers = new long[40_000];
      double[] values = new double[40_000];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (long) from + i;
        values[i] = (from + i) * 7919L % 1000;
      }
      batches.add(
          Batch.of(
              numbers.length,
              new LongColumn(DataType.INT64, numbers, null, numbers.length),
              new dev.penstock.batch.DoubleColumn(DataType.FLOAT64, values, null, numbers.length)));
    }
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 30), 2048);
    long rows = 0;
    try (Window window =
        new Window(
            query, types, List.of(), List.of(new SortKey(NUMBER, false, false)), functions)) {
      var sink = window.sink(0);
      var input = batches.iterator();
      var inlet =
          new dev.penstock.nodes.Inlet<Batch>() {
            @Override
            public @Nullable Batch poll() {
              return input.hasNext() ? input.next() : null;
            }

            @Override
            public boolean isDone() {
              return !input.hasNext();
            }
          };
      while (sink.step(inlet, b -> true) != dev.penstock.nodes.Progress.DONE) {}
      sink.close();
      try (var decoder = window.decoder()) {
        for (var morsel : window.finish()) {
          decoder.begin(morsel);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            for (int i = 0; i < b.count(); i += 997) {
              check.row(b, i, (Long) b.column(0).value(i));
            }
            rows += b.count();
          }
        }
      }
    }
    assertEquals(n, rows);
    assertEquals(0, query.budget().usedBytes());
  }
}
