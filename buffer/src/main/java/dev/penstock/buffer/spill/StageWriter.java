package dev.penstock.buffer.spill;

import dev.penstock.buffer.block.CheckedWriter;
import dev.penstock.buffer.block.Window;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a spill file, where blocks are appended.
 *
 * <pre>
 * file   |--- on disk ---|------ stage ------|
 *                        base       tail   at
 * </pre>
 *
 * <p>Concurrency: under the monitor of the file.
 */
final class StageWriter extends CheckedWriter {
  private static final Window NONE = new Window(ByteBuffer.allocate(0));

  private final DirectorySpillFile file;
  private @Nullable Stage stage;
  private boolean kept;

  /** Where in the file the stage begins; a multiple of ALIGN. */
  private long base;

  /** Bytes of the stage that are on disk already. */
  private int tail;

  StageWriter(DirectorySpillFile file) {
    super(NONE);
    this.file = file;
  }

  /** Gets a stage if there is none. */
  Stage open(Stages stages) {
    Stage s = stage;
    if (s == null) {
      s = stages.borrow();
      stage = s;
      to = s.window;
      at = 0;
      tail = 0;
    }
    return s;
  }

  @Nullable Stage stage() {
    return stage;
  }

  long base() {
    return base;
  }

  /** Where in the file the next byte will lie. */
  long place() {
    return base + at;
  }

  private Stage current() {
    Stage s = stage;
    if (s == null) {
      throw new IllegalStateException("no stage");
    }
    return s;
  }

  @Override
  protected void move() {
    file.store(current(), tail, at, base + tail, base + at);
    base += at;
    at = 0;
    tail = 0;
  }

  /**
   * To the disk with what is here, and zeros up to the end of its last disk block, after which the
   * next block begins when this is the last flush of this stage.
   *
   * @return how many zeros
   */
  long flush(boolean last) {
    Stage s = current();
    int end = (at + BlockFile.ALIGN - 1) & -BlockFile.ALIGN;
    int zeros = end - at;
    for (int i = at; i < end; i++) {
      s.window.bytes.put(i, (byte) 0);
    }
    if (tail < end) {
      file.store(s, tail, end, base + tail, base + at);
    }
    tail = at & -BlockFile.ALIGN;
    if (last) {
      base += end;
      at = 0;
    }
    return zeros;
  }

  /** Whether the stage may stay here until the next write. */
  boolean keep(Stages stages) {
    if (!kept) {
      kept = stages.keep();
    }
    return kept;
  }

  /** Gives the stage back, with whatever it holds. */
  void release(Stages stages) {
    Stage s = stage;
    if (s != null) {
      stages.giveBack(s, kept);
      stage = null;
      kept = false;
      to = NONE;
    }
  }
}
