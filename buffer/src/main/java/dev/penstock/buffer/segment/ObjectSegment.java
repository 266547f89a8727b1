package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.BlockFormat;
import dev.penstock.buffer.block.CheckedWriter;
import dev.penstock.buffer.object.Blocks;
import dev.penstock.buffer.object.ObjectStore;
import dev.penstock.monitor.CancellationToken;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Blocks in an object store, one object each. What was taken is deleted with the rest on close: one
 * request for a thousand objects.
 *
 * <p>Concurrency: fields are under the monitor; no request is made under it.
 */
final class ObjectSegment implements Segment {
  private record Block(String key, long bytes, long payload, int rows) {}

  private final ObjectStore store;
  private final CancellationToken token;
  private final String prefix;
  private final Map<Long, Block> waiting = new HashMap<>();
  private final List<String> keys = new ArrayList<>();
  private int next;
  private long bytes;
  private boolean closed;

  private ObjectSegment(ObjectStore store, CancellationToken token, String what) {
    this.store = store;
    this.token = token;
    this.prefix = what.replaceAll("[^a-z]+", "-") + "-" + UUID.randomUUID() + "/";
  }

  static SegmentKind in(ObjectStore store, CancellationToken token) {
    return new SegmentKind() {
      @Override
      public String name() {
        return "object";
      }

      @Override
      public Segment open(String what) {
        return new ObjectSegment(store, token, what);
      }
    };
  }

  @Override
  public long append(Batch batch) {
    token.check();
    Batch flat = BlockFormat.flat(batch);
    long payload = CheckedWriter.payload(flat);
    int number;
    String key;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the segment is closed");
      }
      number = next++;
      key = prefix + number;
      keys.add(key); // before it is put: half of it may be there
    }
    ByteBuffer object = Blocks.write(flat, payload, number);
    store.put(key, object, token);
    synchronized (this) {
      waiting.put((long) number, new Block(key, object.remaining(), payload, flat.count()));
      bytes += object.remaining();
    }
    return number;
  }

  @Override
  public Batch take(long handle) {
    Block block = remove(handle);
    byte[] object = store.get(block.key(), token);
    return Blocks.read(
        object, block.rows(), (int) handle, block.payload(), store.where(block.key()));
  }

  private synchronized Block remove(long handle) {
    Block block = waiting.remove(handle);
    if (block == null) {
      throw new IllegalStateException(
          closed ? "the segment is closed" : "batch " + handle + " is not here");
    }
    return block;
  }

  @Override
  public synchronized void drop(long handle) {
    waiting.remove(handle);
  }

  @Override
  public synchronized long bytes() {
    return closed ? 0 : bytes;
  }

  @Override
  public void close() {
    List<String> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(keys);
      keys.clear();
      waiting.clear();
    }
    store.delete(all);
  }
}
