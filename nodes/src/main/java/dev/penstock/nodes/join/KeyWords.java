package dev.penstock.nodes.join;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Hashes;
import org.jspecify.annotations.Nullable;

/**
 * How the key of a row becomes one 64-bit word, by which the table finds it. Made when all build
 * rows are known.
 *
 * <pre>
 * RAW     the one integer key itself                                           equal words = equal keys
 * PACKED  sum of (key - least key on the build side) &lt;&lt; shift; a null-safe    equal words = equal keys
 *         key counts from 1, and 0 is null
 * HASH    a hash of all keys                                                   candidates are to be compared
 * </pre>
 */
final class KeyWords {
  private enum Mode {
    RAW,
    PACKED,
    HASH
  }

  private final Mode mode;
  private final boolean[] nullSafe;
  private final long[] least;
  private final long[] codes;
  private final int[] shifts;
  private final int bits;

  private KeyWords(
      Mode mode, boolean[] nullSafe, long[] least, long[] codes, int[] shifts, int bits) {
    this.mode = mode;
    this.nullSafe = nullSafe;
    this.least = least;
    this.codes = codes;
    this.shifts = shifts;
    this.bits = bits;
  }

  /**
   * Chooses.
   *
   * @param ranges least and greatest value of each key on the build side, for integer keys; else
   *     null
   */
  static KeyWords choose(boolean[] nullSafe, @Nullable KeyRanges ranges) {
    int n = nullSafe.length;
    long[] none = {};
    if (ranges == null) {
      return new KeyWords(Mode.HASH, nullSafe, none, none, new int[0], 64);
    }
    if (n == 1 && !nullSafe[0]) {
      return new KeyWords(Mode.RAW, nullSafe, none, none, new int[0], 64);
    }
    long[] least = new long[n];
    long[] codes = new long[n];
    int[] shifts = new int[n];
    int bits = 0;
    for (int k = 0; k < n; k++) {
      least[k] = ranges.least(k);
      long width = ranges.isEmpty(k) ? 0 : ranges.greatest(k) - least[k];
      if (width < 0 || width > Long.MAX_VALUE - 2) {
        bits = 65;
        break;
      }
      codes[k] = nullSafe[k] ? width + 1 : width;
      shifts[k] = bits;
      bits += 64 - Long.numberOfLeadingZeros(codes[k]);
      if (bits > 64) {
        break;
      }
    }
    return bits > 64
        ? new KeyWords(Mode.HASH, nullSafe, none, none, new int[0], 64)
        : new KeyWords(Mode.PACKED, nullSafe, least, codes, shifts, bits);
  }

  /** Equal words do not yet mean equal keys. */
  boolean areHashes() {
    return mode == Mode.HASH;
  }

  /** The word is the key. */
  boolean areKeys() {
    return mode == Mode.RAW;
  }

  /** Words are below 2 to the power of this, as unsigned numbers; 64 if nothing is known. */
  int bits() {
    return bits;
  }

  /**
   * Makes the words of the rows that can have a match at all.
   *
   * @param positions of the rows
   * @param at the positions that can have a match come out here, in their order; at least count
   *     long
   * @param words their words; at least count long
   * @return how many
   */
  int of(Column[] keys, int[] positions, int count, int[] at, long[] words) {
    return switch (mode) {
      case RAW -> raw((LongColumn) keys[0], positions, count, at, words);
      case PACKED -> packed(keys, positions, count, at, words);
      case HASH -> hashed(keys, positions, count, at, words);
    };
  }

  private static int raw(LongColumn key, int[] positions, int count, int[] at, long[] words) {
    long[] values = key.values();
    long[] nulls = key.nulls();
    if (nulls == null) {
      for (int i = 0; i < count; i++) {
        int p = positions[i];
        at[i] = p;
        words[i] = values[p];
      }
      return count;
    }
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      at[n] = p;
      words[n] = values[p];
      n += (int) (nulls[p >> 6] >>> p & 1) ^ 1;
    }
    return n;
  }

  private int packed(Column[] keys, int[] positions, int count, int[] at, long[] words) {
    System.arraycopy(positions, 0, at, 0, count);
    java.util.Arrays.fill(words, 0, count, 0);
    int n = count;
    for (int k = 0; k < keys.length; k++) {
      LongColumn key = (LongColumn) keys[k];
      long[] values = key.values();
      long[] nulls = key.nulls();
      long min = least[k];
      long most = codes[k];
      int shift = shifts[k];
      boolean safe = nullSafe[k];
      int m = 0;
      for (int i = 0; i < n; i++) {
        int p = at[i];
        long code = values[p] - min;
        if (nulls != null && Bits.get(nulls, p)) {
          if (!safe) {
            continue;
          }
          code = 0;
        } else if (safe) {
          // Out of range stays out of range: -1 + 1 must not become the code of null.
          code = Long.compareUnsigned(code, most - 1) > 0 ? -1 : code + 1;
        }
        at[m] = p;
        words[m] = words[i] | code << shift;
        // A code from outside the range matches nothing; the next write goes over it.
        m += Long.compareUnsigned(code, most) > 0 ? 0 : 1;
      }
      n = m;
    }
    return n;
  }

  private int hashed(Column[] keys, int[] positions, int count, int[] at, long[] words) {
    System.arraycopy(positions, 0, at, 0, count);
    int n = count;
    for (int k = 0; k < keys.length; k++) {
      Column key = keys[k];
      if (!nullSafe[k] && key.mayHaveNulls()) {
        int m = 0;
        for (int i = 0; i < n; i++) {
          int p = at[i];
          at[m] = p;
          m += key.isNull(p) ? 0 : 1;
        }
        n = m;
      }
    }
    Hashes.hash(keys, at, n, words);
    return n;
  }
}
