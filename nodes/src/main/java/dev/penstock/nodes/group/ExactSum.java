package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * Exact sums of integers and decimals, and their averages. The order of rows does not matter:
 * nothing overflows on the way, only the final sum is checked.
 *
 * <pre>
 * a group:  limb 0            limb 1            limb 2            limb 3
 *           sum of bits 0-31  sum of bits 32-63 sum of bits 64-95 sum of bits 96-127     (2 and 3 for 128-bit values only)
 * sum = limb0 + limb1 * 2^32 + limb2 * 2^64 + limb3 * 2^96
 * </pre>
 *
 * <p>The last limb of a value is signed, the others are not, so a row costs an addition a limb and
 * no carry. Limbs below the last are carried up every 2^30 rows, before they could overflow; the
 * last one has 32 bits to spare for 2^32 rows of the greatest values.
 */
final class ExactSum extends ColumnAccumulator {
  private static final long LOW = 0xFFFF_FFFFL;
  private static final long CARRY_AFTER = 1L << 30;

  private final DataType input;
  private final int shift;
  private final Longs limbs;
  private int groupCount;
  private long rows;

  ExactSum(DataType input, Reservation reservation) {
    this.input = input;
    this.shift = input.layout() == Layout.PAIRS ? 2 : 1;
    this.limbs = new Longs(reservation, 1 << shift, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {limbs};
  }

  @Override
  void ensure(int n) {
    limbs.ensure(n);
    groupCount = Math.max(groupCount, n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    rows += count;
    if (rows > CARRY_AFTER) {
      carryAll();
      rows = count;
    }
    if (values instanceof LongColumn c) {
      if (groups == null) {
        addOne(c.values(), at, count);
      } else if (limbs.single()) {
        addFew(c.values(), at, groups, count);
      } else {
        addMany(c.values(), at, groups, count);
      }
    } else if (values instanceof IntColumn c) {
      addInts(c.values(), at, groups, count);
    } else {
      addPairs(((PairColumn) values).values(), at, groups, count);
    }
  }

  private void addOne(long[] v, int[] at, int count) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < count; i++) {
      long x = v[at[i]];
      low += x & LOW;
      high += x >> 32;
    }
    long[] s = limbs.chunks()[0];
    s[0] += low;
    s[1] += high;
  }

  private void addFew(long[] v, int[] at, int[] groups, int count) {
    long[] s = limbs.chunks()[0];
    for (int i = 0; i < count; i++) {
      long x = v[at[i]];
      int k = groups[i] << 1;
      s[k] += x & LOW;
      s[k + 1] += x >> 32;
    }
  }

  private void addMany(long[] v, int[] at, int[] groups, int count) {
    long[][] chunks = limbs.chunks();
    for (int i = 0; i < count; i++) {
      long x = v[at[i]];
      int g = groups[i];
      long[] s = chunks[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) << 1;
      s[k] += x & LOW;
      s[k + 1] += x >> 32;
    }
  }

