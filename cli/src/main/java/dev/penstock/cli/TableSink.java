package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.text.ByteOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows as a table that fits the terminal: the first {@value #MAX_ROWS} rows, then how many there
 * are.
 */
final class TableSink implements Sink {
  static final int MAX_ROWS = 1000;

  private final Schema schema;
  private final ByteOutput out;
  private final int columns;
  private final long startNanos = System.nanoTime();
  private final List<String[]> rows = new ArrayList<>();
  private long count;

  /**
   * @param out is closed with the sink
   * @param columns width of the terminal
   */
  TableSink(Schema schema, ByteOutput out, int columns) {
    this.schema = schema;
    this.out = out;
    this.columns = columns;
  }

  @Override
  public void write(Batch batch) {
    for (int i = 0; i < batch.count() && rows.size() < MAX_ROWS; i++) {
      Object[] row = batch.row(i);
      String[] cells = new String[row.length];
      for (int c = 0; c < cells.length; c++) {
        cells[c] = TableText.cell(row[c], columns);
      }
      rows.add(cells);
    }
    count += batch.count();
  }

  @Override
  public void finish() {
    out.putText(TableText.table(schema, rows, columns));
    out.putText(footer(count, rows.size(), System.nanoTime() - startNanos));
    out.finish();
  }

  /** The line below a table. */
  static String footer(long count, int shown, long nanos) {
    return String.format(
        Locale.ROOT,
        "(%s%,d %s, %.2f s%s)%n",
        count > shown ? String.format(Locale.ROOT, "the first %,d of ", shown) : "",
        count,
        count == 1 ? "row" : "rows",
        nanos / 1e9,
        count > shown ? "; csv, json and parquet have all of them" : "");
  }

  @Override
  public void close() {
    out.close();
  }
}
