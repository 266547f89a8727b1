package dev.penstock.buffer.segment;

final class HeapSegmentTest extends SegmentContract {
  @Override
  SegmentKind kind() {
    return Segments.heap();
  }

  @Override
  void assertNothingHeld() {} // its bytes are counted by each segment
}
