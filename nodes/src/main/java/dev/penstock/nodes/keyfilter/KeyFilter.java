package dev.penstock.nodes.keyfilter;

import org.jspecify.annotations.Nullable;

/**
 * Which values of a key may have a match on the build side of a join. It is made of all rows of the
 * build side; a value that does not pass has no match for certain. Immutable; test rows with a
 * {@link LaneFilter}.
 *
 * <p>Its memory belongs to the join, which gives it back when the query ends.
 */
public final class KeyFilter {
  final boolean integers;
  final boolean nullPasses;
  final @Nullable KeySet set;
  private final boolean empty;
  private final long least;
  private final long greatest;

  private KeyFilter(
      boolean integers,
      boolean nullPasses,
      boolean empty,
      long least,
      long greatest,
      @Nullable KeySet set) {
    this.integers = integers;
    this.nullPasses = nullPasses;
    this.empty = empty;
    this.least = least;
    this.greatest = greatest;
    this.set = set;
  }

  /** No value passes; null does if it is said so. */
  static KeyFilter ofNothing(boolean nullPasses) {
    return new KeyFilter(false, nullPasses, true, 0, -1, null);
  }

  /** Integer-like values (as the column holds them: scaled, days, microseconds). */
  static KeyFilter ofIntegers(long least, long greatest, @Nullable KeySet set, boolean nullPasses) {
    return new KeyFilter(true, nullPasses, false, least, greatest, set);
  }

  /** Values of any type, by their hash. */
  static KeyFilter ofHashes(@Nullable KeySet set, boolean nullPasses) {
    return new KeyFilter(false, nullPasses, false, Long.MIN_VALUE, Long.MAX_VALUE, set);
  }

  /** No value passes, null aside. */
  public boolean isEmpty() {
    return empty;
  }

  /** The build side has a null key that is equal to null. */
  public boolean nullPasses() {
    return nullPasses;
  }

  /** No value is less; for integer-like keys. */
  long least() {
    return least;
  }

  /** No value is greater; for integer-like keys. */
  long greatest() {
    return greatest;
  }

  /**
   * False when no value between two bounds passes, both included.
   *
   * @param from as an integer-like column holds it: scaled, days, microseconds
   */
  public boolean mayPassBetween(long from, long to) {
    if (empty) {
      return false;
    }
    if (!integers) {
      return true;
    }
    long low = Math.max(from, least);
    long high = Math.min(to, greatest);
    return low <= high && (set == null || set.mayContainBetween(low, high));
  }

  /**
   * The only values that pass (null aside), ascending, where they are integer-like and a short
   * list; else null. Not to be written to.
   */
  public long @Nullable [] list() {
    return integers && set instanceof FewKeys few ? few.sorted() : null;
  }

  /** For people. */
  @Override
  public String toString() {
    if (empty) {
      return "nothing passes";
    }
    String what = set == null ? "" : set.text();
    String range = integers ? least + " to " + greatest : "";
    return range + (range.isEmpty() || what.isEmpty() ? "" : ", ") + what;
  }
}
