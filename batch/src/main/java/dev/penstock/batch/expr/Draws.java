package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.FLOAT64;
import static dev.penstock.batch.Kind.INT64;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.PairColumn;
import java.util.Map;

/**
 * {@code random random-uuid}: numbers that look random, but are functions of a seed and the number
 * of a row, so that a plan may compute them wherever it likes (SplitMix64, Steele, Lea and Flood
 * 2014); and {@code width-bucket}.
 */
final class Draws {
  static final Map<String, Plain> FUNCTIONS =
      Map.of(
          "random",
              Plain.of(
                  DataType.FLOAT64,
                  x ->
                      Gather.doubles(
                          x, p -> (draw(x.number(0, p), x.number(1, p)) >>> 11) * 0x1p-53),
                  INT64,
                  INT64),
          "random-uuid", Plain.of(DataType.UUID, Draws::uuids, INT64, INT64),
          "width-bucket",
              Plain.of(
                  DataType.INT64,
                  x -> Gather.longs(x, DataType.INT64, p -> bucket(x, p)),
                  FLOAT64,
                  FLOAT64,
                  FLOAT64,
                  INT64));

  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private Draws() {}

  private static long mix(long v) {
    long z = (v ^ (v >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }

  private static long draw(long seed, long n) {
    return mix(mix(seed) + n * GOLDEN);
  }

  /** Of version 4. */
  private static FlatColumn uuids(Args x) {
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long seed = x.number(0, p);
      long n = x.number(1, p);
      out[2 * p] = (draw(seed, n) & ~0xF000L) | 0x4000L;
      out[2 * p + 1] = (draw(~seed, n) & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    }
    return new PairColumn(DataType.UUID, out, x.nulls(), x.length());
  }

  /** The bounds may fall as well; outside of them it is 0 and the number of buckets + 1. */
  private static long bucket(Args x, int p) {
    double v = x.doubles(0)[p & x.mask(0)];
    double low = x.doubles(1)[p & x.mask(1)];
    double high = x.doubles(2)[p & x.mask(2)];
    long n = x.number(3, p);
    boolean bounds = Double.isFinite(low) && Double.isFinite(high) && low != high;
    if (!bounds || Double.isNaN(v) || n <= 0 || n == Long.MAX_VALUE) {
      throw Errors.badArgument(
          "width-bucket", x, p, "a number, two finite bounds that differ, a count above 0");
    }
    boolean falling = low > high;
    if (falling ? v > low : v < low) {
      return 0;
    } else if (falling ? v <= high : v >= high) {
      return n + 1;
    }
    // Halves, so that the width of no two bounds is infinite.
    double share = (v / 2 - low / 2) / (high / 2 - low / 2);
    return Math.min(n, (long) (share * n) + 1);
  }
}
