package dev.penstock.buffer.segment;

import dev.penstock.buffer.spill.DirectorySpill;

/** Segments in pages of a mapped file: what the JDK alone can do. Closed after its segments. */
public final class MappedKind implements SegmentKind, AutoCloseable {
  private final MappedPages pages;

  MappedKind(DirectorySpill space) {
    pages = new MappedPages(space);
  }

  @Override
  public String name() {
    return "mapped";
  }

  @Override
  public Segment open(String what) {
    return new MappedSegment(pages, what);
  }

  /** Pages of 4 MiB in which something lies. */
  int pagesInUse() {
    return pages.inUse();
  }

  @Override
  public void close() {
    pages.close();
  }
}
