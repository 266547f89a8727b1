package dev.penstock.nodes.keyfilter;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link KeyFilter} of one key of a build side, when the number of rows and the range of
 * the key are known.
 *
 * <pre>
 * integers of a known range   a bitmap, if the range is not much larger than the number of rows
 * up to 4096 rows             a list
 * more rows                   a bloom filter; when that would be too large, the range alone
 * </pre>
 *
 * Where memory does not suffice there is only the range.
 *
 * <p>Concurrency: any number of threads add, disjoint rows; one builds, after all of them.
 */
public final class KeyFilterBuilder {
  /** A bitmap may have so many bits a row, or so many in any case, but never more than the last. */
  private static final long BITMAP_BITS_PER_ROW = 64;

  private static final long SMALL_BITMAP_BITS = 1L << 16;
  private static final long MAX_BITMAP_BITS = 1L << 26;

  /** The least and the greatest value of an integer-like key; empty when least &gt; greatest. */
  public record Range(long least, long greatest) {}

  private final @Nullable Range range;
  private final boolean nullSafe;
  private final long rows;
  private final @Nullable KeySet set;
  private volatile boolean sawNull;

  /**
   * @param type of the key column that is added
   * @param rows that will be added, at most
   * @param range of the values if they are integer-like and it is known
   * @param nullSafe null is equal to null
   */
  public KeyFilterBuilder(
      DataType type, long rows, @Nullable Range range, boolean nullSafe, Reservation memory) {
    Layout layout = type.layout();
    this.range = layout == Layout.INTS || layout == Layout.LONGS ? range : null;
    this.nullSafe = nullSafe;
    this.rows = this.range != null && this.range.least() > this.range.greatest() ? 0 : rows;
    this.set = this.rows == 0 ? null : choose(memory);
  }

  private @Nullable KeySet choose(Reservation memory) {
    Range r = range;
    if (r != null) {
      long size = r.greatest() - r.least() + 1;
      long most =
          Math.min(MAX_BITMAP_BITS, Math.max(SMALL_BITMAP_BITS, rows * BITMAP_BITS_PER_ROW));
      if (size > 0 && size <= most && memory.tryGrow(KeySet.bitmapBytes(DenseKeys.longs(size)))) {
        return new DenseKeys(r.least(), size);
      }
    }
    if (rows <= FewKeys.MOST) {
      return memory.tryGrow(FewKeys.bytes((int) rows)) ? new FewKeys((int) rows) : null;
    }
    return BloomKeys.fits(rows) && memory.tryGrow(KeySet.bitmapBytes(BloomKeys.longs(rows)))
        ? new BloomKeys(rows)
        : null;
  }

  /** Adds the keys of rows 0 until count of a column. */
  public void add(Column keys, int count) {
    int[] at = Positions.identity(count);
    int n = count;
    if (keys.mayHaveNulls()) {
      at = new int[count];
      n = 0;
      for (int i = 0; i < count; i++) {
        at[n] = i;
        n += keys.isNull(i) ? 0 : 1;
      }
      if (n < count && nullSafe) {
        sawNull = true;
      }
    }
    KeySet into = set;
    if (into == null || n == 0) {
      return;
    }
    long[] words = new long[n];
    if (range == null) {
      Hashes.hash(keys, at, n, words);
    } else {
      words(keys.flat(at, n), at, n, words);
    }
    into.add(words, n);
  }

  /** The values of an integer-like column at some positions. */
  static void words(FlatColumn column, int[] at, int count, long[] out) {
    if (column instanceof LongColumn c) {
      long[] values = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = values[at[i]];
      }
    } else {
      int[] values = ((IntColumn) column).values();
      for (int i = 0; i < count; i++) {
        out[i] = values[at[i]];
      }
    }
  }

  /** The filter; once, when all rows have been added. */
  public KeyFilter build() {
    if (rows == 0) {
      return KeyFilter.ofNothing(sawNull);
    }
    if (set != null) {
      set.seal();
    }
    return range == null
        ? KeyFilter.ofHashes(set, sawNull)
        : KeyFilter.ofIntegers(range.least(), range.greatest(), set, sawNull);
  }
}
