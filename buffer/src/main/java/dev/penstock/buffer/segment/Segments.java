package dev.penstock.buffer.segment;

import dev.penstock.buffer.object.ObjectStore;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.CancellationToken;
import java.util.concurrent.atomic.AtomicBoolean;

/** The kinds of segment. */
public final class Segments {
  /** Whether the line about the flags is in the log. */
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Segments() {}

  /** Batches on the heap. */
  public static SegmentKind heap() {
    return HeapSegment.KIND;
  }

  /** Blocks in files of a spill space, within its quota. */
  public static SegmentKind disk(SpillSpace space, CancellationToken token) {
    return DiskSegment.in(space, token);
  }

  /** Blocks in an object store. */
  public static SegmentKind object(ObjectStore store, CancellationToken token) {
    return ObjectSegment.in(store, token);
  }

  /**
   * Segments of one kind, and of another for what is beyond the quota of the first.
   *
   * @param near refuses with LIMIT when it has no room
   */
  public static SegmentKind orBeyond(SegmentKind near, SegmentKind far) {
    return new TwoTiers(near, far);
  }

  /** Blocks in pages of a mapped file in the directory of a spill space, within its quota. */
  public static MappedKind mapped(DirectorySpill space) {
    return new MappedKind(space);
  }

  /**
   * Chronicle queues where the JVM has the flags they need, else pages of a mapped file, and one
   * line in the log (DEBUG: nothing is wrong) that says so.
   */
  public static SegmentKind mappedByBest(DirectorySpill space) {
    if (ChronicleKind.isPossible()) {
      return new ChronicleKind(space);
    }
    if (SAID.compareAndSet(false, true)) {
      System.getLogger("dev.penstock.buffer")
          .log(
              System.Logger.Level.DEBUG,
              "mapped segments without Chronicle Queue, which needs " + ChronicleKind.FLAGS);
    }
    return mapped(space);
  }
}
