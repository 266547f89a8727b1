package dev.penstock.buffer.segment;

/**
 * Makes segments of one kind.
 *
 * <p>Concurrency: thread-safe.
 */
public interface SegmentKind {
  /** "heap", "disk", "mapped", ...: for figures and messages. */
  String name();

  /**
   * @param what whose it is: the name of a pipe
   */
  Segment open(String what);
}
