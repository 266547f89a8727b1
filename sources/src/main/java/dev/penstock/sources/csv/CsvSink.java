package dev.penstock.sources.csv;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sources.text.ValueWriter;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes CSV as RFC 4180 has it, with a header line and LF line ends. Null is an empty field, the
 * empty string is {@code ""}; a field is quoted only when it must be. {@link CsvSource} reads back
 * what this writes.
 */
public final class CsvSink implements Sink {
  private final ByteOutput out;
  private final ValueWriter values;
  private final Schema schema;
  private final byte delimiter;
  private boolean headed;

  private CsvSink(ByteOutput out, Schema schema, char delimiter) {
    this.out = out;
    this.values = new ValueWriter(out);
    this.schema = schema;
    this.delimiter = (byte) delimiter;
  }

  /** To a file, replaced on finish; packed if it ends in .gz or .zst, with tabs if it is a .tsv. */
  public static CsvSink to(Path file, Schema schema) {
    boolean tabs = file.toString().toLowerCase(Locale.ROOT).contains(".tsv");
    return new CsvSink(ByteOutput.to(file), schema, tabs ? '\t' : ',');
  }

  /** To a stream that the caller closes. */
  public static CsvSink to(OutputStream out, Schema schema) {
    return new CsvSink(ByteOutput.to(out), schema, ',');
  }

  private void header() {
    if (headed) {
      return;
    }
    headed = true;
    for (int c = 0; c < schema.size(); c++) {
      if (c > 0) {
        out.put(delimiter);
      }
      byte[] name = schema.field(c).name().getBytes(StandardCharsets.UTF_8);
      text(name, 0, name.length);
    }
    out.put('\n');
  }

  @Override
  public void write(Batch batch) {
    header();
    int n = batch.count();
    int[] selection = batch.selection();
    FlatColumn[] columns = new FlatColumn[batch.columns().length];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = batch.column(c).flat(selection, n);
    }
    for (int row = 0; row < n; row++) {
      int p = batch.position(row);
      for (int c = 0; c < columns.length; c++) {
        if (c > 0) {
          out.put(delimiter);
        }
        if (!columns[c].isNull(p)) {
          value(columns[c], p);
        }
      }
      out.put('\n');
    }
  }

  private void value(FlatColumn column, int p) {
    Kind kind = column.type().kind();
    if (kind == Kind.VARCHAR || kind == Kind.JSON) {
      BytesColumn b = (BytesColumn) column;
      text(b.slab(), b.start(p), b.start(p) + b.size(p));
    } else if (kind == Kind.VARBINARY && ((BytesColumn) column).size(p) == 0) {
      out.put('"');
      out.put('"');
    } else if (kind == Kind.ANY) {
      byte[] b = String.valueOf(column.value(p)).getBytes(StandardCharsets.UTF_8);
      text(b, 0, b.length);
    } else {
      values.write(column, p);
    }
  }

  private void text(byte[] b, int from, int to) {
    boolean quote = from == to;
    for (int i = from; i < to; i++) {
      byte c = b[i];
      quote |= c == delimiter || c == '"' || c == '\n' || c == '\r';
    }
    if (!quote) {
      out.put(b, from, to - from);
      return;
    }
    out.put('"');
    for (int i = from; i < to; i++) {
      if (b[i] == '"') {
        out.put('"');
      }
      out.put(b[i]);
    }
    out.put('"');
  }

  /** Hands on what was written so far. */
  public void flush() {
    out.flush();
  }

  @Override
  public void finish() {
    header();
    out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
