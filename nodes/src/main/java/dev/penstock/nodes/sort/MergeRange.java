package dev.penstock.nodes.sort;

import dev.penstock.nodes.Source;

/**
 * A range of the sorted order: rows from[r] until to[r] of each run r, of which the first {@code
 * skip} are left out and at most {@code take} given.
 */
record MergeRange(int[] from, int[] to, long skip, long take) implements Source.Morsel {
  @Override
  public long sizeBytes() {
    return 64 + 8L * from.length;
  }
}
