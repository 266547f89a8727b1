package dev.penstock.nodes;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the values of one column of a {@link Source}. Values are host values
 * (docs/plan-language.md, section 1).
 *
 * @param distinct about how many different values there are, nulls aside; negative when unknown.
 *     Always an estimate: nothing may be concluded from it but a cost
 * @param min the least value, or null when unknown
 * @param max the greatest value, or null when unknown
 * @param boundsExact no value is below min and none is above max, where they are known. False: they
 *     come from a sample, and may only be used to estimate
 * @param nullShare nulls per row, 0 to 1; negative when unknown
 */
public record ColumnStatistics(
    long distinct,
    @Nullable Object min,
    @Nullable Object max,
    boolean boundsExact,
    double nullShare) {

  /** Nothing is known. */
  public static final ColumnStatistics UNKNOWN = new ColumnStatistics(-1, null, null, false, -1);

  /** The same with another number of distinct values. */
  public ColumnStatistics withDistinct(long other) {
    return new ColumnStatistics(other, min, max, boundsExact, nullShare);
  }
}
