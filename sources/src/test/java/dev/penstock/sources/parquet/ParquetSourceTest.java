package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files as one table, many lanes, early ends. */
class ParquetSourceTest {
  @TempDir static Path dir;
  static Duck duck;

  @BeforeAll
  static void open() {
    duck = new Duck();
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  @Test
  void filesAreUnifiedByName() {
    Path a =
        duck.copy("SELECT i AS x, 'a' || i AS y FROM range(2) r(i)", dir.resolve("a.parquet"), "");
    Path b =
        duck.copy(
            "SELECT 'b' || i AS y, i = 1 AS z, i + 10 AS x FROM range(2) r(i)",
            dir.resolve("b.parquet"),
            "");
    ParquetSource source = ParquetSource.open(List.of(a, b));
    assertEquals(
        "[x, y, z]", source.schema().fields().stream().map(f -> f.name()).toList().toString());
    assertEquals(4, source.rowCount());
    assertEquals(
        "[[0, a0, null], [1, a1, null], [10, b0, false], [11, b1, true]]",
        Scans.all(source).toString());
    assertEquals(
        "[[11, true]]",
        Scans.rows(
                source,
                Filters.compare(source.schema(), "z", 1, dev.penstock.batch.expr.Shape.Op.EQ, true),
                "x",
                "z")
            .toString());
    assertEquals(
        "[[0, null], [1, null]]",
        Scans.rows(source, Filters.isNull(source.schema(), "z", 1, true), "x", "z").toString());
  }

  @Test
  void typesThatDifferAreAnError() {
    Path a = duck.copy("SELECT 1::INTEGER AS x", dir.resolve("int.parquet"), "");
    Path b = duck.copy("SELECT 'one' AS x", dir.resolve("text.parquet"), "");
    PenstockException e =
        assertThrows(PenstockException.class, () -> ParquetSource.open(List.of(a, b)));
    assertEquals(
        "column x is int32 in "
            + a
            + ", but varchar in "
            + b
            + "; read the files as two tables and cast one",
        e.getMessage());
  }

  @Test
  void lanesShareAScan() throws Exception {
    Path file =
        duck.copy(
            "SELECT i, 's' || (i % 100) AS s FROM range(100000) r(i)",
            dir.resolve("lanes.parquet"), "ROW_GROUP_SIZE 4096");
    ParquetSource source = ParquetSource.open(file);
    try (Budget budget = Budget.root("test", 1L << 30)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try (Source.Scan scan = source.open(Source.Request.all(source.schema()), query)) {
        LinkedBlockingQueue<Source.Morsel> morsels = new LinkedBlockingQueue<>();
        for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
          morsels.add(m);
        }
        assertEquals(25, morsels.size());
        List<Future<Long>> sums = new ArrayList<>();
        for (int lane = 0; lane < 4; lane++) {
          sums.add(pool.submit((Callable<Long>) () -> sum(scan, morsels)));
        }
        long total = 0;
        for (Future<Long> s : sums) {
          total += s.get();
        }
        assertEquals(99_999L * 100_000 / 2, total);
      } finally {
        pool.shutdown();
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  private static long sum(Source.Scan scan, LinkedBlockingQueue<Source.Morsel> morsels) {
    long sum = 0;
    try (Source.Decoder decoder = scan.decoder()) {
      for (Source.Morsel m = morsels.poll(); m != null; m = morsels.poll()) {
        decoder.begin(m);
        for (Batch b = decoder.next(); b != null; b = decoder.next()) {
          for (int i = 0; i < b.count(); i++) {
            sum += (Long) b.row(i)[0];
          }
        }
      }
    }
    return sum;
  }

  @Test
  void closingEarlyAndCancellingGiveEverythingBack() {
    Path file =
        duck.copy(
            "SELECT i, 's' || i AS s FROM range(50000) r(i)",
            dir.resolve("early.parquet"),
            "ROW_GROUP_SIZE 8192");
    ParquetSource source = ParquetSource.open(file);
    try (Budget budget = Budget.root("test", 1L << 30)) {
      CancellationToken token = new CancellationToken();
      QueryContext query = new QueryContext(token, budget, 2048);
      Source.Scan scan = source.open(Source.Request.all(source.schema()), query);
      Source.Decoder decoder = scan.decoder();
      Source.Morsel first = scan.next();
      assertNotNull(first);
      assertNotNull(scan.next());
      decoder.begin(first);
      assertNotNull(decoder.next());
      assertFalse(budget.usedBytes() == 0);
      token.cancel(CancellationToken.Reason.CALLER, "enough");
      assertEquals("enough", assertThrows(PenstockException.class, decoder::next).getMessage());
      assertEquals("enough", assertThrows(PenstockException.class, scan::next).getMessage());
      decoder.close();
      scan.close();
      scan.close();
      assertEquals(0, budget.usedBytes());
      assertNull(scan.next());
    }
  }

  @Test
  void progressAndSchemaOfAnEmptyFile() {
    Path file = duck.copy("SELECT 1 AS a WHERE false", dir.resolve("none.parquet"), "");
    ParquetSource source = ParquetSource.open(file);
    assertEquals(DataType.INT32, source.schema().type(0));
    assertEquals(0, source.rowCount());
    assertEquals(List.of(), Scans.all(source));
  }
}
