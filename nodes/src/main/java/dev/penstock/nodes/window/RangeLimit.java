package dev.penstock.nodes.window;

import dev.penstock.batch.FlatColumn;

/** A key plus or minus the offset of a frame; it may lie beyond all values of the type. */
interface RangeLimit {
  /** Whether the offset is not negative. */
  boolean isForward();

  /** Takes the limit of the key at a position. */
  void from(FlatColumn keys, int position);

  /** How the key at a position compares with the limit. */
  int compare(FlatColumn keys, int position);
}
