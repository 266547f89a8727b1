package dev.penstock.nodes.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.TestBatches;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final QueryContext QUERY =
      new QueryContext(new CancellationToken(), Budget.root("test", 1 << 20), 100);

  private static List<@Nullable Object> scanned(
      DataType type, @Nullable Object from, @Nullable Object to, Object by, boolean exclusive) {
    Expr step = new LiteralExpr(by instanceof Long ? DataType.INT64 : DataType.INTERVAL, by);
    List<@Nullable Object> out = new ArrayList<>();
    try (SeriesScan scan =
            new SeriesScan(
                QUERY, new LiteralExpr(type, from), new LiteralExpr(type, to), step, exclusive);
        Source.Decoder decoder = scan.decoder()) {
      for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
        decoder.begin(m);
        for (Batch b = decoder.next(); b != null; b = decoder.next()) {
          TestBatches.rows(b).forEach(row -> out.add(row.get(0)));
        }
      }
    }
    return out;
  }

  private static List<@Nullable Object> numbers(long from, long to, long by) {
    return scanned(DataType.INT64, from, to, by, false);
  }

  @Test
  void numbersUpAndDown() {
    assertEquals(List.of(1L, 2L, 3L), numbers(1, 3, 1));
    assertEquals(List.of(1L, 4L, 7L), numbers(1, 9, 3));
    assertEquals(List.of(3L, 1L, -1L), numbers(3, -2, -2));
    assertEquals(List.of(), numbers(3, 2, 1));
    assertEquals(List.of(7L), numbers(7, 7, -5));
    assertEquals(List.of(1L, 2L), scanned(DataType.INT64, 1L, 3L, 1L, true));
    assertEquals(List.of(1L, 3L), scanned(DataType.INT64, 1L, 4L, 2L, true));
    assertEquals(List.of(), scanned(DataType.INT64, 3L, 3L, 1L, true));
    assertEquals(List.of(), scanned(DataType.INT64, null, 3L, 1L, false));
  }

  @Test
  void theEndsOfTheRangeDoNotOverflow() {
    long max = Long.MAX_VALUE;
    long min = Long.MIN_VALUE;
    assertEquals(List.of(max - 1, max), numbers(max - 1, max, 1));
    assertEquals(List.of(max - 3, max - 1), numbers(max - 3, max, 2));
    assertEquals(List.of(min, -1L, max - 1), numbers(min, max, max));
    assertEquals(List.of(max, -1L), numbers(max, min, min));
  }

  @Test
  void manyNumbersInMorsels() {
    List<@Nullable Object> all = numbers(0, 299_999, 1);
    assertEquals(300_000, all.size());
    for (int i = 0; i < all.size(); i++) {
      assertEquals((long) i, all.get(i));
    }
  }

  @Test
  void datesAndTimestamps() {
    LocalDate day = LocalDate.of(2024, 1, 31);
    assertEquals(
        List.of(day, LocalDate.of(2024, 2, 29), LocalDate.of(2024, 3, 29)),
        scanned(DataType.DATE, day, LocalDate.of(2024, 4, 1), new Interval(1, 0, 0), false));
    assertEquals(
        List.of(day, day.plusDays(7), day.plusDays(14)),
        scanned(DataType.DATE, day, day.plusDays(14), 7L, false));
    LocalDateTime time = LocalDateTime.of(1969, 12, 31, 23, 0);
    assertEquals(
        List.of(time, time.plusMinutes(30), time.plusHours(1)),
        scanned(
            DataType.TIMESTAMP,
            time,
            time.plusHours(1),
            new Interval(0, 0, 1_800_000_000L),
            false));
    assertEquals(
        List.of(time, time.minusMonths(1).minusDays(1)),
        scanned(DataType.TIMESTAMP, time, time.minusDays(40), new Interval(-1, -1, 0), true));
  }

  @Test
  void badStepsAreNamed() {
    assertEquals(
        "a series of int64 expects a step that is not zero, all its parts in one direction; got 0",
        assertThrows(PenstockException.class, () -> numbers(1, 2, 0)).getMessage());
    LocalDate day = LocalDate.of(2024, 1, 31);
    assertEquals(
        "a series of date expects a step that is not zero, all its parts in one direction and none"
            + " smaller than a day; got P1M-1D",
        assertThrows(
                PenstockException.class,
                () -> scanned(DataType.DATE, day, day, new Interval(1, -1, 0), false))
            .getMessage());
  }

  @Test
  void eachRowHasItsSeries() {
    List<DataType> types = List.of(DataType.INT64, DataType.INT64, DataType.INT64);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    List<List<@Nullable Object>> want = new ArrayList<>();
    for (long i = 0; i < 200; i++) {
      Long stop = i % 7 == 0 ? null : i % 40;
      long step = i % 2 == 0 ? 1 : -3;
      rows.add(Arrays.asList(i, stop, step));
      for (long v = i % 5; stop != null && (step > 0 ? v <= stop : v >= stop); v += step) {
        want.add(Arrays.asList(i, stop, step, v));
      }
    }
    Batch in = TestBatches.batchOf(types, rows);
    Expr start =
        dev.penstock.batch.expr.Functions.call(
            "mod",
            List.of(new ColumnExpr(0, DataType.INT64), new LiteralExpr(DataType.INT64, 5L)),
            DataType.INT64);
    NodeHarness.parallelStep(
            q ->
                new Series(
                    q,
                    start,
                    new ColumnExpr(1, DataType.INT64),
                    new ColumnExpr(2, DataType.INT64),
                    false))
        .input(in)
        .expect(want);
  }
}
