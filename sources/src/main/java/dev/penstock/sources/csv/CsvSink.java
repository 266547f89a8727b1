package dev.penstock.sources.csv;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sources.text.ValueWriter;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes CSV as RFC 4180 has it, with LF line ends; unless the style says otherwise with a header
 * line, and null as an empty field. The empty string is {@code ""}; a text is quoted only when it
 * must be. {@link CsvSource} reads back what this writes.
 */
public final class CsvSink implements Sink {
  private static final byte[] EMPTY = {};

  private final ByteOutput out;
  private final ValueWriter values;
  private final Schema schema;
  private final CsvStyle style;
  private final byte delimiter;
  private final byte[] nullText;
  private boolean headed;

  private CsvSink(ByteOutput out, Schema schema, CsvStyle style) {
    this.out = out;
    this.values = new ValueWriter(out);
    this.schema = schema;
    this.style = style;
    this.delimiter = (byte) style.delimiter();
    this.nullText = style.nullText().getBytes(StandardCharsets.UTF_8);
    this.headed = !style.header();
  }

  /** To a file, replaced on finish; packed if it ends in .gz or .zst, with tabs if it is a .tsv. */
  public static CsvSink to(Path file, Schema schema) {
    return new CsvSink(ByteOutput.to(file), schema, CsvStyle.ofName(file.toString()));
  }

  /** To an output, which the sink finishes and closes, in a style. */
  public static CsvSink to(ByteOutput out, Schema schema, CsvStyle style) {
    return new CsvSink(out, schema, style);
  }

  /** To a stream that the caller closes. */
  public static CsvSink to(OutputStream out, Schema schema) {
    return new CsvSink(ByteOutput.to(out), schema, CsvStyle.PLAIN_COMMAS);
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
        if (columns[c].isNull(p)) {
          out.put(nullText);
        } else {
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
      text(EMPTY, 0, 0);
    } else if (kind == Kind.ANY) {
      byte[] b = String.valueOf(column.value(p)).getBytes(StandardCharsets.UTF_8);
      text(b, 0, b.length);
    } else {
      values.write(column, p);
    }
  }

  private void text(byte[] b, int from, int to) {
    boolean quoted = style.quoteAll() || from == to || isSpecial(b, from, to);
    for (int i = from; i < to; i++) {
      byte c = b[i];
      quoted |= c == delimiter || c == style.quote() || c == '\n' || c == '\r';
    }
    if (!quoted) {
      out.put(b, from, to - from);
      return;
    }
    if (style.quote() < 0) {
      if (from == to && nullText.length > 0) {
        return;
      }
      throw PenstockException.incorrect(
          "needs-quotes",
          "without quotes, CSV cannot hold the text \""
              + new String(b, from, to - from, StandardCharsets.UTF_8)
              + "\"; give :quote");
    }
    out.put(style.quote());
    for (int i = from; i < to; i++) {
      if (b[i] == style.quote() || b[i] == style.escape()) {
        out.put(style.escape());
      }
      out.put(b[i]);
    }
    out.put(style.quote());
  }

  /** Would it be read as null, or as a comment. */
  private boolean isSpecial(byte[] b, int from, int to) {
    return b[from] == style.comment() || Arrays.equals(b, from, to, nullText, 0, nullText.length);
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
