package dev.penstock.buffer.spill;

import dev.penstock.buffer.block.CheckedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The bytes of one block, from a stage or through one from the disk, and their checksum. */
final class StageReader extends CheckedReader {
  /** The disk failed. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException reason;

    Failed(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  private final Stage stage;
  private final @Nullable BlockFile file;

  /** Where the disk is read next; where the block ends. */
  private long next;

  private final long blockEnd;

  /** Bytes before the block in the first disk block. */
  private int skip;

  private StageReader(Stage stage, @Nullable BlockFile file, long next, long blockEnd) {
    super(stage.window);
    this.stage = stage;
    this.file = file;
    this.next = next;
    this.blockEnd = blockEnd;
  }

  /** A block that is still in the stage of its writer. */
  static StageReader inside(Stage stage, int at, int length) {
    StageReader reader = new StageReader(stage, null, 0, 0);
    reader.at = at;
    reader.end = at + length;
    reader.here();
    return reader;
  }

  static StageReader onDisk(Stage stage, BlockFile file, long from, long length) {
    StageReader reader = new StageReader(stage, file, from & -BlockFile.ALIGN, from + length);
    reader.skip = (int) (from & (BlockFile.ALIGN - 1));
    return reader;
  }

  Stage stage() {
    return stage;
  }

  @Override
  protected void fill() {
    BlockFile f = file;
    if (f == null || next >= blockEnd) {
      throw new IllegalStateException("it ends too early");
    }
    long upTo = (blockEnd + BlockFile.ALIGN - 1) & -BlockFile.ALIGN;
    int length = (int) Math.min(Stage.BYTES, upTo - next);
    int useful = (int) Math.min(length, blockEnd - next);
    int got;
    try {
      got = f.read(stage.window.bytes, length, next);
    } catch (IOException e) {
      throw new Failed(e);
    }
    if (got < useful) {
      throw new IllegalStateException(
          "the file has " + (next + got) + " bytes where the block needs " + blockEnd);
    }
    next += length;
    end = useful;
    at = skip;
    skip = 0;
  }
}
