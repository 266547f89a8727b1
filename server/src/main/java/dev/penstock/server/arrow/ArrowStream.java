package dev.penstock.server.arrow;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.ByteOutput;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream of Arrow IPC: the schema, a record batch for each batch, the end.
 *
 * <pre>
 * message: FF FF FF FF | length of metadata (i32) | metadata, a flatbuffer | zeros to 8 | body
 * body:    buffer after buffer, each with zeros to 8: for each column
 *            validity (a bit a row, set: a value; empty: no nulls)
 *            values, or offsets (i32, rows + 1) and bytes
 * end:     FF FF FF FF 00 00 00 00
 * </pre>
 *
 * <p>Little-endian; nothing is compressed. Types: docs/server.md. Used by one thread; writes block.
 */
public final class ArrowStream {
  private final ByteOutput out;
  private final Schema schema;
  private final long[] nodes;
  private final long[] buffers;
  private int bufferCount;
  private long bodyBytes;

  /** Begins a stream with its schema. The caller flushes the output. */
  public ArrowStream(ByteOutput out, Schema schema) {
    this.out = out;
    this.schema = schema;
    this.nodes = new long[2 * schema.size()];
    this.buffers = new long[6 * schema.size()];
    head(ArrowSchema.message(schema));
  }

  private void head(byte[] metadata) {
    int padded = (metadata.length + 7) & ~7;
    putInt(-1);
    putInt(padded);
    out.put(metadata);
    pad(metadata.length);
  }

  /** Writes the rows of a batch, if there are any. */
  public void write(Batch batch) {
    int n = batch.count();
    if (n == 0) {
      return;
    }
    Batch rows = batch.compact();
    FlatColumn[] columns = new FlatColumn[schema.size()];
    bufferCount = 0;
    bodyBytes = 0;
    for (int c = 0; c < columns.length; c++) {
      columns[c] = flat(rows.column(c), n);
      measure(columns[c], c, n);
    }
    head(ArrowSchema.message(n, nodes, columns.length, buffers, bufferCount, bodyBytes));
    for (FlatColumn column : columns) {
      body(column, n);
    }
  }

  /** Ends the stream. */
  public void end() {
    putInt(-1);
    putInt(0);
  }

  private static FlatColumn flat(Column column, int n) {
    FlatColumn flat = column.flat(null, n);
    return flat instanceof ObjectColumn objects ? texts(objects, n) : flat;
  }

  /** Objects of the stream level as their texts. */
  private static BytesColumn texts(ObjectColumn objects, int n) {
    byte[][] each = new byte[n][];
    int[] offsets = new int[n + 1];
    for (int i = 0; i < n; i++) {
      each[i] =
          objects.isNull(i)
              ? new byte[0]
              : String.valueOf(objects.value(i)).getBytes(StandardCharsets.UTF_8);
      offsets[i + 1] = Math.addExact(offsets[i], each[i].length);
    }
    byte[] slab = new byte[offsets[n]];
    for (int i = 0; i < n; i++) {
      System.arraycopy(each[i], 0, slab, offsets[i], each[i].length);
    }
    return new BytesColumn(dev.penstock.batch.DataType.VARCHAR, slab, offsets, objects.nulls(), n);
  }

  private void measure(FlatColumn column, int c, int n) {
    long[] nulls = column.nulls();
    int missing = nulls == null ? 0 : Bits.count(nulls, n);
    nodes[2 * c] = n;
    nodes[2 * c + 1] = missing;
    buffer(missing == 0 ? 0 : bytes(n));
    if (column instanceof BytesColumn b) {
      buffer(4L * (n + 1));
      buffer(b.offsets()[n] - b.offsets()[0]);
    } else if (column instanceof BitColumn) {
      buffer(bytes(n));
    } else {
      buffer((long) width(column) * n);
    }
  }

  private static int width(FlatColumn column) {
    Kind kind = column.type().kind();
    return kind == Kind.DECIMAL || column instanceof PairColumn
        ? 16
        : column instanceof IntColumn ? 4 : 8;
  }

  private void buffer(long length) {
    buffers[2 * bufferCount] = bodyBytes;
    buffers[2 * bufferCount + 1] = length;
    bufferCount++;
    bodyBytes += (length + 7) & ~7L;
  }

  private static int bytes(int bits) {
    return (bits + 7) >>> 3;
  }

  private void body(FlatColumn column, int n) {
    long[] nulls = column.nulls();
    if (nulls != null && Bits.count(nulls, n) > 0) {
      bits(nulls, n, -1L);
    }
    if (column instanceof BytesColumn b) {
      texts(b, n);
    } else if (column instanceof BitColumn b) {
      bits(b.words(), n, 0);
    } else if (column instanceof IntColumn ints) {
      int[] values = ints.values();
      for (int i = 0; i < n; i++) {
        putInt(values[i]);
      }
      pad(4L * n);
    } else if (column instanceof LongColumn longs) {
      longs(longs, n);
    } else if (column instanceof DoubleColumn doubles) {
      double[] values = doubles.values();
      for (int i = 0; i < n; i++) {
        putLong(Double.doubleToRawLongBits(values[i]));
      }
    } else {
      pairs((PairColumn) column, n, nulls);
    }
  }

  private void texts(BytesColumn b, int n) {
    int[] offsets = b.offsets();
    int first = offsets[0];
    for (int i = 0; i <= n; i++) {
      putInt(offsets[i] - first);
    }
    pad(4L * (n + 1));
    int length = offsets[n] - first;
    out.put(b.slab(), first, length);
    pad(length);
  }

  private void longs(LongColumn longs, int n) {
    long[] values = longs.values();
    boolean wide = longs.type().isDecimal();
    for (int i = 0; i < n; i++) {
      putLong(values[i]);
      if (wide) {
        putLong(values[i] >> 63);
      }
    }
  }

  private void pairs(PairColumn column, int n, long @Nullable [] nulls) {
    Kind kind = column.type().kind();
    for (int i = 0; i < n; i++) {
      long high = column.high(i);
      long low = column.low(i);
      if (kind == Kind.UUID) {
        putLong(Long.reverseBytes(high));
        putLong(Long.reverseBytes(low));
      } else if (kind == Kind.INTERVAL) {
        boolean isNull = nulls != null && Bits.get(nulls, i);
        interval(isNull ? new Interval(0, 0, 0) : Interval.of(high, low));
      } else {
        putLong(low);
        putLong(high);
      }
    }
  }

  private void interval(Interval value) {
    long nanos = value.micros() * 1000;
    if (Math.multiplyHigh(value.micros(), 1000) != nanos >> 63) {
      throw PenstockException.limit(
          "arrow-interval",
          "Arrow has intervals in nanoseconds, of at most 292 years of time, and "
              + value
              + " is longer; cast it to a text");
    }
    putInt(value.months());
    putInt(value.days());
    putLong(nanos);
  }

  /** A bitmap; {@code flip} is -1 to write zeros for ones. */
  private void bits(long[] words, int n, long flip) {
    int length = bytes(n);
    for (int i = 0; i < length; i++) {
      out.put((int) ((words[i >> 3] ^ flip) >>> 8 * (i & 7)));
    }
    pad(length);
  }

  private void putInt(int v) {
    out.put(v);
    out.put(v >> 8);
    out.put(v >> 16);
    out.put(v >> 24);
  }

  private void putLong(long v) {
    putInt((int) v);
    putInt((int) (v >> 32));
  }

  private void pad(long length) {
    for (long i = length; (i & 7) != 0; i++) {
      out.put(0);
    }
  }
}
