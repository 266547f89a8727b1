package dev.penstock.nodes.sort;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Ordering;

/**
 * A key of a row as an unsigned 64-bit number that sorts as the key does: if prefixes differ, they
 * decide.
 *
 * <pre>
 * bit 63     1 = comes after the values (a null, nulls last), or the values themselves when nulls come first
 * bits 62-0  the value as an ordered unsigned number of 63 bits, inverted when descending: a prefix of longer ones, and integers beyond
 *            62 bits clipped
 * </pre>
 */
final class KeyPrefix {
  /**
   * Where the second prefix of a string begins: at the byte of which the first one has seven bits
   * only.
   */
  static final int CONTINUED = 7;

  private static final long CLIP = (1L << 62) - 1;

  private final SortKey key;
  private final DataType type;
  private final int skip;
  private boolean clipped;

  /**
   * @param skip bytes of a string to leave out at the beginning
   */
  KeyPrefix(SortKey key, int skip) {
    this.key = key;
    this.type = key.expr().type();
    this.skip = skip;
  }

  KeyPrefix(SortKey key) {
    this(key, 0);
  }

  /** Whether equal prefixes, of those that were computed, mean equal keys. */
  boolean exact() {
    return switch (type.layout()) {
      case BITS, INTS -> true;
      case LONGS -> !clipped;
      default -> false;
    };
  }

  /** Prefixes of the first n positions. */
  void compute(Column column, int n, long[] out, int at) {
    FlatColumn flat = column.flat(null, n);
    ordered(flat, n, out, at);
    long invert = key.descending() ? -1L >>> 1 : 0;
    long valueBit = key.nullsFirst() ? Long.MIN_VALUE : 0;
    for (int i = 0; i < n; i++) {
      out[at + i] = (out[at + i] >>> 1 ^ invert) | valueBit;
    }
    if (flat.mayHaveNulls()) {
      long nullPrefix = key.nullsFirst() ? 0 : -1L;
      for (int i = 0; i < n; i++) {
        if (flat.isNull(i)) {
          out[at + i] = nullPrefix;
        }
      }
    }
  }

  private void ordered(FlatColumn flat, int n, long[] out, int at) {
    if (flat instanceof IntColumn c) {
      int[] v = c.values();
      for (int i = 0; i < n; i++) {
        out[at + i] = ((long) v[i] << 32) ^ Long.MIN_VALUE;
      }
    } else if (flat instanceof LongColumn c) {
      longs(c.values(), n, out, at);
    } else if (flat instanceof DoubleColumn c) {
      double[] v = c.values();
      for (int i = 0; i < n; i++) {
        out[at + i] = Ordering.doubleKey(v[i]) ^ Long.MIN_VALUE;
      }
    } else if (flat instanceof BitColumn c) {
      for (int i = 0; i < n; i++) {
        out[at + i] = c.get(i) ? Long.MIN_VALUE : 0;
      }
    } else if (flat instanceof PairColumn c) {
      pairs(c, n, out, at);
    } else if (flat instanceof BytesColumn c) {
      bytes(c, n, out, at);
    } else {
      java.util.Arrays.fill(out, at, at + n, 0);
    }
  }

  private void longs(long[] v, int n, long[] out, int at) {
    boolean any = false;
    for (int i = 0; i < n; i++) {
      long fits = Math.max(-CLIP, Math.min(CLIP, v[i]));
      any |= fits != v[i];
      out[at + i] = (fits << 1) ^ Long.MIN_VALUE;
    }
    clipped |= any;
  }

  private void pairs(PairColumn c, int n, long[] out, int at) {
    for (int i = 0; i < n; i++) {
      long high = c.high(i);
      long low = c.low(i);
      if (type.kind() == Kind.UUID) {
        out[at + i] = high;
      } else if (type.kind() == Kind.INTERVAL) {
        out[at + i] = 0; // their order is not that of their words: the comparison decides
      } else {
        // A decimal: most fit 64 bits; the others all come before or after these.
        out[at + i] = high == low >> 63 ? low ^ Long.MIN_VALUE : high < 0 ? 0 : -1L;
      }
    }
  }

  private void bytes(BytesColumn c, int n, long[] out, int at) {
    byte[] slab = c.slab();
    for (int i = 0; i < n; i++) {
      int start = c.start(i) + skip;
      int size = Math.min(8, c.size(i) - skip);
      long p = 0;
      for (int k = 0; k < size; k++) {
        p |= (slab[start + k] & 0xFFL) << (56 - 8 * k);
      }
      out[at + i] = p;
    }
  }
}
