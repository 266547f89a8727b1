package dev.penstock.buffer.block;

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
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import org.jspecify.annotations.Nullable;

/**
 * Columns as bytes, little-endian, arrays as they lie in memory, each padded to 8 bytes:
 *
 * <pre>
 * long columns
 * for each column:
 *   long: byte kind, byte precision, byte scale, byte has-nulls, int bytes (BYTES and OBJECTS)
 *   [long x words(rows)                 when it has nulls]
 *   BITS: long x words(rows)   INTS: int x rows   LONGS, DOUBLES: long x rows   PAIRS: long x 2 rows
 *   BYTES, OBJECTS: int x (rows + 1) offsets from 0, then the bytes
 * </pre>
 *
 * <p>A selection is applied while writing; dictionaries and constants are written flat. Opaque
 * objects lie as BYTES: {@link OpaqueObjects}.
 */
public final class BlockFormat {
  private static final Kind[] KINDS = Kind.values();

  private BlockFormat() {}

  /**
   * The batch as {@link #size} and {@link #write} want it: columns of arrays, with the selection
   * kept.
   */
  public static Batch flat(Batch batch) {
    Column[] columns = batch.columns();
    for (Column column : columns) {
      if (!(column instanceof FlatColumn) || column instanceof ObjectColumn) {
        return flattened(batch);
      }
    }
    return batch;
  }

  private static Batch flattened(Batch batch) {
    int n = batch.count();
    int[] selection = batch.selection();
    Column[] out = new Column[batch.columns().length];
    for (int c = 0; c < out.length; c++) {
      Column column = batch.column(c);
      if (selection != null) {
        column = column.gather(selection, n);
      }
      FlatColumn flat = column.flat(null, n);
      out[c] = flat instanceof ObjectColumn objects ? bytes(objects, n) : flat;
    }
    return Batch.of(n, out);
  }

  /** The bytes of an opaque object. */
  private record Encoded(byte[] bytes) {}

  private static final Encoded NOTHING = new Encoded(new byte[0]);

  /** The objects as their bytes: to be encoded once. */
  private static ObjectColumn bytes(ObjectColumn objects, int n) {
    Encoded[] each = new Encoded[n];
    for (int i = 0; i < n; i++) {
      each[i] = objects.isNull(i) ? NOTHING : new Encoded(OpaqueObjects.write(objects.value(i)));
    }
    return new ObjectColumn(objects.type(), each, objects.nulls(), n);
  }

