package dev.penstock.sparql.term;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids that may pass a comparison with a value, as ranges of which both ends are in: no other id
 * passes, but not every one in them must. Ascending, as ids are ordered in runs. Immutable.
 */
public final class IdRanges {
  /** Times with and without a zone differ by at most 14 hours. */
  private static final long ZONE_SECONDS = 15 * 3600;

  private static final BigInteger LEAST = BigInteger.ONE.shiftLeft(59).negate();
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(59).subtract(BigInteger.ONE);

  private final long[] bounds;

  private IdRanges(long... bounds) {
    this.bounds = bounds;
  }

  /**
   * Of comparisons with a number, a date, or a date with time that is in its id; null: any id may
   * pass.
   *
   * @param below whether lower values pass
   * @param above whether higher values pass
   */
  public static @Nullable IdRanges of(long value, boolean below, boolean above) {
    if (below && above) {
      return null; // not equal: almost all
    }
    return switch (TermId.tag(value)) {
      case TermId.INTEGER, TermId.DECIMAL, TermId.DOUBLE -> numbers(value, below, above);
      case TermId.DATE ->
          union(
              part(TermId.DATE, value, value, below, above),
              all(TermId.DATE_TIME),
              all(TermId.LITERAL));
      case TermId.DATE_TIME -> {
        long far = ZONE_SECONDS << 1;
        yield union(
            all(TermId.DATE),
            part(TermId.DATE_TIME, value - far, value + far, below, above),
            all(TermId.LITERAL));
      }
      default -> null;
    };
  }

  private static IdRanges numbers(long value, boolean below, boolean above) {
    BigDecimal exact =
        TermId.tag(value) == TermId.DOUBLE
            ? new BigDecimal(TermId.number(value))
            : TermId.decimal(value);
    double near = exact.doubleValue();
    long low = Inline.boundOfDouble(Math.nextDown(near));
    long high = Inline.boundOfDouble(Math.nextUp(near));
    return union(
        integers(exact, below, above),
        all(TermId.DECIMAL),
        part(TermId.DOUBLE, low, high, below, above),
        all(TermId.LITERAL));
  }

  private static long[] integers(BigDecimal value, boolean below, boolean above) {
    BigInteger from =
        below ? LEAST : value.setScale(0, RoundingMode.CEILING).toBigInteger().max(LEAST);
    BigInteger to = above ? MOST : value.setScale(0, RoundingMode.FLOOR).toBigInteger().min(MOST);
    return from.compareTo(to) > 0
        ? new long[0]
        : new long[] {Inline.ofInteger(from.longValue()), Inline.ofInteger(to.longValue())};
  }

  private static long[] all(int tag) {
    return new long[] {TermId.of(tag, 0), TermId.of(tag, TermId.PAYLOAD)};
  }

  private static long[] part(int tag, long low, long high, boolean below, boolean above) {
    long[] whole = all(tag);
    return new long[] {
      below ? whole[0] : Math.max(low, whole[0]), above ? whole[1] : Math.min(high, whole[1])
    };
  }

  /** Parts of different tags, put in order. */
  private static IdRanges union(long[]... parts) {
    long[][] sorted =
        Arrays.stream(parts)
            .filter(p -> p.length > 0)
            .sorted((x, y) -> Long.compare(x[0], y[0]))
            .toArray(long[][]::new);
    long[] out = new long[2 * sorted.length];
    for (int k = 0; k < sorted.length; k++) {
      out[2 * k] = sorted[k][0];
      out[2 * k + 1] = sorted[k][1];
    }
    return new IdRanges(out);
  }

  /** Ids that are in both. */
  public IdRanges and(IdRanges other) {
    long[] out = new long[bounds.length + other.bounds.length + 2];
    int n = 0;
    for (int i = 0, k = 0; i < bounds.length && k < other.bounds.length; ) {
      long low = Math.max(bounds[i], other.bounds[k]);
      long high = Math.min(bounds[i + 1], other.bounds[k + 1]);
      if (low <= high) {
        out[n++] = low;
        out[n++] = high;
      }
      if (bounds[i + 1] < other.bounds[k + 1]) {
        i += 2;
      } else {
        k += 2;
      }
    }
    return new IdRanges(Arrays.copyOf(out, n));
  }

  public int count() {
    return bounds.length / 2;
  }

  public long low(int k) {
    return bounds[2 * k];
  }

  public long high(int k) {
    return bounds[2 * k + 1];
  }

  /** Is an id in one of the ranges? */
  public boolean has(long id) {
    for (int k = 0; k < count(); k++) {
      if (id >= low(k) && id <= high(k)) {
        return true;
      }
    }
    return false;
  }
}
