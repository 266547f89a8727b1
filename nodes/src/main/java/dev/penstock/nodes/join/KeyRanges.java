package dev.penstock.nodes.join;

import dev.penstock.batch.Column;
import dev.penstock.batch.LongColumn;

/**
 * The least and the greatest value of each integer key that a build lane has seen; nulls left out.
 * One thread at a time.
 */
final class KeyRanges {
  private final long[] least;
  private final long[] greatest;

  KeyRanges(int keys) {
    least = new long[keys];
    greatest = new long[keys];
    java.util.Arrays.fill(least, Long.MAX_VALUE);
    java.util.Arrays.fill(greatest, Long.MIN_VALUE);
  }

  void add(Column[] keys, int[] positions, int count) {
    for (int k = 0; k < least.length; k++) {
      LongColumn key = (LongColumn) keys[k];
      long[] values = key.values();
      long min = least[k];
      long max = greatest[k];
      boolean nulls = key.mayHaveNulls();
      for (int i = 0; i < count; i++) {
        int p = positions[i];
        if (!nulls || !key.isNull(p)) {
          long v = values[p];
          min = Math.min(min, v);
          max = Math.max(max, v);
        }
      }
      least[k] = min;
      greatest[k] = max;
    }
  }

  void add(KeyRanges other) {
    for (int k = 0; k < least.length; k++) {
      least[k] = Math.min(least[k], other.least[k]);
      greatest[k] = Math.max(greatest[k], other.greatest[k]);
    }
  }

  boolean isEmpty(int key) {
    return least[key] > greatest[key];
  }

  long least(int key) {
    return least[key];
  }

  long greatest(int key) {
    return greatest[key];
  }
}
