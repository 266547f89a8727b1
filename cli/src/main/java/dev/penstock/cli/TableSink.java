package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows as a table that fits the terminal: the first rows in full, then how many there are. */
final class TableSink implements Sink {
  private static final int MAX_ROWS = 1000;
  private static final int DEFAULT_WIDTH = 100;
  private static final int MAX_FILE_WIDTH = 10_000;

  private final Schema schema;
  private final OutputStream out;
  private final boolean closes;
  private final int width;
  private final long start = System.nanoTime();
  private final List<String[]> rows = new ArrayList<>();
  private long count;

  private TableSink(Schema schema, OutputStream out, boolean closes, int width) {
    this.schema = schema;
    this.out = out;
    this.closes = closes;
    this.width = width;
  }

  static TableSink toTerminal(Schema schema) {
    return new TableSink(schema, new FileOutputStream(FileDescriptor.out), false, terminalWidth());
  }

  static TableSink to(OutputStream out, Schema schema, int width) {
    return new TableSink(schema, out, false, width);
  }

  static TableSink to(Path file, Schema schema) {
    try {
      return new TableSink(schema, Files.newOutputStream(file), true, MAX_FILE_WIDTH);
    } catch (IOException e) {
      throw PenstockException.io("write", file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static int terminalWidth() {
    String columns = System.getenv("COLUMNS");
    try {
      return columns == null ? DEFAULT_WIDTH : Math.max(20, Integer.parseInt(columns));
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  @Override
  public void write(Batch batch) {
    for (int i = 0; i < batch.count() && rows.size() < MAX_ROWS; i++) {
      Object[] row = batch.row(i);
      String[] cells = new String[row.length];
      for (int c = 0; c < cells.length; c++) {
        cells[c] = TableText.cell(row[c]);
      }
      rows.add(cells);
    }
    count += batch.count();
  }

  @Override
  public void finish() {
    double seconds = (System.nanoTime() - start) / 1e9;
    StringBuilder text = new StringBuilder(TableText.table(schema, rows, width));
    if (count > rows.size()) {
      text.append(String.format(Locale.ROOT, "(the first %,d of ", rows.size()));
    } else {
      text.append('(');
    }
    text.append(
        String.format(Locale.ROOT, "%,d %s, %.2f s)%n", count, count == 1 ? "row" : "rows", seconds));
    try {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw PenstockException.io("write", "the output cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (closes) {
      try {
        out.close();
      } catch (IOException e) {
        throw PenstockException.io("write", "the output cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
