package dev.penstock.nodes.window;

import static dev.penstock.nodes.window.WindowCases.TYPES;
import static dev.penstock.nodes.window.WindowCases.WIDE;
import static dev.penstock.nodes.window.WindowCases.asc;
import static dev.penstock.nodes.window.WindowCases.col;
import static dev.penstock.nodes.window.WindowCases.data;
import static dev.penstock.nodes.window.WindowCases.literal;
import static dev.penstock.nodes.window.WindowCases.over;
import static dev.penstock.nodes.window.WindowCases.range;
import static dev.penstock.nodes.window.WindowCases.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.sort.SortKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What cannot be computed is named. */
class WindowErrorTest {
  private static PenstockException failure(List<SortKey> order, WindowFunction... functions) {
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 100);
    return assertThrows(
        PenstockException.class,
        () -> new Window(query, TYPES, List.of(), order, List.of(functions)).close());
  }

  @Test
  void badFramesAreNamed() {
    assertEquals(
        "a frame of rows reaches a number of rows, 0 or more; got -1",
        failure(List.of(), over("sum", rows(Bound.preceding(-1L), Bound.CURRENT_ROW), col(4)))
            .getMessage());
    assertEquals(
        "a range frame with the offset 1 needs exactly one order key; there are 2",
        failure(
                List.of(asc(4), asc(5)),
                over("sum", range(Bound.preceding(1L), Bound.CURRENT_ROW), col(4)))
            .getMessage());
    assertEquals(
        "a range frame cannot reach 1 from an order key of type varchar; expected a number for a number, an interval for a"
            + " time or an interval",
        failure(List.of(asc(9)), over("sum", range(Bound.preceding(1L), Bound.CURRENT_ROW), col(4)))
            .getMessage());
    assertEquals(
        "a range frame reaches a distance that is not negative; got -0.5",
        failure(
                List.of(asc(6)),
                over("sum", range(Bound.CURRENT_ROW, Bound.following(-0.5)), col(4)))
            .getMessage());
    assertEquals(
        "unknown aggregate 'median'; expected one such as sum",
        failure(List.of(), over("median", null, col(4))).getMessage());
  }

  @Test
  void badNumbersAreNamed() {
    assertThrowsInRun(
        "(ntile 0): expected a number of buckets, 1 or more",
        new WindowFunction("ntile", List.of(literal(DataType.INT64, 0L)), null, DataType.INT64));
    assertThrowsInRun(
        "(nth-value e 0): expected a place in the frame, 1 or more",
        new WindowFunction(
            "nth-value", List.of(col(9), literal(DataType.INT64, 0L)), null, DataType.VARCHAR));
  }

  @Test
  void sumsThatDoNotFitAreNamed() {
    assertThrowsInRun(
        "sum gives 9223372036854775808, which does not fit int64; cast the argument to decimal(38,0) or float64",
        over(
            "sum",
            rows(Bound.preceding(1L), Bound.CURRENT_ROW),
            literal(DataType.INT64, 1L << 62)));
    BigDecimal most = new BigDecimal("99999999999999999999999999999999.999999");
    assertThrowsInRun(
        "sum gives 199999999999999999999999999999999.999998, which does not fit decimal(38,6); cast the argument to float64",
        over("sum", rows(Bound.preceding(1L), Bound.CURRENT_ROW), literal(WIDE, most)));
  }

  private static void assertThrowsInRun(String message, WindowFunction function) {
    Batch batch = data(60, 5, 1);
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 100);
    try (Window window = new Window(query, TYPES, List.of(), List.of(asc(0)), List.of(function))) {
      List<Batch> left = new ArrayList<>(List.of(batch));
      var sink = window.sink(0);
      var inlet =
          new dev.penstock.nodes.Inlet<Batch>() {
            @Override
            public @Nullable Batch poll() {
              return left.isEmpty() ? null : left.remove(0);
            }

            @Override
            public boolean isDone() {
              return left.isEmpty();
            }
          };
      while (sink.step(inlet, b -> true) != dev.penstock.nodes.Progress.DONE) {}
      try (var decoder = window.decoder()) {
        decoder.begin(window.finish().get(0));
        PenstockException e = assertThrows(PenstockException.class, decoder::next);
        assertEquals(message, e.getMessage());
      }
    }
  }
}
