package dev.penstock.buffer.spill;

import dev.penstock.buffer.block.Frames;
import dev.penstock.buffer.block.Window;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A buffer through which blocks go to a disk or come from it, with what belongs to it. Used by one
 * thread at a time.
 */
final class Stage {
  /** A write or read of so many bytes is worth its way to the disk. */
  static final int BYTES = 1 << 20;

  final Window window =
      new Window(
          ByteBuffer.allocateDirect(BYTES + BlockFile.ALIGN)
              .alignedSlice(BlockFile.ALIGN)
              .limit(BYTES)
              .slice(0, BYTES));
  private @Nullable Frames frames;

  Frames frames() {
    Frames f = frames;
    if (f == null) {
      f = new Frames();
      frames = f;
    }
    return f;
  }
}
