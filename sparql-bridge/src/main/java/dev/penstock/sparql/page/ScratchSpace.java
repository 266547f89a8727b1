package dev.penstock.sparql.page;

import dev.penstock.buffer.spill.DirectorySpill;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Mapped scratch files of one holder, in the space that queries spill to. Their room is taken from
 * its quota before they are made, and given back at close; on disk it is free when the JVM has
 * collected the views of it.
 *
 * <p>One thread at a time; what was made may be read by any.
 */
public final class ScratchSpace implements AutoCloseable {
  private final DirectorySpill space;
  private final String what;
  private long taken;
  private boolean closed;

  /**
   * @param what for messages, and names of files
   */
  public ScratchSpace(DirectorySpill space, String what) {
    this.space = space;
    this.what = what;
  }

  /** Longs, zero at first. */
  public ScratchLongs longs(long count) {
    return taking(8 * Math.max(1, count), file -> new ScratchLongs(count, file));
  }

  /** Bytes in one piece, zero at first. */
  public ByteBuffer bytes(int bytes) {
    return taking(bytes, file -> ScratchLongs.mapped(file, bytes)[0]);
  }

  private interface Making<T> {
    T in(Path file);
  }

  private <T> T taking(long bytes, Making<T> making) {
    if (closed) {
      throw new IllegalStateException(what + ": the scratch files are closed");
    }
    space.take(bytes, what);
    taken += bytes;
    boolean done = false;
    try {
      T made = making.in(space.newPath(what));
      done = true;
      return made;
    } catch (IOException e) {
      throw DirectorySpill.failed(
          "spill-write", "cannot make a file for " + what, space.parent(), e);
    } finally {
      if (!done) {
        give(bytes);
      }
    }
  }

  /** Longs that nobody uses any more. */
  public void give(ScratchLongs longs) {
    longs.close();
    give(longs.bytes());
  }

  private void give(long bytes) {
    space.give(bytes);
    taken -= bytes;
  }

  @Override
  public void close() {
    closed = true;
    give(taken);
  }
}
