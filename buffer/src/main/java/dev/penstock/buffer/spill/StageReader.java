package dev.penstock.buffer.spill;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The bytes of one block, from a stage or through one from the disk, and their checksum. */
final class StageReader extends BlockReader {
  private static final Codec[] CODECS = Codec.values();

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
  private int unchecked;

  /** Bytes before the block in the first disk block. */
  private int skip;

  private StageReader(Stage stage, @Nullable BlockFile file, long next, long blockEnd) {
    super(stage.window);
    this.stage = stage;
    this.file = file;
    this.next = next;
    this.blockEnd = blockEnd;
    stage.crc.reset();
  }

  /** A block that is still in the stage of its writer. */
  static StageReader inside(Stage stage, int at, int length) {
    StageReader reader = new StageReader(stage, null, 0, 0);
    reader.at = at;
    reader.end = at + length;
    reader.unchecked = at;
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

  private void fill() {
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
    unchecked = skip;
    skip = 0;
  }

  @Override
  void more() {
    if (unchecked < end) {
      stage.check(unchecked, end);
    }
    fill();
  }

  /** Reads the header and compares it with what is known of the block. */
  Codec header(int rows, int number, long payload) {
    long first = get();
    long second = get();
    long third = get();
    int codec = (int) (first >>> 40);
    if ((int) first != StageWriter.MAGIC
        || (first >>> 32 & 0xff) != StageWriter.VERSION
        || codec >= CODECS.length
        || (int) second != rows
        || (int) (second >>> 32) != number
        || third != payload) {
      throw new IllegalStateException("its header is another");
    }
    return CODECS[codec];
  }

  /** Reads the checksum, once all else was read. */
  void trailer() {
    if (at == end) {
      more();
    }
    if (unchecked < at) {
      stage.check(unchecked, at);
    }
    if (stage.crc.getValue() != from.longs.get(at >> 3)) {
      throw new IllegalStateException("its checksum does not match");
    }
  }
}
