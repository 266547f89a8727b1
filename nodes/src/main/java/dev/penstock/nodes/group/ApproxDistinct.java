package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An estimate of how many different values there are: HyperLogLog with 2048 registers (a standard
 * error of 2.3 %), read by the estimator of Ertl, "New cardinality estimation algorithms for
 * HyperLogLog sketches" (2017), which needs no correction tables.
 *
 * <pre>
 * few values   four words of three 21-bit entries (register &lt;&lt; 6 | rank), 0 for none
 * many         word 0 is negative, its low half the number of 2048 registers of one byte
 * </pre>
 *
 * <p>The estimate does not depend on the order of rows, nor on how they lie over lanes.
 */
final class ApproxDistinct extends ColumnAccumulator {
  private static final int BITS = 11;
  private static final int REGISTERS = 1 << BITS;
  private static final int MOST_RANK = 64 - BITS + 1;
  private static final int SLOTS = 12;
  private static final int SLOT_BITS = 21;
  private static final long SLOT = (1L << SLOT_BITS) - 1;

  private final Reservation reservation;
  private final Longs few;
  private byte[][] many = new byte[4][];
  private int manyCount;
  private long[] hashes = {};

  ApproxDistinct(Reservation reservation) {
    this.reservation = reservation;
    this.few = new Longs(reservation, 4, 0);
  }

  @Override
  void ensure(int n) {
    few.ensure(n);
  }

  @Override
  long growth(int groups, long rows, long bytes) {
    return few.growth(groups) + Math.min(rows, Math.max(0, groups - manyCount)) * (REGISTERS + 16L);
  }

  @Override
  FlatColumn[] save(int[] groups, int count) {
    ValueColumn out = new ValueColumn(DataType.VARBINARY, count);
    RowBytes row = new RowBytes();
    for (int i = 0; i < count; i++) {
      long[] s = few.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) * 4;
      if (s[k] < 0) {
        out.append(many[(int) s[k]], 0, REGISTERS);
      } else {
        row.clear();
        for (int w = 0; w < 4; w++) {
          row.word(s[k + w]);
        }
        out.append(row.bytes(), 0, row.size());
      }
    }
    return new FlatColumn[] {out.build()};
  }

  @Override
  int savedColumns() {
    return 1;
  }

  @Override
  void load(FlatColumn[] columns, int count) {
    ensure(count);
    BytesColumn in = (BytesColumn) columns[0];
    reservation.shrink(manyCount * (REGISTERS + 16L));
    manyCount = 0;
    for (int i = 0; i < count; i++) {
      long[] s = few.chunks()[i >>> Longs.SHIFT];
      int k = (i & Longs.MASK) * 4;
      if (in.size(i) == REGISTERS) {
        Arrays.fill(s, k, k + 4, 0);
        spread(s, k);
        System.arraycopy(in.slab(), in.start(i), many[(int) s[k]], 0, REGISTERS);
      } else {
        for (int w = 0; w < 4; w++) {
          s[k + w] = RowBytes.number(in.slab(), in.start(i) + 8 * w, 8);
        }
      }
    }
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    if (hashes.length < count) {
      hashes = new long[Math.max(count, 2048)];
    }
    Hashes.hash(values, at, count, hashes);
    for (int i = 0; i < count; i++) {
      long h = hashes[i];
      int register = (int) h & REGISTERS - 1;
      int rank = Math.min(MOST_RANK, Long.numberOfLeadingZeros(h >>> BITS) - BITS + 1);
      take(groups == null ? 0 : groups[i], register, rank);
    }
  }

  private void take(int group, int register, int rank) {
    long[] s = few.chunks()[group >>> Longs.SHIFT];
    int k = (group & Longs.MASK) * 4;
    if (s[k] >= 0) {
      for (int slot = 0; slot < SLOTS; slot++) {
        int word = k + slot / 3;
        int shift = slot % 3 * SLOT_BITS;
        long entry = s[word] >>> shift & SLOT;
        if (entry == 0) {
          s[word] |= ((long) register << 6 | rank) << shift;
          return;
        }
        if (entry >>> 6 == register) {
          if (rank > (entry & 63)) {
            s[word] += (rank - (entry & 63)) << shift;
          }
          return;
        }
      }
      spread(s, k);
    }
    byte[] registers = many[(int) s[k]];
    if (rank > registers[register]) {
      registers[register] = (byte) rank;
    }
  }

  /** From few to many. */
  private void spread(long[] s, int k) {
    reservation.grow(REGISTERS + 16L);
    if (manyCount == many.length) {
      many = Arrays.copyOf(many, manyCount * 2);
    }
    byte[] registers = new byte[REGISTERS];
    many[manyCount] = registers;
    for (int slot = 0; slot < SLOTS; slot++) {
      long entry = s[k + slot / 3] >>> (slot % 3 * SLOT_BITS) & SLOT;
      registers[(int) (entry >>> 6)] = (byte) (entry & 63);
    }
    s[k] = Long.MIN_VALUE | manyCount++;
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    ApproxDistinct in = (ApproxDistinct) other;
    for (int i = 0; i < count; i++) {
      long[] s = in.few.chunks()[from[i] >>> Longs.SHIFT];
      int k = (from[i] & Longs.MASK) * 4;
      if (s[k] < 0) {
        byte[] registers = in.many[(int) s[k]];
        for (int r = 0; r < REGISTERS; r++) {
          if (registers[r] > 0) {
            take(to[i], r, registers[r]);
          }
        }
      } else {
        for (int slot = 0; slot < SLOTS; slot++) {
          long entry = s[k + slot / 3] >>> (slot % 3 * SLOT_BITS) & SLOT;
          if (entry != 0) {
            take(to[i], (int) (entry >>> 6), (int) (entry & 63));
          }
        }
      }
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    long[] out = new long[count];
    for (int i = 0; i < count; i++) {
      out[i] = estimate(groups[i]);
    }
    return new LongColumn(DataType.INT64, out, null, count);
  }

  private long estimate(int group) {
    long[] s = few.chunks()[group >>> Longs.SHIFT];
    int k = (group & Longs.MASK) * 4;
    int[] histogram = new int[MOST_RANK + 1];
    if (s[k] < 0) {
      for (byte rank : many[(int) s[k]]) {
        histogram[rank]++;
      }
    } else {
      int used = 0;
      for (int slot = 0; slot < SLOTS; slot++) {
        long entry = s[k + slot / 3] >>> (slot % 3 * SLOT_BITS) & SLOT;
        if (entry != 0) {
          used++;
          histogram[(int) (entry & 63)]++;
        }
      }
      histogram[0] = REGISTERS - used;
    }
    return Math.round(estimate(histogram));
  }

  /** Algorithm 6 of the paper. */
  private static double estimate(int[] histogram) {
    int most = MOST_RANK;
    double m = REGISTERS;
    double z = m * tau((m - histogram[most]) / m);
    for (int rank = most - 1; rank >= 1; rank--) {
      z = 0.5 * (z + histogram[rank]);
    }
    z += m * sigma(histogram[0] / m);
    return m * m / (2 * Math.log(2)) / z;
  }

  private static double sigma(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double x = share;
    double y = 1;
    double z = x;
    for (double before = Double.NaN; z != before; ) {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    }
    return z;
  }

  private static double tau(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double x = share;
    double y = 1;
    double z = 1 - x;
    for (double before = Double.NaN; z != before; ) {
      x = Math.sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    }
    return z / 3;
  }
}