  private void addInts(int[] v, int[] at, int @Nullable [] groups, int count) {
    long[][] chunks = limbs.chunks();
    if (groups == null) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        sum += v[at[i]];
      }
      chunks[0][0] += sum & LOW;
      chunks[0][1] += sum >> 32;
      return;
    }
    for (int i = 0; i < count; i++) {
      long x = v[at[i]];
      int g = groups[i];
      long[] s = chunks[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) << 1;
      s[k] += x & LOW;
      s[k + 1] += x >> 32;
    }
  }

  private void addPairs(long[] v, int[] at, int @Nullable [] groups, int count) {
    long wide = 0;
    for (int i = 0; i < count; i++) {
      int p = at[i] << 1;
      wide |= v[p] ^ v[p + 1] >> 63;
    }
    if (wide == 0) {
      addNarrowPairs(v, at, groups, count);
      return;
    }
    long[][] chunks = limbs.chunks();
    for (int i = 0; i < count; i++) {
      int p = at[i] << 1;
      int g = groups == null ? 0 : groups[i];
      long[] s = chunks[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) << 2;
      s[k] += v[p + 1] & LOW;
      s[k + 1] += v[p + 1] >>> 32;
      s[k + 2] += v[p] & LOW;
      s[k + 3] += v[p] >> 32;
    }
  }

  /** All values fit one long: limb 1 takes the sign. */
  private void addNarrowPairs(long[] v, int[] at, int @Nullable [] groups, int count) {
    long[][] chunks = limbs.chunks();
    if (groups == null) {
      long low = 0;
      long high = 0;
      for (int i = 0; i < count; i++) {
        long x = v[(at[i] << 1) + 1];
        low += x & LOW;
        high += x >> 32;
      }
      chunks[0][0] += low;
      chunks[0][1] += high;
    } else if (limbs.single()) {
      long[] s = chunks[0];
      for (int i = 0; i < count; i++) {
        long x = v[(at[i] << 1) + 1];
        int k = groups[i] << 2;
        s[k] += x & LOW;
        s[k + 1] += x >> 32;
      }
    } else {
      for (int i = 0; i < count; i++) {
        long x = v[(at[i] << 1) + 1];
        int g = groups[i];
        long[] s = chunks[g >>> Longs.SHIFT];
        int k = (g & Longs.MASK) << 2;
        s[k] += x & LOW;
        s[k + 1] += x >> 32;
      }
    }
  }

  private void carryAll() {
    for (int g = 0; g < groupCount; g++) {
      carry(limbs.chunks()[g >>> Longs.SHIFT], (g & Longs.MASK) << shift, shift);
    }
  }

  /**
   * Moves what is above 32 bits from each limb to the next; arithmetic shifts, as a limb may be
   * negative.
   */
  private static void carry(long[] s, int k, int shift) {
    for (int limb = k; limb < k + (1 << shift) - 1; limb++) {
      s[limb + 1] += s[limb] >> 32;
      s[limb] &= LOW;
    }
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    long[][] in = ((ExactSum) other).limbs.chunks();
    long[][] out = limbs.chunks();
    int width = 1 << shift;
    // A limb of the other one is less than 2^62 in size, so twice carried it leaves room for any
    // number of merges.
    for (int i = 0; i < count; i++) {
      long[] a = in[from[i] >>> Longs.SHIFT];
      int k = (from[i] & Longs.MASK) << shift;
      long[] b = out[to[i] >>> Longs.SHIFT];
      int m = (to[i] & Longs.MASK) << shift;
      for (int limb = 0; limb < width; limb++) {
        b[m + limb] += a[k + limb];
      }
      carry(b, m, shift);
    }
  }

  /** The sum as a number of any size. */
  private BigInteger big(long[] s, int k) {
    BigInteger sum = BigInteger.ZERO;
    for (int limb = (1 << shift) - 1; limb >= 0; limb--) {
      sum = sum.shiftLeft(32).add(BigInteger.valueOf(s[k + limb]));
    }
    return sum;
  }

  /** Bits 0 to 63 of the sum; after carrying. */
  private static long low(long[] s) {
    return s[1] << 32 | s[0];
  }

  /** Bits 64 to 127 of the sum, if it has no more; after carrying. */
  private static long high(long[] s) {
    return s.length == 2 ? s[1] >> 32 : s[3] << 32 | s[2];
  }

  /** Whether the sum fits 128 bits; after carrying. */
  private static boolean is128(long[] s) {
    return s.length == 2 || s[3] == (int) s[3];
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    String function = output.function();
    DataType type = output.type();
    long[] nulls = nullsOf(valueCounts, 1, count);
    boolean average = type.kind() == Kind.FLOAT64;
    boolean pairs = type.layout() == Layout.PAIRS;
    double[] doubles = new double[average ? count : 0];
    long[] longs = new long[average ? 0 : pairs ? 2 * count : count];
    long[] s = new long[1 << shift];
    for (int i = 0; i < count; i++) {
      if (valueCounts[i] == 0) {
        continue;
      }
      System.arraycopy(
          limbs.chunks()[groups[i] >>> Longs.SHIFT],
          (groups[i] & Longs.MASK) << shift,
          s,
          0,
          s.length);
      carry(s, 0, shift);
      if (average) {
        doubles[i] = average(s, valueCounts[i]);
      } else if (pairs) {
        longs[2 * i] = high(s);
        longs[2 * i + 1] = low(s);
        if (!is128(s) || !Int128.fitsDigits(high(s), low(s), type.precision())) {
          throw overflow(function, type, big(s, 0));
        }
      } else if (Int128.fitsLong(high(s), low(s))) {
        longs[i] = low(s);
      } else {
        throw overflow(function, type, big(s, 0));
      }
    }
    if (average) {
      return new DoubleColumn(type, doubles, nulls, count);
    }
    return pairs
        ? new PairColumn(type, longs, nulls, count)
        : new LongColumn(type, longs, nulls, count);
  }

  private double average(long[] s, long n) {
    int scale = input.scale();
    if (is128(s) && Int128.fitsLong(high(s), low(s))) {
      long sum = low(s);
      long most = 1L << 53;
      // All exact doubles: one division rounds once.
      if (sum > -most && sum < most && scale <= 15 && n < most / Int128.ten(scale)) {
        return (double) sum / (n * Int128.ten(scale));
      }
    }
    return new BigDecimal(big(s, 0), scale)
        .divide(BigDecimal.valueOf(n), new MathContext(60))
        .doubleValue();
  }

  private static PenstockException overflow(String function, DataType type, BigInteger sum) {
    return PenstockException.incorrect(
        "overflow",
        function
            + " gives "
            + new BigDecimal(sum, type.scale()).toPlainString()
            + ", which does not fit "
            + type
            + "; cast the argument to "
            + (type.isDecimal() ? "float64" : "decimal(38,0) or float64"));
  }
}
