package dev.penstock.buffer.segment;

import dev.penstock.buffer.block.Window;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one mapped file, used again and again: the first touch of a page costs several times its
 * later use. Pages come from the quota of the spill space. When nothing lies in any of them and
 * they are more than a few, the file is given up; its room on disk is free when the JVM has
 * collected the views of it.
 *
 * <p>A new page is written with zeros before it is mapped, so that a full disk is an error here and
 * not a fault in the middle of a copy.
 *
 * <p>Concurrency: under the monitor.
 */
final class MappedPages implements AutoCloseable {
  static final int PAGE = 4 << 20;

  /** So many may lie unused. */
  private static final int KEPT = 16;

  /**
   * A page; {@code blocks} (what lies in it, in whole or in part) is under its segment's monitor.
   */
  static final class Page {
    final ByteBuffer bytes;
    final Window window;
    int blocks;

    private Page(ByteBuffer bytes) {
      this.bytes = bytes;
      this.window = new Window(bytes.duplicate());
    }
  }

  private final DirectorySpill space;
  private final ArrayDeque<Page> free = new ArrayDeque<>();
  private @Nullable Path path;
  private @Nullable FileChannel file;
  private int made;
  private boolean closed;

  MappedPages(DirectorySpill space) {
    this.space = space;
  }

  synchronized Page take(String what) {
    if (closed) {
      throw new IllegalStateException("the mapped pages are closed");
    }
    Page page = free.poll();
    if (page != null) {
      return page;
    }
    space.take(PAGE, what);
    boolean done = false;
    try {
      page = map();
      done = true;
      return page;
    } catch (IOException e) {
      Path p = path;
      throw p == null
          ? PenstockException.io("spill-write", "cannot make a mapped file: " + e.getMessage(), e)
          : DirectorySpill.failed("spill-write", "cannot map rows of " + what, p, e);
    } finally {
      if (!done) {
        space.give(PAGE);
      }
    }
  }

  private Page map() throws IOException {
    FileChannel f = file;
    if (f == null) {
      Path p = space.newPath("mapped");
      path = p;
      f =
          FileChannel.open(
              p, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
      file = f;
    }
    long at = (long) made * PAGE;
    ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
    for (int done = 0; done < PAGE; ) {
      done += f.write(zeros.clear(), at + done);
    }
    made++;
    return new Page(f.map(MapMode.READ_WRITE, at, PAGE));
  }

  synchronized void giveBack(Page page) {
    if (closed) {
      return;
    }
    free.push(page);
    if (free.size() == made && made > KEPT) {
      giveUp();
    }
  }

  private void giveUp() {
    free.clear();
    space.give((long) made * PAGE);
    made = 0;
    FileChannel f = file;
    Path p = path;
    file = null;
    if (f != null && p != null) {
      try {
        f.close();
        Files.deleteIfExists(p);
      } catch (IOException e) {
        throw DirectorySpill.failed("spill-delete", "cannot delete mapped rows", p, e);
      }
    }
  }

  synchronized int inUse() {
    return closed ? 0 : made - free.size();
  }

  /** The file is gone with the space; its pages go when nobody refers to them any more. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    giveUp();
  }
}
