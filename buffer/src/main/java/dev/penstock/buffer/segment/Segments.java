package dev.penstock.buffer.segment;

import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.CancellationToken;

/** The kinds of segment. */
public final class Segments {
  private Segments() {}

  /** Batches on the heap. */
  public static SegmentKind heap() {
    return HeapSegment.KIND;
  }

  /** Blocks in files of a spill space, within its quota. */
  public static SegmentKind disk(SpillSpace space, CancellationToken token) {
    return DiskSegment.in(space, token);
  }
}
