package dev.penstock.nodes;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/**
 * Figures of columns, each found when it is first asked for, and then kept.
 *
 * <p>Concurrency: filled without a lock; two threads that ask at once find the same figures, and
 * those of one of them stay.
 */
public final class FoundColumns {
  private final AtomicReferenceArray<ColumnStatistics> found;
  private final IntFunction<ColumnStatistics> find;

  /**
   * @param columns how many there are
   * @param find finds the figures of a column; may block as {@link Statistics#column} may
   */
  public FoundColumns(int columns, IntFunction<ColumnStatistics> find) {
    this.found = new AtomicReferenceArray<>(columns);
    this.find = find;
  }

  /** The figures of a column. */
  public ColumnStatistics get(int ordinal) {
    ColumnStatistics known = found.get(ordinal);
    if (known != null) {
      return known;
    }
    ColumnStatistics now = find.apply(ordinal);
    return found.compareAndSet(ordinal, null, now) ? now : found.get(ordinal);
  }
}
