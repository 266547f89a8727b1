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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Equality of pairs of rows, a column at a time: each call narrows a list of candidate pairs to
 * those whose values in one column are equal.
 *
 * <pre>
 * pair k = (position aAt[k] of column a, position bAt[k] of column b)
 * candidates [0, 1, 2, 5]  --narrow-->  [1, 5]
 * </pre>
 *
 * <p>Both columns are of one type. -0.0 equals 0.0 and NaN equals NaN; intervals of one length are
 * equal (a month is thirty days). Order of the candidates is kept.
 */
public final class Equality {
  private Equality() {}

  /**
   * Keeps the candidates whose values are equal, and returns how many.
   *
   * @param candidates indexes into aAt and bAt; the first count are read
   * @param nullSafe true: null equals null (IS NOT DISTINCT FROM); false: a null equals nothing
   * @param out at least count long; may be the array of candidates
   */
  public static int narrow(
      Column a,
      int[] aAt,
      Column b,
      int[] bAt,
      int[] candidates,
      int count,
      boolean nullSafe,
      int[] out) {
    if (count == 0) {
      return 0;
    }
    int[] aFlatAt = flatPositions(a, aAt, candidates, count);
    int[] bFlatAt = flatPositions(b, bAt, candidates, count);
    FlatColumn x = values(a);
    FlatColumn y = values(b);
    if (!a.mayHaveNulls() && !b.mayHaveNulls()) {
      return compare(x, aFlatAt, y, bFlatAt, candidates, count, out);
    }
    if (!nullSafe) {
      int n = present(x.nulls(), aFlatAt, y.nulls(), bFlatAt, candidates, count, out);
      return compare(x, aFlatAt, y, bFlatAt, out, n, out);
    }
    return narrowNullSafe(x, aFlatAt, y, bFlatAt, candidates, count, out);
  }

  private static FlatColumn values(Column c) {
    if (c instanceof DictionaryColumn d) {
      return d.dictionary();
    }
    return c instanceof ConstantColumn k ? k.single() : (FlatColumn) c;
  }

  /** Positions in {@link #values} of a column, at the candidates' indexes; negative is null. */
  private static int[] flatPositions(Column c, int[] at, int[] candidates, int count) {
    if (c instanceof DictionaryColumn d) {
      int[] ids = d.ids();
      int[] out = new int[at.length];
      for (int i = 0; i < count; i++) {
        int k = candidates[i];
        out[k] = ids[at[k]];
      }
      return out;
    }
    return c instanceof ConstantColumn ? new int[at.length] : at;
  }

  private static boolean isNull(long @Nullable [] nulls, int position) {
    return position < 0 || (nulls != null && Bits.get(nulls, position));
  }

