package dev.penstock.sources.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
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
    for (int n : new int[] {10_000, 200_000}) {
      try (ColumnTable table = table(n, 2048)) {
        Statistics now = table.snapshot().statistics();
        assertEquals(n, now.column(0).distinct());
        assertEquals(75, now.column(1).distinct());
        assertEquals(1000, now.column(3).distinct());
      }
    }
  }
}
