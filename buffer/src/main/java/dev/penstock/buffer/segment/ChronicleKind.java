package dev.penstock.buffer.segment;

import dev.penstock.buffer.spill.DirectorySpill;
import net.openhft.chronicle.queue.ChronicleQueue;

/**
 * Segments that are Chronicle Queues, in memory-mapped files below a spill space. Only where the
 * JVM was started with {@link #FLAGS}; see {@link Segments#mappedByBest}.
 */
public final class ChronicleKind implements SegmentKind {
  /** What the JVM needs. */
  public static final String FLAGS =
      "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
          + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
          + " --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";

  private final DirectorySpill space;

  ChronicleKind(DirectorySpill space) {
    this.space = space;
  }

  /** Whether this JVM has the flags. */
  public static boolean isPossible() {
    Module base = Object.class.getModule();
    Module chronicle = ChronicleQueue.class.getModule();
    return base.isOpen("java.lang.reflect", chronicle)
        && base.isExported("sun.nio.ch", chronicle)
        && base.isExported("jdk.internal.ref", chronicle);
  }

  @Override
  public String name() {
    return "chronicle";
  }

  @Override
  public Segment open(String what) {
    return new ChronicleSegment(space, what);
  }
}
