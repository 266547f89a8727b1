package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers rows that lie in several blocks of flat columns into one batch.
 *
 * <pre>
 * slots  2 0 2 1 ...    which block
 * places 5 9 6 0 ...    which row of it
 * </pre>
 *
 * <p>Used by one thread at a time.
 */
final class Interleave {
  private final DataType[] types;
  private final @Nullable FlatColumn[][] columns;

  /**
   * @param types of the columns of the blocks
   * @param slots how many blocks there can be at once
   */
  Interleave(DataType[] types, int slots) {
    this.types = types;
    this.columns = new FlatColumn[types.length][slots];
  }

  /** Sets the block of a slot. */
  void put(int slot, Column[] block) {
    for (int c = 0; c < types.length; c++) {
      columns[c][slot] = (FlatColumn) block[c];
    }
  }

  /** Forgets the block of a slot. */
  void clear(int slot) {
    for (@Nullable FlatColumn[] column : columns) {
      column[slot] = null;
    }
  }

  /** How many of the rows, at least one if there are any, have at most so many bytes together. */
  int fitting(int[] slots, int[] places, int from, int to, long mostBytes) {
    long fixed = 0;
    for (DataType type : types) {
      fixed +=
          switch (type.layout()) {
            case BITS -> 1;
            case INTS, BYTES -> 5;
            case LONGS, DOUBLES, OBJECTS -> 9;
            case PAIRS -> 17;
          };
    }
    long[] sizes = new long[to - from];
    Arrays.fill(sizes, fixed);
    for (int c = 0; c < types.length; c++) {
      if (types[c].layout() == Layout.BYTES) {
        int[][] offsets = offsets(columns[c]);
        for (int i = from; i < to; i++) {
          int[] o = offsets[slots[i]];
          sizes[i - from] += o[places[i] + 1] - o[places[i]];
        }
      }
    }
    long sum = 0;
    for (int i = 0; i < sizes.length; i++) {
      sum += sizes[i];
      if (sum > mostBytes) {
        return Math.max(1, i);
      }
    }
    return sizes.length;
  }

  /** The first columns, as many as asked for, of rows {@code from} until {@code to}. */
  Batch gather(int width, int[] slots, int[] places, int from, int to) {
    Column[] out = new Column[width];
    for (int c = 0; c < width; c++) {
      out[c] = gather(types[c], columns[c], slots, places, from, to);
    }
    return Batch.of(to - from, out);
  }

  private static Column gather(
      DataType type, @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int to) {
    long[] nulls = nulls(in, slots, places, from, to);
    int n = to - from;
    return switch (type.layout()) {
      case BITS -> new BitColumn(type, bits(in, slots, places, from, n), nulls, n);
      case INTS -> new IntColumn(type, ints(in, slots, places, from, n), nulls, n);
      case LONGS -> new LongColumn(type, longs(in, slots, places, from, n), nulls, n);
      case DOUBLES -> new DoubleColumn(type, doubles(in, slots, places, from, n), nulls, n);
      case PAIRS -> new PairColumn(type, pairs(in, slots, places, from, n), nulls, n);
      case BYTES -> bytes(type, in, slots, places, from, n, nulls);
      case OBJECTS -> new ObjectColumn(type, objects(in, slots, places, from, n), nulls, n);
    };
  }

  private static long @Nullable [] nulls(
      @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int to) {
    long[][] words = new long[in.length][];
    boolean any = false;
    for (int s = 0; s < in.length; s++) {
      FlatColumn column = in[s];
      if (column != null && column.nulls() != null) {
        words[s] = column.nulls();
        any = true;
      }
    }
    if (!any) {
      return null;
    }
    long[] out = null;
    for (int i = from; i < to; i++) {
      long[] w = words[slots[i]];
      if (w != null && Bits.get(w, places[i])) {
        if (out == null) {
          out = new long[Bits.words(to - from)];
        }
        Bits.set(out, i - from);
      }
    }
    return out;
  }

  private static long[] bits(
      @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int n) {
    long[][] words = new long[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof BitColumn c) {
        words[s] = c.words();
      }
    }
    long[] out = new long[Bits.words(n)];
    for (int i = 0; i < n; i++) {
      if (Bits.get(words[slots[from + i]], places[from + i])) {
        Bits.set(out, i);
      }
    }
    return out;
  }

  private static int[] ints(@Nullable FlatColumn[] in, int[] slots, int[] places, int from, int n) {
    int[][] values = new int[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof IntColumn c) {
        values[s] = c.values();
      }
    }
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      out[i] = values[slots[from + i]][places[from + i]];
    }
    return out;
  }

  private static long[] longs(
      @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int n) {
    long[][] values = new long[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof LongColumn c) {
        values[s] = c.values();
      }
    }
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      out[i] = values[slots[from + i]][places[from + i]];
    }
    return out;
  }

  private static double[] doubles(
      @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int n) {
    double[][] values = new double[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof DoubleColumn c) {
        values[s] = c.values();
      }
    }
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = values[slots[from + i]][places[from + i]];
    }
    return out;
  }

  private static long[] pairs(
      @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int n) {
    long[][] values = new long[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof PairColumn c) {
        values[s] = c.values();
      }
    }
    long[] out = new long[2 * n];
    for (int i = 0; i < n; i++) {
      long[] v = values[slots[from + i]];
      int p = places[from + i];
      out[2 * i] = v[2 * p];
      out[2 * i + 1] = v[2 * p + 1];
    }
    return out;
  }

  private static int[][] offsets(@Nullable FlatColumn[] in) {
    int[][] offsets = new int[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof BytesColumn c) {
        offsets[s] = c.offsets();
      }
    }
    return offsets;
  }

  private static BytesColumn bytes(
      DataType type,
      @Nullable FlatColumn[] in,
      int[] slots,
      int[] places,
      int from,
      int n,
      long @Nullable [] nulls) {
    int[][] offsets = offsets(in);
    byte[][] slabs = new byte[in.length][];
    for (int s = 0; s < in.length; s++) {
      if (in[s] instanceof BytesColumn c) {
        slabs[s] = c.slab();
      }
    }
    int[] out = new int[n + 1];
    int[] starts = new int[n];
    long total = 0;
    for (int i = 0; i < n; i++) {
      int[] o = offsets[slots[from + i]];
      int p = places[from + i];
      int start = o[p];
      starts[i] = start;
      total += o[p + 1] - start;
      out[i + 1] = (int) Math.min(total, Integer.MAX_VALUE);
    }
    if (total > Integer.MAX_VALUE - 16) {
      throw PenstockException.limit(
          "batch-too-wide", "strings of one batch hold " + total + " bytes; at most 2 GiB fit");
    }
    byte[] slab = new byte[(int) total];
    for (int i = 0; i < n; i++) {
      int at = out[i];
      int size = out[i + 1] - at;
      byte[] source = slabs[slots[from + i]];
      int start = starts[i];
      if (size <= 16) {
        for (int k = 0; k < size; k++) {
          slab[at + k] = source[start + k];
        }
      } else {
        System.arraycopy(source, start, slab, at, size);
      }
    }
    return new BytesColumn(type, slab, out, nulls, n);
  }

  private static @Nullable Object[] objects(
      @Nullable FlatColumn[] in, int[] slots, int[] places, int from, int n) {
    @Nullable Object[] out = new Object[n];
    for (int i = 0; i < n; i++) {
      if (in[slots[from + i]] instanceof ObjectColumn c) {
        out[i] = c.values()[places[from + i]];
      }
    }
    return out;
  }
}
