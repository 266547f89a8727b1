package dev.penstock.sources.json;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sources.text.ValueWriter;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes one JSON object a line (or an array of them), with all keys in the order of the schema.
 * Numbers and booleans are bare, json is embedded, everything else is a string; null is {@code
 * null}. NaN and the infinities, which JSON numbers do not have, are strings.
 */
public final class JsonLinesSink implements Sink {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteOutput out;
  private final ValueWriter values;
  private final byte[][] keys;
  private final boolean array;
  private boolean begun;

  private JsonLinesSink(ByteOutput out, Schema schema, boolean array) {
    this.out = out;
    this.array = array;
    this.values = new ValueWriter(out);
    this.keys =
        schema.fields().stream()
            .map(f -> f.name().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  /** To a file, replaced on finish; packed if it ends in .gz or .zst. */
  public static JsonLinesSink to(Path file, Schema schema) {
    return new JsonLinesSink(ByteOutput.to(file), schema, false);
  }

  /** To a stream that the caller closes. */
  public static JsonLinesSink to(OutputStream out, Schema schema) {
    return new JsonLinesSink(ByteOutput.to(out), schema, false);
  }

  /**
   * To an output, which the sink finishes and closes.
   *
   * @param array whether to write one array of all objects, still one a line
   */
  public static JsonLinesSink to(ByteOutput out, Schema schema, boolean array) {
    return new JsonLinesSink(out, schema, array);
  }

  @Override
  public void write(Batch batch) {
    int n = batch.count();
    int[] selection = batch.selection();
    FlatColumn[] columns = new FlatColumn[batch.columns().length];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = batch.column(c).flat(selection, n);
    }
    for (int row = 0; row < n; row++) {
      int p = batch.position(row);
      if (array) {
        separator();
      }
      out.put('{');
      for (int c = 0; c < columns.length; c++) {
        if (c > 0) {
          out.put(',');
        }
        string(keys[c], 0, keys[c].length);
        out.put(':');
        if (columns[c].isNull(p)) {
          out.put(NULL);
        } else {
          value(columns[c], p);
        }
      }
      out.put('}');
      if (!array) {
        out.put('\n');
      }
    }
  }

  private void separator() {
    out.putAscii(begun ? ",\n" : "[\n");
    begun = true;
  }

  private void value(FlatColumn column, int p) {
    Kind kind = column.type().kind();
    switch (kind) {
      case BOOLEAN, INT32, INT64, DECIMAL -> values.write(column, p);
      case FLOAT64 -> {
        double v = ((DoubleColumn) column).values()[p];
        if (Double.isNaN(v) || Double.isInfinite(v)) {
          quoted(column, p);
        } else {
          values.write(column, p);
        }
      }
      case VARCHAR -> {
        BytesColumn b = (BytesColumn) column;
        string(b.slab(), b.start(p), b.start(p) + b.size(p));
      }
      case JSON -> {
        BytesColumn b = (BytesColumn) column;
        for (int i = b.start(p); i < b.start(p) + b.size(p); i++) {
          byte c = b.slab()[i];
          // line ends in JSON lie between its tokens, where a blank does as well
          out.put(c == '\n' || c == '\r' ? ' ' : c);
        }
      }
      case ANY -> {
        byte[] b = String.valueOf(column.value(p)).getBytes(StandardCharsets.UTF_8);
        string(b, 0, b.length);
      }
      default -> quoted(column, p);
    }
  }

  private void quoted(FlatColumn column, int p) {
    out.put('"');
    values.write(column, p);
    out.put('"');
  }

  private void string(byte[] b, int from, int to) {
    out.put('"');
    for (int i = from; i < to; i++) {
      byte c = b[i];
      if (c == '"' || c == '\\') {
        out.put('\\');
        out.put(c);
      } else if (c >= 0 && c < 32) {
        control(c);
      } else {
        out.put(c);
      }
    }
    out.put('"');
  }

  private void control(byte c) {
    out.put('\\');
    switch (c) {
      case '\n' -> out.put('n');
      case '\r' -> out.put('r');
      case '\t' -> out.put('t');
      case '\b' -> out.put('b');
      case '\f' -> out.put('f');
      default -> {
        out.put('u');
        out.put('0');
        out.put('0');
        out.put(HEX[c >> 4]);
        out.put(HEX[c & 15]);
      }
    }
  }

  /** Hands on what was written so far. */
  public void flush() {
    out.flush();
  }

  /** Ends the array, if it is one, and leaves the output open: for who writes more behind it. */
  public void finishRows() {
    if (array) {
      out.putAscii(begun ? "\n]\n" : "[]\n");
    }
  }

  @Override
  public void finish() {
    finishRows();
    out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
