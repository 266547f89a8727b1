package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.BOOLEAN;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.VARCHAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * One expression serves all tasks at once, each with its own dictionaries: more of them than any
 * cache holds.
 */
class SharedExprTest {
  private static final int THREADS = 4;
  private static final int DICTIONARIES = 7;

  /** A node that evaluates one expression at two places computes it once for each batch. */
  @Test
  void aSharedCallIsComputedOnceForABatch() {
    Expr n = new ColumnExpr(0, INT64);
    Expr twice = Functions.call("+", List.of(n, n), INT64);
    Expr other = Functions.call("+", List.of(n, n), INT64);
    Functions.share(twice);
    List<Object[]> rows = List.of(Calls.row(Long.MAX_VALUE), Calls.row(5L));
    Batch batch = Batch.of(2, Calls.column(INT64, rows, 0)).withSelection(new int[] {1}, 1);
    Column first = twice.eval(batch);
    assertSame(first, twice.eval(batch));
    assertNotSame(other.eval(batch), other.eval(batch));
    assertEquals(10L, first.value(1));
    Batch same = batch.withSelection(new int[] {1}, 1);
    assertNotSame(first, twice.eval(same));
    assertSame(twice.eval(batch.withSelection(null, 0)).getClass(), ConstantColumn.class);
    assertEquals(10L, twice.eval(batch).value(1));
    Batch overflow = batch.withSelection(new int[] {0}, 1);
    assertThrows(PenstockException.class, () -> twice.eval(overflow));
    assertThrows(PenstockException.class, () -> twice.eval(overflow));
  }

  @Test
  void tasksShareOneTree() throws InterruptedException, ExecutionException {
    Expr text = new ColumnExpr(0, VARCHAR);
    Expr upper = Functions.call("upper", List.of(text), VARCHAR);
    Expr like = Functions.call("like", List.of(upper, new LiteralExpr(VARCHAR, "%3-1%")), BOOLEAN);
    Expr regex =
        Functions.call(
            "regexp-extract", List.of(text, new LiteralExpr(VARCHAR, "[0-9]+$")), VARCHAR);
    List.of(upper, regex).forEach(Functions::share);
    List<FlatColumn> dictionaries = new ArrayList<>();
    for (int d = 0; d < DICTIONARIES; d++) {
      ColumnBuilder builder = ColumnBuilder.of(VARCHAR, 20);
      for (int i = 0; i < 20; i++) {
        builder.appendString("d" + d + "-" + i);
      }
      dictionaries.add(builder.build());
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CountDownLatch start = new CountDownLatch(THREADS);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int first = t;
        all.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  for (int i = 0; i < 2000; i++) {
                    check(dictionaries, (first + i) % DICTIONARIES, i, upper, like, regex);
                  }
                  return null;
                }));
      }
      for (Future<?> f : all) {
        f.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void check(
      List<FlatColumn> dictionaries, int d, int i, Expr upper, Expr like, Expr regex) {
    int[] ids = {i % 20, (i + 7) % 20, (i + 13) % 20};
    Batch batch = Batch.of(3, new DictionaryColumn(dictionaries.get(d), ids, 3, false));
    Column texts = upper.eval(batch);
    Column numbers = regex.eval(batch);
    int[] out = new int[3];
    int n = Functions.predicate(like).select(batch, out);
    List<Integer> expected = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      assertEquals("D" + d + "-" + ids[k], texts.value(k));
      assertEquals("" + ids[k], numbers.value(k));
      if (d == 3 && (ids[k] == 1 || ids[k] >= 10)) {
        expected.add(k);
      }
    }
    List<Integer> actual = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      actual.add(out[k]);
    }
    assertEquals(expected, actual);
  }
}
