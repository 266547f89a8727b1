package dev.penstock.sources.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.Field;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Functions;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.ScanMeter;
import dev.penstock.nodes.Source;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import dev.penstock.sources.StatisticsCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ColumnTableTest extends SourceContract {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("Id", DataType.INT64),
          new Field("Name", DataType.VARCHAR),
          new Field("Share", DataType.FLOAT64),
          new Field("Day", DataType.DATE));

  private final Budget budget = Budget.root("test", 64L << 20);

  private static List<@Nullable Object> row(long i) {
    return Arrays.asList(
        i,
        i % 4 == 0 ? null : "n" + i % 100,
        i % 5 == 0 ? null : (Object) (i / 8.0),
        java.time.LocalDate.ofEpochDay(i % 1000));
  }

  private static Batch batch(int from, int to) {
    FlatColumn[] columns = new FlatColumn[SCHEMA.size()];
    for (int c = 0; c < columns.length; c++) {
      ColumnBuilder builder = ColumnBuilder.of(SCHEMA.type(c), to - from);
      for (int i = from; i < to; i++) {
        builder.appendValue(row(i).get(c));
      }
      columns[c] = (FlatColumn) builder.build();
    }
    return Batch.of(to - from, columns);
  }

  private static List<List<@Nullable Object>> rows(int from, int to) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (int i = from; i < to; i++) {
      out.add(row(i));
    }
    return out;
  }

  private static void add(ColumnTable table, int from, int to, int by) {
    try (TableAppend append = table.append()) {
      for (int i = from; i < to; i += by) {
        append.add(batch(i, Math.min(to, i + by)));
      }
      table.commit(append);
    }
  }

  private ColumnTable table(int rows, int by) {
    ColumnTable table = new ColumnTable("t", SCHEMA, budget);
    add(table, 0, rows, by);
    return table;
  }

  @Override
  protected Source source() {
    return table(10_000, 700);
  }

  @Override
  protected @Nullable Source damaged() {
    return null;
  }

  @Test
  void rowsComeBackHoweverTheyWereAdded() {
    for (int n : new int[] {0, 1, 2047, 2048, 2049, 9000}) {
      for (int by : new int[] {1, 100, 2048, 5000}) {
        try (ColumnTable table = table(n, by)) {
          assertEquals(rows(0, n), Scans.rows(table));
          assertEquals(n, table.rowCount());
          StatisticsCheck.check(table.snapshot(), rows(0, n));
        }
        assertEquals(0, budget.usedBytes());
      }
    }
  }

  @Test
  void smallAppendsShareChunks() {
    try (ColumnTable table = new ColumnTable("t", SCHEMA, budget)) {
      for (int i = 0; i < 5000; i++) {
        add(table, i, i + 1, 1);
      }
      assertEquals(rows(0, 5000), Scans.rows(table));
      assertEquals(3, morsels(table, Source.Request.all(SCHEMA)));
      try (ColumnTable atOnce = table(5000, 2048)) {
        assertTrue(
            table.sizeBytes() < 2 * atOnce.sizeBytes(),
            table.sizeBytes() + " " + atOnce.sizeBytes());
      }
    }
    assertEquals(0, budget.usedBytes());
  }

  private QueryContext query() {
    return new QueryContext(new CancellationToken(), budget, Batch.ROWS);
  }

  private int morsels(Source source, Source.Request request) {
    int n = 0;
    try (Source.Scan scan = source.open(request, query())) {
      while (scan.next() != null) {
        n++;
      }
    }
    return n;
  }

  @Test
  void aScanSeesTheTableAsItWas() {
    try (ColumnTable table = table(3000, 2048)) {
      Source before = table.snapshot();
      add(table, 3000, 5000, 300);
      assertEquals(rows(0, 3000), Scans.rows(before));
      assertEquals(3000, before.rowCount());
      assertEquals(rows(0, 5000), Scans.rows(table));
    }
  }

  @Test
  void anAppendThatIsNotCommittedLeavesNothing() {
    try (ColumnTable table = table(100, 100)) {
      long before = budget.usedBytes();
      try (TableAppend append = table.append()) {
        append.add(batch(100, 5000));
        assertTrue(budget.usedBytes() > before);
      }
      assertEquals(before, budget.usedBytes());
      assertEquals(rows(0, 100), Scans.rows(table));
    }
  }

  @Test
  void aDroppedTableIsFreedWhenItsLastScanHasEnded() {
    ColumnTable table = table(5000, 2048);
    Source.Scan scan = table.open(Source.Request.all(SCHEMA), query());
    table.close();
    assertTrue(budget.usedBytes() > 0);
    assertTrue(scan.next() != null);
    try (TableAppend append = table.append()) {
      append.add(batch(0, 1));
      PenstockException e = assertThrows(PenstockException.class, () -> table.commit(append));
      assertEquals("table t was dropped", e.getMessage());
    }
    scan.close();
    scan.close();
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void chunksThatAFilterExcludesArePassedOver() {
    try (ColumnTable table = table(10_000, 2048)) {
      Expr filter =
          Functions.call(
              "<",
              List.of(new ColumnExpr(0, DataType.INT64), new LiteralExpr(DataType.INT64, 3000L)),
              DataType.BOOLEAN);
      Source.Request request = new Source.Request(new int[] {0, 1}, filter, -1);
      assertEquals(2, morsels(table, request));
      assertEquals(3000, Scans.rows(table, request).size());
      try (Source.Scan scan = table.open(request, query())) {
        assertEquals(3, ((ScanMeter) scan).skippedPieces());
        assertEquals("chunks", ((ScanMeter) scan).pieces());
      }
    }
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    Schema strict = Schema.of(new Field("a", DataType.INT64, false));
    try (ColumnTable table = new ColumnTable("t", strict, budget);
        TableAppend append = table.append()) {
      ColumnBuilder builder = ColumnBuilder.of(DataType.INT64, 2);
      builder.appendValue(1L);
      builder.appendValue(null);
      Batch withNull = Batch.of(2, builder.build());
      assertEquals(
          "table t: column a expects a value in every row, got null in row 2 of the new rows",
          assertThrows(PenstockException.class, () -> append.add(withNull)).getMessage());
      ColumnBuilder varchar = ColumnBuilder.of(DataType.VARCHAR, 1);
      varchar.appendNull();
      Batch text = Batch.of(1, varchar.build());
      assertEquals(
          "table t: column a expects int64, got varchar",
          assertThrows(PenstockException.class, () -> append.add(text)).getMessage());
    }
  }

  @Test
  void aSharedDictionaryIsCountedOnce() {
    ColumnBuilder words = ColumnBuilder.of(DataType.VARCHAR, 1000);
    for (int i = 0; i < 1000; i++) {
      words.appendValue("a long word number " + i);
    }
    FlatColumn dictionary = (FlatColumn) words.build();
    int[] ids = new int[2048];
    Arrays.setAll(ids, i -> i % 1000);
    Schema one = Schema.of(new Field("w", DataType.VARCHAR));
    try (ColumnTable table = new ColumnTable("t", one, budget)) {
      try (TableAppend append = table.append()) {
        for (int i = 0; i < 50; i++) {
          append.add(Batch.of(2048, new DictionaryColumn(dictionary, ids, 2048)));
        }
        table.commit(append);
      }
      assertTrue(
          table.sizeBytes() < dictionary.sizeBytes() + 50 * 9000, table.sizeBytes() + " bytes");
      assertEquals(50 * 2048, Scans.rows(table).size());
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void aCapThatIsTooSmallEndsAnAppendAndLeavesTheTable() {
    Budget small = Budget.root("small", 40_000);
    ColumnTable table = new ColumnTable("t", SCHEMA, small);
    add(table, 0, 100, 100);
    long before = small.usedBytes();
    PenstockException e =
        assertThrows(PenstockException.class, () -> add(table, 100, 10_000, 2048));
    assertEquals(PenstockException.Category.LIMIT, e.category());
    assertEquals(before, small.usedBytes());
    assertEquals(rows(0, 100), Scans.rows(table));
    table.close();
    assertEquals(0, small.usedBytes());
  }
}