  /** Where the bytes of each object begin and the last ones end. */
  private static int[] offsets(ObjectColumn objects, int rows) {
    int[] out = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      out[i + 1] = Math.addExact(out[i], encoded(objects, i).length);
    }
    return out;
  }

  private static byte[] encoded(ObjectColumn objects, int i) {
    return objects.values()[i] instanceof Encoded e ? e.bytes() : NOTHING.bytes();
  }

  private static ObjectColumn objects(
      DataType type, byte[] slab, int[] offsets, long @Nullable [] nulls, int n) {
    @Nullable Object[] values = new Object[n];
    for (int i = 0; i < n; i++) {
      if (offsets[i] < offsets[i + 1]) {
        values[i] = OpaqueObjects.read(slab, offsets[i], offsets[i + 1]);
      }
    }
    return new ObjectColumn(type, values, nulls, n);
  }

  /** Bytes that {@link #write} writes. */
  public static long size(Batch batch) {
    int rows = batch.count();
    int[] selection = batch.selection();
    long sum = 8;
    for (Column column : batch.columns()) {
      FlatColumn c = (FlatColumn) column;
      sum += 8 + (hasNulls(c, selection, rows) ? 8L * Bits.words(rows) : 0);
      sum +=
          switch (c.type().layout()) {
            case BITS -> 8L * Bits.words(rows);
            case INTS -> BlockReader.padded(4L * rows);
            case LONGS, DOUBLES -> 8L * rows;
            case PAIRS -> 16L * rows;
            case BYTES ->
                BlockReader.padded(4L * (rows + 1))
                    + BlockReader.padded(slab((BytesColumn) c, selection, rows));
            case OBJECTS ->
                BlockReader.padded(4L * (rows + 1))
                    + BlockReader.padded(offsets((ObjectColumn) c, rows)[rows]);
          };
    }
    return sum;
  }

  private static boolean hasNulls(FlatColumn c, int @Nullable [] selection, int rows) {
    long[] nulls = c.nulls();
    return nulls != null && (selection == null || BlockWriter.any(nulls, selection, rows));
  }

  private static long slab(BytesColumn c, int @Nullable [] selection, int rows) {
    int[] offsets = c.offsets();
    if (selection == null) {
      return (long) offsets[rows] - offsets[0];
    }
    long sum = 0;
    for (int i = 0; i < rows; i++) {
      int p = selection[i];
      sum += offsets[p + 1] - offsets[p];
    }
    if (sum > Integer.MAX_VALUE - 8) {
      throw PenstockException.limit(
          "batch-too-wide", "a column of " + sum + " bytes cannot be spilled; at most 2 GiB");
    }
    return sum;
  }

  static void write(Batch batch, BlockWriter to) {
    int rows = batch.count();
    int[] selection = batch.selection();
    to.put(batch.columns().length);
    for (Column column : batch.columns()) {
      FlatColumn c = (FlatColumn) column;
      DataType type = c.type();
      boolean hasNulls = hasNulls(c, selection, rows);
      long slab =
          c instanceof BytesColumn b
              ? slab(b, selection, rows)
              : c instanceof ObjectColumn o ? offsets(o, rows)[rows] : 0;
      to.put(
          type.kind().ordinal()
              | (long) type.precision() << 8
              | (long) type.scale() << 16
              | (hasNulls ? 1L << 24 : 0)
              | slab << 32);
      if (hasNulls) {
        bits(to, nullsOf(c), selection, rows);
      }
      values(to, c, selection, rows);
    }
  }

  private static long[] nullsOf(FlatColumn c) {
    long[] nulls = c.nulls();
    if (nulls == null) {
      throw new IllegalStateException("no nulls");
    }
    return nulls;
  }

  private static void bits(BlockWriter to, long[] words, int @Nullable [] selection, int rows) {
    if (selection == null) {
      to.longs(words, Bits.words(rows));
    } else {
      to.bits(words, selection, rows);
    }
  }

  private static void values(BlockWriter to, FlatColumn c, int @Nullable [] selection, int rows) {
    if (c instanceof BitColumn b) {
      bits(to, b.words(), selection, rows);
    } else if (c instanceof BytesColumn b) {
      bytes(to, b, selection, rows);
    } else if (c instanceof ObjectColumn o) {
      to.ints(offsets(o, rows), rows + 1);
      for (int i = 0; i < rows; i++) {
        byte[] bytes = encoded(o, i);
        to.bytes(bytes, 0, bytes.length);
      }
      to.pad();
    } else if (selection != null) {
      selected(to, c, selection, rows);
    } else if (c instanceof IntColumn i) {
      to.ints(i.values(), rows);
    } else if (c instanceof LongColumn l) {
      to.longs(l.values(), rows);
    } else if (c instanceof DoubleColumn d) {
      to.doubles(d.values(), rows);
    } else {
      to.longs(((PairColumn) c).values(), 2 * rows);
    }
  }

  private static void selected(BlockWriter to, FlatColumn c, int[] selection, int rows) {
    if (c instanceof IntColumn i) {
      to.ints(i.values(), selection, rows);
    } else if (c instanceof LongColumn l) {
      to.longs(l.values(), selection, rows);
    } else if (c instanceof DoubleColumn d) {
      to.doubles(d.values(), selection, rows);
    } else {
      to.pairs(((PairColumn) c).values(), selection, rows);
    }
  }

  private static void bytes(BlockWriter to, BytesColumn c, int @Nullable [] selection, int rows) {
    int[] offsets = c.offsets();
    byte[] slab = c.slab();
    if (selection == null) {
      to.offsets(offsets, rows);
      to.bytes(slab, offsets[0], offsets[rows] - offsets[0]);
    } else {
      to.offsets(offsets, selection, rows);
      for (int i = 0; i < rows; i++) {
        int p = selection[i];
        to.bytes(slab, offsets[p], offsets[p + 1] - offsets[p]);
      }
    }
    to.pad();
  }

  /** Reads what {@link #write} wrote; bytes that are no such thing are an unchecked exception. */
  static Batch read(BlockReader from, int rows) {
    long count = from.get();
    if (count < 0 || count > Short.MAX_VALUE) {
      throw new IllegalStateException("so many columns: " + count);
    }
    Column[] out = new Column[(int) count];
    for (int c = 0; c < out.length; c++) {
      long head = from.get();
      DataType type =
          new DataType(KINDS[(int) (head & 0xff)], (byte) (head >> 8), (byte) (head >> 16));
      long[] nulls = (head >> 24 & 1) == 0 ? null : from.longs(Bits.words(rows));
      out[c] = column(from, type, nulls, rows, (int) (head >>> 32));
    }
    if (!from.isAtEnd()) {
      throw new IllegalStateException("more bytes than its columns need");
    }
    return Batch.of(rows, out);
  }

  private static Column column(
      BlockReader from, DataType type, long @Nullable [] nulls, int rows, int slab) {
    return switch (type.layout()) {
      case BITS -> new BitColumn(type, from.longs(Bits.words(rows)), nulls, rows);
      case INTS -> new IntColumn(type, from.ints(rows), nulls, rows);
      case LONGS -> new LongColumn(type, from.longs(rows), nulls, rows);
      case DOUBLES -> new DoubleColumn(type, from.doubles(rows), nulls, rows);
      case PAIRS -> new PairColumn(type, from.longs(2 * rows), nulls, rows);
      case BYTES, OBJECTS -> {
        int[] offsets = from.ints(rows + 1);
        if (offsets[rows] != slab) {
          throw new IllegalStateException("offsets end at " + offsets[rows] + ", not " + slab);
        }
        byte[] bytes = from.bytes(slab);
        yield type.layout() == Layout.OBJECTS
            ? objects(type, bytes, offsets, nulls, rows)
            : new BytesColumn(type, bytes, offsets, nulls, rows);
      }
    };
  }
}
