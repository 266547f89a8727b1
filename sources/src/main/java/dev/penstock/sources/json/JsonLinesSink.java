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
 * Writes one JSON object a line, with all keys in the order of the schema. Numbers and booleans are
 * bare, json is embedded, everything else is a string; null is {@code null}. NaN and the
 * infinities, which JSON numbers do not have, are strings.
 */
public final class JsonLinesSink implements Sink {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteOutput out;
  private final ValueWriter values;
  private final byte[][] keys;

  private JsonLinesSink(ByteOutput out, Schema schema) {
    this.out = out;
    this.values = new ValueWriter(out);
    this.keys =
        schema.fields().stream()
            .map(f -> f.name().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  /** To a file, replaced on finish; packed if it ends in .gz or .zst. */
  public static JsonLinesSink to(Path file, Schema schema) {
    return new JsonLinesSink(ByteOutput.to(file), schema);
  }

  /** To a stream that the caller closes. */
  public static JsonLinesSink to(OutputStream out, Schema schema) {
    return new JsonLinesSink(ByteOutput.to(out), schema);
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
      out.put('\n');
    }
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

  @Override
  public void finish() {
    out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
