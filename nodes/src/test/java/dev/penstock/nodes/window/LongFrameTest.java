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
    // More rows than one run has.
    int n = 600_000;
    int reach = 100_000;
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
    Frame frame = rows(Bound.preceding((long) reach), Bound.CURRENT_ROW);
    Expr number = new ColumnExpr(0, DataType.INT64);
    Expr value = new ColumnExpr(1, DataType.FLOAT64);
    List<WindowFunction> functions =
        List.of(
            over("sum", frame, number),
            over("min", frame, number),
            over("sum", frame, value),
            over("max", frame, value));
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 30), 2048);
    long rows = 0;
    try (Window window =
        new Window(
            query, types, List.of(), List.of(new SortKey(number, false, false)), functions)) {
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
              long row = (Long) b.column(0).value(i);
              long low = Math.max(0, row - reach);
              assertEquals((row + low) * (row - low + 1) / 2, b.column(2).value(i));
              assertEquals(low, b.column(3).value(i));
              if (row - low >= 1000) {
                assertEquals(999.0, b.column(5).value(i));
              }
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
