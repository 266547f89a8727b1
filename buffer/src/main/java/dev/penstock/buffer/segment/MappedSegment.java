package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.BlockFormat;
import dev.penstock.buffer.block.CheckedReader;
import dev.penstock.buffer.block.CheckedWriter;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.block.Window;
import dev.penstock.buffer.segment.MappedPages.Page;
import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in mapped pages, one behind the other; a block may begin in one page and end in another. A
 * page is free again when the last block in it was taken.
 *
 * <p>Concurrency: appends and all fields are under the monitor. A block is read outside of it,
 * through views of its own, before its pages are let go.
 */
final class MappedSegment implements Segment {
  private static final Window NONE = new Window(ByteBuffer.allocate(0));

  /** Where a block lies. */
  private record Block(List<Page> pages, int at, long bytes, long payload, int rows) {}

  private final MappedPages pages;
  private final String what;
  private final Writer writer = new Writer();
  private final Map<Long, Block> waiting = new HashMap<>();
  private @Nullable Page current;
  private int next;
  private long bytes;
  private boolean closed;

  MappedSegment(MappedPages pages, String what) {
    this.pages = pages;
    this.what = what;
  }

  private final class Writer extends CheckedWriter {
    /** Pages of the block that is being written. */
    private List<Page> block = new ArrayList<>();

    Writer() {
      super(NONE);
    }

    int at() {
      return at;
    }

    /** A block begins in the current page, or in a new one. */
    void begin() {
      block = new ArrayList<>();
      Page page = current;
      if (page == null || at == to.size) {
        move();
      } else {
        touch(page);
      }
    }

    private void touch(Page page) {
      page.blocks++;
      block.add(page);
    }

    @Override
    protected void move() {
      Page page = pages.take(what);
      current = page;
      to = page.window;
      at = 0;
      touch(page);
    }
  }

  private static final class Reader extends CheckedReader {
    private final Block block;
    private int page;
    private long left;

    Reader(Block block) {
      super(NONE);
      this.block = block;
      this.left = block.bytes();
    }

    @Override
    protected void fill() {
      if (left == 0) {
        throw new IllegalStateException("it ends too early");
      }
      from = new Window(block.pages().get(page).bytes.duplicate());
      at = page == 0 ? block.at() : 0;
      page++;
      int here = (int) Math.min(left, from.size - at);
      end = at + here;
      left -= here;
    }
  }

  @Override
  public synchronized long append(Batch batch) {
    if (closed) {
      throw new IllegalStateException("the segment is closed");
    }
    Batch flat = BlockFormat.flat(batch);
    long payload = CheckedWriter.payload(flat);
    boolean done = false;
    try {
      writer.begin();
      int at = writer.at();
      writer.block(flat, payload, next, Codec.NONE, null);
      long all = payload + CheckedWriter.AROUND;
      waiting.put((long) next, new Block(writer.block, at, all, payload, flat.count()));
      bytes += all;
      done = true;
    } finally {
      if (!done) {
        leave(writer.block);
      }
    }
    return next++;
  }

  @Override
  public Batch take(long handle) {
    Block block;
    synchronized (this) {
      block = waiting.remove(handle);
      if (block == null) {
        throw new IllegalStateException(
            closed ? "the segment is closed" : "batch " + handle + " is not here");
      }
      bytes -= block.bytes();
    }
    try {
      return new Reader(block)
          .block(
              block.bytes(),
              block.rows(),
              (int) handle,
              block.payload(),
              () -> {
                throw new IllegalStateException("mapped blocks are not packed");
              });
    } catch (RuntimeException e) {
      throw PenstockException.io(
          "spill-corrupt",
          "block "
              + handle
              + " of the mapped rows of "
              + what
              + " is not what was written ("
              + e.getMessage()
              + "); check the disk, or spill to another one",
          e);
    } finally {
      synchronized (this) {
        leave(block.pages());
      }
    }
  }

  @Override
  public synchronized void drop(long handle) {
    Block block = waiting.remove(handle);
    if (block != null) {
      bytes -= block.bytes();
      leave(block.pages());
    }
  }

  private void leave(List<Page> block) {
    for (Page page : block) {
      if (--page.blocks == 0) {
        if (page == current) {
          current = null; // an empty segment holds no page
        }
        pages.giveBack(page);
      }
    }
  }

  @Override
  public synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (Block block : waiting.values()) {
      leave(block.pages());
    }
    waiting.clear();
    bytes = 0;
  }
}
