package dev.penstock.buffer.spill;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Columns as bytes, little-endian, arrays as they lie in memory:
 *
 * <pre>
 * int rows, int columns
 * for each column:
 *   byte kind, byte precision, byte scale, byte has-nulls
 *   [long x words(rows)                 when it has nulls]
 *   BITS: long x words(rows)   INTS: int x rows   LONGS, DOUBLES: long x rows   PAIRS: long x 2 rows
 *   BYTES: int x (rows + 1) offsets from 0, then the bytes
 * </pre>
 *
 * <p>Opaque objects are not written here: UNSUPPORTED.
 */
final class BlockFormat {
  private BlockFormat() {}

  /** Bytes of the encoded block; columns must be flat, without a selection. */
  static long size(Batch batch) {
    int rows = batch.count();
    long sum = 8;
    for (Column column : batch.columns()) {
      FlatColumn c = (FlatColumn) column;
      sum += 4 + (c.nulls() == null ? 0 : 8L * Bits.words(rows));
      sum +=
          switch (c.type().layout()) {
            case BITS -> 8L * Bits.words(rows);
            case INTS -> 4L * rows;
            case LONGS, DOUBLES -> 8L * rows;
            case PAIRS -> 16L * rows;
            case BYTES -> {
              BytesColumn b = (BytesColumn) c;
              yield 4L * (rows + 1) + b.offsets()[rows] - b.offsets()[0];
            }
            case OBJECTS ->
                throw PenstockException.unsupported(
                    "spill-objects", "host objects cannot be spilled; raise the memory cap");
          };
    }
    return sum;
  }

  /** The batch with flat columns and no selection, as {@link #write} wants it. */
  static Batch flat(Batch batch) {
    int n = batch.count();
    Column[] out = new Column[batch.columns().length];
    int[] selection = batch.selection();
    for (int c = 0; c < out.length; c++) {
      Column column = batch.column(c);
      if (selection != null) {
        column = column.gather(selection, n);
      }
      out[c] = column.flat(null, n);
    }
    return Batch.of(n, out);
  }

  /** Writes at the buffer's position; the buffer is little-endian and has room. */
  static void write(Batch batch, ByteBuffer to) {
    int rows = batch.count();
    to.putInt(rows).putInt(batch.columns().length);
    for (Column column : batch.columns()) {
      FlatColumn c = (FlatColumn) column;
      DataType type = c.type();
      long[] nulls = c.nulls();
      to.put((byte) type.kind().ordinal()).put((byte) type.precision()).put((byte) type.scale());
      to.put((byte) (nulls == null ? 0 : 1));
      if (nulls != null) {
        longs(to, nulls, Bits.words(rows));
      }
      if (c instanceof BitColumn b) {
        longs(to, b.words(), Bits.words(rows));
      } else if (c instanceof IntColumn i) {
        ints(to, i.values(), rows);
      } else if (c instanceof LongColumn l) {
        longs(to, l.values(), rows);
      } else if (c instanceof DoubleColumn d) {
        to.asDoubleBuffer().put(d.values(), 0, rows);
        to.position(to.position() + 8 * rows);
      } else if (c instanceof PairColumn p) {
        longs(to, p.values(), 2 * rows);
      } else {
        bytes(to, (BytesColumn) c, rows);
      }
    }
  }

  private static void bytes(ByteBuffer to, BytesColumn c, int rows) {
    int[] offsets = c.offsets();
    int first = offsets[0];
    if (first == 0) {
      ints(to, offsets, rows + 1);
    } else {
      for (int i = 0; i <= rows; i++) {
        to.putInt(offsets[i] - first);
      }
    }
    to.put(c.slab(), first, offsets[rows] - first);
  }

  private static void longs(ByteBuffer to, long[] values, int n) {
    to.asLongBuffer().put(values, 0, n);
    to.position(to.position() + 8 * n);
  }

  private static void ints(ByteBuffer to, int[] values, int n) {
    to.asIntBuffer().put(values, 0, n);
    to.position(to.position() + 4 * n);
  }

  /** Reads what {@link #write} wrote. */
  static Batch read(ByteBuffer from) {
    from.order(ByteOrder.LITTLE_ENDIAN);
    int rows = from.getInt();
    Column[] out = new Column[from.getInt()];
    Kind[] kinds = Kind.values();
    for (int c = 0; c < out.length; c++) {
      DataType type = new DataType(kinds[from.get()], from.get(), from.get());
      long[] nulls = from.get() == 0 ? null : longs(from, Bits.words(rows));
      out[c] = column(from, type, nulls, rows);
    }
    return Batch.of(rows, out);
  }

  private static Column column(ByteBuffer from, DataType type, long @Nullable [] nulls, int rows) {
    switch (type.layout()) {
      case BITS:
        return new BitColumn(type, longs(from, Bits.words(rows)), nulls, rows);
      case INTS:
        return new IntColumn(type, ints(from, rows), nulls, rows);
      case LONGS:
        return new LongColumn(type, longs(from, rows), nulls, rows);
      case DOUBLES:
        double[] doubles = new double[rows];
        from.asDoubleBuffer().get(doubles);
        from.position(from.position() + 8 * rows);
        return new DoubleColumn(type, doubles, nulls, rows);
      case PAIRS:
        return new PairColumn(type, longs(from, 2 * rows), nulls, rows);
      case BYTES:
        int[] offsets = ints(from, rows + 1);
        byte[] slab = new byte[offsets[rows]];
        from.get(slab);
        return new BytesColumn(type, slab, offsets, nulls, rows);
      default:
        throw new IllegalStateException(type.toString());
    }
  }

  private static long[] longs(ByteBuffer from, int n) {
    long[] out = new long[n];
    from.asLongBuffer().get(out);
    from.position(from.position() + 8 * n);
    return out;
  }

  private static int[] ints(ByteBuffer from, int n) {
    int[] out = new int[n];
    from.asIntBuffer().get(out);
    from.position(from.position() + 4 * n);
    return out;
  }
}
