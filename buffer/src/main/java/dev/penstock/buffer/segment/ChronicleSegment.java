package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.BlockFormat;
import dev.penstock.buffer.block.CheckedReader;
import dev.penstock.buffer.block.CheckedWriter;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.block.Window;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in a Chronicle Queue; a block is one or more documents of at most 1 MiB. What Chronicle
 * has not stands around it: a checksum for each block, and the quota and directory of the spill
 * space. The room of a block is free when the segment is closed.
 *
 * <p>Concurrency: everything is under the monitor: appender and tailer are for one thread at a
 * time.
 */
final class ChronicleSegment implements Segment {
  private static final int DOCUMENT = 1 << 20;
  private static final int QUEUE_BLOCK = 16 << 20;

  /** Where a block lies: the indexes of its documents. */
  private record Block(long[] documents, long bytes, long payload, int rows) {}

  private final DirectorySpill space;
  private final String what;
  private final Map<Long, Block> waiting = new HashMap<>();
  private @Nullable Queue queue;
  private int next;
  private long bytes;
  private boolean closed;

  ChronicleSegment(DirectorySpill space, String what) {
    this.space = space;
    this.what = what;
  }

  /** The queue with its ends, opened with the first batch. */
  private static final class Queue implements AutoCloseable {
    final Path path;
    final ChronicleQueue queue;
    final ExcerptAppender appender;
    final ExcerptTailer tailer;
    final Bytes<ByteBuffer> out = Bytes.elasticByteBuffer(DOCUMENT, DOCUMENT);
    final Bytes<ByteBuffer> in = Bytes.elasticByteBuffer(DOCUMENT, DOCUMENT);

    Queue(Path path) {
      this.path = path;
      this.queue =
          SingleChronicleQueueBuilder.binary(path)
              .blockSize(QUEUE_BLOCK)
              .rollCycle(RollCycles.DEFAULT)
              .build();
      this.appender = queue.createAppender();
      this.tailer = queue.createTailer();
      appender.singleThreadedCheckDisabled(true);
      tailer.singleThreadedCheckDisabled(true);
      out.singleThreadedCheckDisabled(true);
      in.singleThreadedCheckDisabled(true);
    }

    static Window window(Bytes<ByteBuffer> of) {
      ByteBuffer buffer = of.underlyingObject();
      if (buffer == null) {
        throw new IllegalStateException("no buffer");
      }
      return new Window(buffer.duplicate());
    }

    @Override
    public void close() {
      tailer.close();
      appender.close();
      queue.close();
      out.releaseLast();
      in.releaseLast();
    }
  }

  private static final class Writer extends CheckedWriter {
    private final Queue queue;
    private long[] documents = new long[4];
    private int count;

    Writer(Queue queue) {
      super(Queue.window(queue.out));
      this.queue = queue;
    }

    @Override
    protected void move() {
      queue.out.clear();
      queue.out.writePosition(at);
      queue.appender.writeBytes(queue.out);
      if (count == documents.length) {
        documents = Arrays.copyOf(documents, 2 * count);
      }
      documents[count++] = queue.appender.lastIndexAppended();
      at = 0;
    }

    long[] finish() {
      if (at > 0) {
        move();
      }
      return Arrays.copyOf(documents, count);
    }
  }

  private static final class Reader extends CheckedReader {
    private final Queue queue;
    private final Block block;
    private int document;

    Reader(Queue queue, Block block) {
      super(Queue.window(queue.in));
      this.queue = queue;
      this.block = block;
    }

    @Override
    protected void fill() {
      queue.in.clear();
      if (document == block.documents().length
          || !queue.tailer.moveToIndex(block.documents()[document++])
          || !queue.tailer.readBytes(queue.in)) {
        throw new IllegalStateException("it ends too early");
      }
      at = 0;
      end = (int) queue.in.readRemaining();
    }
  }

  private Queue open() {
    Queue q = queue;
    if (q == null) {
      try {
        q = new Queue(space.newPath("chronicle"));
      } catch (IOException e) {
        throw PenstockException.io(
            "spill-write", "cannot make a queue for rows of " + what + ": " + e.getMessage(), e);
      }
      queue = q;
    }
    return q;
  }

  @Override
  public synchronized long append(Batch batch) {
    if (closed) {
      throw new IllegalStateException("the segment is closed");
    }
    Batch flat = BlockFormat.flat(batch);
    long payload = CheckedWriter.payload(flat);
    long all = payload + CheckedWriter.AROUND;
    space.take(all, what);
    bytes += all;
    try {
      Writer writer = new Writer(open());
      writer.block(flat, payload, next, Codec.NONE, null);
      waiting.put((long) next, new Block(writer.finish(), all, payload, flat.count()));
      return next++;
    } catch (PenstockException e) {
      throw e;
    } catch (RuntimeException e) {
      throw PenstockException.io(
          "spill-write", "cannot write rows of " + what + " to a queue: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized Batch take(long handle) {
    Block block = waiting.remove(handle);
    Queue q = queue;
    if (block == null || q == null) {
      throw new IllegalStateException(
          closed ? "the segment is closed" : "batch " + handle + " is not here");
    }
    try {
      return new Reader(q, block)
          .block(
              block.bytes(),
              block.rows(),
              (int) handle,
              block.payload(),
              () -> {
                throw new IllegalStateException("blocks of queues are not packed");
              });
    } catch (RuntimeException e) {
      throw PenstockException.io(
          "spill-corrupt",
          "block "
              + handle
              + " of "
              + q.path
              + " is not what was written ("
              + e.getMessage()
              + "); check the disk, or spill to another one",
          e);
    }
  }

  @Override
  public synchronized void drop(long handle) {
    waiting.remove(handle);
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
    waiting.clear();
    space.give(bytes);
    bytes = 0;
    Queue q = queue;
    queue = null;
    if (q != null) {
      q.close();
      delete(q.path);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw DirectorySpill.failed("spill-delete", "cannot delete a queue", directory, e);
    }
  }
}