  /** Keeps the candidates that are null on neither side. */
  private static int present(
      long @Nullable [] xNulls,
      int[] xAt,
      long @Nullable [] yNulls,
      int[] yAt,
      int[] candidates,
      int count,
      int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      if (!isNull(xNulls, xAt[k]) && !isNull(yNulls, yAt[k])) {
        out[n++] = k;
      }
    }
    return n;
  }

  private static int narrowNullSafe(
      FlatColumn x, int[] xAt, FlatColumn y, int[] yAt, int[] candidates, int count, int[] out) {
    int[] present = new int[count];
    int n = present(x.nulls(), xAt, y.nulls(), yAt, candidates, count, present);
    n = compare(x, xAt, y, yAt, present, n, present);
    // Survivors are a subsequence of the candidates: walk both, and let pairs of nulls in between.
    int kept = 0;
    int next = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      if (next < n && present[next] == k) {
        next++;
        out[kept++] = k;
      } else if (isNull(x.nulls(), xAt[k]) && isNull(y.nulls(), yAt[k])) {
        out[kept++] = k;
      }
    }
    return kept;
  }

  private static int compare(
      FlatColumn a, int[] aAt, FlatColumn b, int[] bAt, int[] candidates, int count, int[] out) {
    if (a instanceof IntColumn x) {
      return ints(x.values(), aAt, ((IntColumn) b).values(), bAt, candidates, count, out);
    } else if (a instanceof LongColumn x) {
      return longs(x.values(), aAt, ((LongColumn) b).values(), bAt, candidates, count, out);
    } else if (a instanceof BytesColumn x) {
      return bytes(x, aAt, (BytesColumn) b, bAt, candidates, count, out);
    } else if (a instanceof DoubleColumn x) {
      return doubles(x.values(), aAt, ((DoubleColumn) b).values(), bAt, candidates, count, out);
    } else if (a instanceof PairColumn x && a.type().kind() == Kind.INTERVAL) {
      long[] y = ((PairColumn) b).values();
      return intervals(x.values(), aAt, y, bAt, candidates, count, out);
    } else if (a instanceof PairColumn x) {
      return pairs(x.values(), aAt, ((PairColumn) b).values(), bAt, candidates, count, out);
    } else if (a instanceof BitColumn x) {
      return bits(x.words(), aAt, ((BitColumn) b).words(), bAt, candidates, count, out);
    }
    return objects(
        ((ObjectColumn) a).values(), aAt, ((ObjectColumn) b).values(), bAt, candidates, count, out);
  }

  private static int ints(
      int[] a, int[] aAt, int[] b, int[] bAt, int[] candidates, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      int d = a[aAt[k]] ^ b[bAt[k]];
      out[n] = k;
      // Sign-bit arithmetic: 1 when d is zero, without a branch.
      n += ((d | -d) >>> 31) ^ 1;
    }
    return n;
  }

  private static int longs(
      long[] a, int[] aAt, long[] b, int[] bAt, int[] candidates, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      long d = a[aAt[k]] ^ b[bAt[k]];
      out[n] = k;
      n += (int) ((d | -d) >>> 63) ^ 1;
    }
    return n;
  }

  private static int doubles(
      double[] a, int[] aAt, double[] b, int[] bAt, int[] candidates, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      double x = a[aAt[k]];
      double y = b[bAt[k]];
      if (x == y || (Double.isNaN(x) && Double.isNaN(y))) {
        out[n++] = k;
      }
    }
    return n;
  }

  private static int pairs(
      long[] a, int[] aAt, long[] b, int[] bAt, int[] candidates, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      int p = 2 * aAt[k];
      int q = 2 * bAt[k];
      long d = (a[p] ^ b[q]) | (a[p + 1] ^ b[q + 1]);
      out[n] = k;
      n += (int) ((d | -d) >>> 63) ^ 1;
    }
    return n;
  }

  private static int intervals(
      long[] a, int[] aAt, long[] b, int[] bAt, int[] candidates, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      int p = 2 * aAt[k];
      int q = 2 * bAt[k];
      if (Ordering.compareIntervals(a[p], a[p + 1], b[q], b[q + 1]) == 0) {
        out[n++] = k;
      }
    }
    return n;
  }

  private static int bits(
      long[] a, int[] aAt, long[] b, int[] bAt, int[] candidates, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      int p = aAt[k];
      int q = bAt[k];
      out[n] = k;
      n += (int) ((a[p >> 6] >>> p ^ b[q >> 6] >>> q) & 1) ^ 1;
    }
    return n;
  }

  private static int bytes(
      BytesColumn a, int[] aAt, BytesColumn b, int[] bAt, int[] candidates, int count, int[] out) {
    byte[] x = a.slab();
    byte[] y = b.slab();
    int[] xOffsets = a.offsets();
    int[] yOffsets = b.offsets();
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      int p = xOffsets[aAt[k]];
      int q = yOffsets[bAt[k]];
      int size = xOffsets[aAt[k] + 1] - p;
      if (size == yOffsets[bAt[k] + 1] - q
          && ((x == y && p == q) || ByteRanges.equal(x, p, y, q, size))) {
        out[n++] = k;
      }
    }
    return n;
  }

  private static int objects(
      @Nullable Object[] a,
      int[] aAt,
      @Nullable Object[] b,
      int[] bAt,
      int[] candidates,
      int count,
      int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int k = candidates[i];
      if (Objects.equals(a[aAt[k]], b[bAt[k]])) {
        out[n++] = k;
      }
    }
    return n;
  }
}
