package dev.penstock.batch.kernel;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.Positions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * 64-bit hashes of column values. Equal values of one type hash equally, whatever class of column
 * holds them: -0.0 as 0.0, every NaN as one NaN, an interval by its length, every null as {@link
 * #NULL}. All 64 bits are mixed: tables may take slots from the low bits and tags from the high
 * ones.
 */
public final class Hashes {
  /** The hash of a null. */
  public static final long NULL = 0x6A09_E667_F3BC_C908L;

  private static final long M1 = 0x9E37_79B9_7F4A_7C15L;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long M2 = 0xD6E8_FEB8_6659_FD93L;

  private Hashes() {}

  /** The hash of one integer-like value. */
  public static long of(long value) {
    long h = value * M1;
    h = (h ^ h >>> 32) * M2;
    return h ^ h >>> 29;
  }

  /** The hash of a row from the hash of its first columns and the hash of the next one. */
  public static long combine(long first, long next) {
    long h = (Long.rotateLeft(first, 27) ^ next) * M1;
    return h ^ h >>> 32;
  }

  /**
   * Writes {@code out[i]} = hash of the value at {@code positions[i]}, for i from 0 until count.
   *
   * @param positions null for 0 until count
   */
  public static void hash(Column column, int @Nullable [] positions, int count, long[] out) {
    if (count == 0) {
      return;
    }
    int[] at = positions == null ? Positions.identity(count) : positions;
    if (column instanceof DictionaryColumn d) {
      hashDictionary(d, at, count, out);
    } else if (column instanceof ConstantColumn c) {
      hashFlat(c.single(), Positions.identity(1), 1, out);
      Arrays.fill(out, 0, count, out[0]);
    } else {
      hashFlat((FlatColumn) column, at, count, out);
    }
  }

  /**
   * Combines the hash of a further column into {@code out}.
   *
   * @param scratch at least count long; overwritten
   */
  public static void combine(
      Column column, int @Nullable [] positions, int count, long[] scratch, long[] out) {
    hash(column, positions, count, scratch);
    for (int i = 0; i < count; i++) {
      long h = (Long.rotateLeft(out[i], 27) ^ scratch[i]) * M1;
      out[i] = h ^ h >>> 32;
    }
  }

  /** Hashes rows of several columns; of no columns every row hashes to 0. */
  public static void hash(Column[] columns, int @Nullable [] positions, int count, long[] out) {
    if (columns.length == 0) {
      Arrays.fill(out, 0, count, 0);
      return;
    }
    hash(columns[0], positions, count, out);
    if (columns.length > 1) {
      long[] scratch = new long[count];
      for (int c = 1; c < columns.length; c++) {
        combine(columns[c], positions, count, scratch, out);
      }
    }
  }

  private static void hashDictionary(DictionaryColumn d, int[] at, int count, long[] out) {
    int[] ids = d.ids();
    FlatColumn values = d.dictionary();
    int size = values.length();
    if (size <= count) {
      long[] hashes = new long[size];
      hashFlat(values, Positions.identity(size), size, hashes);
      for (int i = 0; i < count; i++) {
        int id = ids[at[i]];
        out[i] = id < 0 ? NULL : hashes[id];
      }
      return;
    }
    int[] mapped = new int[count];
    int all = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[at[i]];
      all |= id;
      mapped[i] = Math.max(id, 0);
    }
    hashFlat(values, mapped, count, out);
    if (all < 0) {
      for (int i = 0; i < count; i++) {
        if (ids[at[i]] < 0) {
          out[i] = NULL;
        }
      }
    }
  }

  private static void hashFlat(FlatColumn column, int[] at, int count, long[] out) {
    if (column instanceof IntColumn c) {
      hashInts(c.values(), at, count, out);
    } else if (column instanceof LongColumn c) {
      hashLongs(c.values(), at, count, out);
    } else if (column instanceof DoubleColumn c) {
      hashDoubles(c.values(), at, count, out);
    } else if (column instanceof PairColumn c) {
      if (c.type().kind() == Kind.INTERVAL) {
        hashIntervals(c.values(), at, count, out);
      } else {
        hashPairs(c.values(), at, count, out);
      }
    } else if (column instanceof BytesColumn c) {
      hashBytes(c.slab(), c.offsets(), at, count, out);
    } else if (column instanceof BitColumn c) {
      hashBits(c.words(), at, count, out);
    } else if (column instanceof ObjectColumn c) {
      hashObjects(c.values(), at, count, out);
    }
    long[] nulls = column.nulls();
    if (nulls != null) {
      for (int i = 0; i < count; i++) {
        if (Bits.get(nulls, at[i])) {
          out[i] = NULL;
        }
      }
    }
  }

  private static void hashInts(int[] values, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      long h = values[at[i]] * M1;
      h = (h ^ h >>> 32) * M2;
      out[i] = h ^ h >>> 29;
    }
  }

  private static void hashLongs(long[] values, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      long h = values[at[i]] * M1;
      h = (h ^ h >>> 32) * M2;
      out[i] = h ^ h >>> 29;
    }
  }

  private static void hashDoubles(double[] values, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      // + 0.0 turns -0.0 into 0.0; doubleToLongBits knows one NaN only.
      out[i] = of(Double.doubleToLongBits(values[at[i]] + 0.0));
    }
  }

  private static void hashPairs(long[] values, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      int p = 2 * at[i];
      out[i] = combine(of(values[p]), of(values[p + 1]));
    }
  }

  /** A month is thirty days, as in {@link Ordering#compareIntervals}. */
  private static void hashIntervals(long[] values, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      long high = values[2 * at[i]];
      long micros = values[2 * at[i] + 1];
      long days = (high >> 32) * 30 + (int) high + Math.floorDiv(micros, MICROS_PER_DAY);
      out[i] = combine(of(days), of(Math.floorMod(micros, MICROS_PER_DAY)));
    }
  }

  private static void hashBits(long[] words, int[] at, int count, long[] out) {
    long no = of(0);
    long yes = of(1);
    for (int i = 0; i < count; i++) {
      out[i] = Bits.get(words, at[i]) ? yes : no;
    }
  }

  private static void hashObjects(@Nullable Object[] values, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      Object v = values[at[i]];
      out[i] = v == null ? NULL : of(v.hashCode());
    }
  }

  private static void hashBytes(byte[] slab, int[] offsets, int[] at, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      int p = at[i];
      int start = offsets[p];
      int size = offsets[p + 1] - start;
      long h = size * M2;
      int k = 0;
      for (; k + 8 <= size; k += 8) {
        h = (h ^ ByteRanges.word(slab, start + k)) * M1;
        h ^= h >>> 32;
      }
      if (k < size) {
        h = (h ^ ByteRanges.tail(slab, start + k, size - k)) * M1;
        h ^= h >>> 32;
      }
      h *= M2;
      out[i] = h ^ h >>> 29;
    }
  }
}
