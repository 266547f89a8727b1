package dev.penstock.buffer.spill;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.BlockFormat;
import dev.penstock.buffer.block.CheckedWriter;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.object.Blocks;
import dev.penstock.buffer.object.ObjectStore;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of blocks, one after another, as {@link CheckedWriter} writes them. The handle of a block
 * is its number.
 *
 * <p>Blocks are encoded into a stage of 1 MiB, which goes to disk when it is full; the end of the
 * last disk block is zeros when it goes earlier.
 *
 * <p>Concurrency: writes, and reads of what is still in the stage, are under the monitor of the
 * file. {@code blocks} and {@code table} are under the monitor of {@code lock}, which is never held
 * for long; {@code durable} is written after the bytes before it are on disk.
 */
final class DirectorySpillFile implements SpillFile {
  /** The place of a block that is in the second tier. */
  private static final long BEYOND = -1;

  /** Longs of a block in the table: place, length, payload bytes, rows and columns. */
  private static final int FIELDS = 4;

  private final DirectorySpill space;
  private final String what;
  private final CancellationToken token;
  private final Object lock = new Object();
  private final StageWriter out = new StageWriter(this);
  private long[] table = new long[8 * FIELDS];
  private int blocks;
  private long size;
  private long raw;
  private long padding;
  private final List<String> far = new ArrayList<>();
  private long farBytes;
  private volatile @Nullable String keys;
  private volatile long durable;
  private volatile @Nullable BlockFile file;
  private volatile boolean closed;

  /** Why what was in the stage is lost. */
  private @Nullable Throwable broken;

  DirectorySpillFile(DirectorySpill space, String what, CancellationToken token) {
    this.space = space;
    this.what = what;
    this.token = token;
  }

  @Override
  public synchronized long write(Batch batch) {
    token.check();
    if (closed) {
      throw new IllegalStateException(what + ": its spill file is closed");
    }
    checkWhole();
    Batch flat = BlockFormat.flat(batch);
    long payload = CheckedWriter.payload(flat);
    Codec codec = space.codec();
    long bound = CheckedWriter.bound(payload, codec);
    ObjectStore beyond = space.overflow();
    if (beyond == null) {
      space.take(bound, what);
    } else if (!space.tryTake(bound)) {
      return writeBeyond(flat, payload, beyond);
    }
    long bytes = bound;
    try {
      Stage stage = out.open(space.stages());
      long from = out.place();
      out.block(flat, payload, blocks, codec, codec == Codec.NONE ? null : stage.frames());
      bytes = out.place() - from;
      space.wrote(bound, bytes, payload);
      remember(from, bytes, payload, flat);
      if (!out.keep(space.stages())) {
        flush(true);
      }
    } catch (RuntimeException | Error e) {
      lost(e);
      throw e;
    } finally {
      size += bytes;
    }
    raw += payload;
    return blocks - 1L;
  }

  /** To the second tier: an object of its own. */
  private long writeBeyond(Batch flat, long payload, ObjectStore beyond) {
    String prefix = keys;
    if (prefix == null) {
      prefix = space.newKey(what);
      keys = prefix;
    }
    ByteBuffer object = Blocks.write(flat, payload, blocks);
    long bytes = object.remaining();
    far.add(prefix + blocks); // before it is put: half of it may be there
    beyond.put(prefix + blocks, object, token);
    space.wroteBeyond(bytes, payload);
    remember(BEYOND, bytes, payload, flat);
    raw += payload;
    farBytes += bytes;
    return blocks - 1L;
  }

  private Batch readBeyond(long handle) {
    ObjectStore beyond = space.overflow();
    String prefix = keys;
    if (beyond == null || prefix == null || closed) {
      throw new IllegalStateException(what + ": its spill file is closed");
    }
    String key = prefix + handle;
    byte[] object = beyond.get(key, token);
    return Blocks.read(
        object, (int) field(handle, 3), (int) handle, field(handle, 2), beyond.where(key));
  }

  private void remember(long from, long bytes, long payload, Batch flat) {
    synchronized (lock) {
      int f = blocks * FIELDS;
      if (f == table.length) {
        table = Arrays.copyOf(table, f * 2);
      }
      table[f] = from;
      table[f + 1] = bytes;
      table[f + 2] = payload;
      table[f + 3] = (long) flat.columns().length << 32 | flat.count();
      blocks++;
    }
  }

  private long field(long handle, int field) {
    synchronized (lock) {
      if (handle < 0 || handle >= blocks) {
        throw new IllegalArgumentException(what + " has no block " + handle);
      }
      return table[(int) handle * FIELDS + field];
    }
  }

  /**
   * Bytes of the stage to the disk; under the monitor.
   *
   * @param end where in the file the blocks end: what follows are zeros, which will be written
   *     again
   */
  void store(Stage stage, int from, int to, long at, long end) {
    try {
      BlockFile f = file;
      if (f == null) {
        f = space.newFile(what);
        file = f;
      }
      f.write(stage.window.bytes, from, to, at);
      durable = end;
    } catch (IOException e) {
      throw space.failed("spill-write", "cannot write spilled rows of " + what, file, e);
    }
  }

  /** Takes what is in the stage to the disk; the last one gives the stage back. */
  private void flush(boolean last) {
    try {
      long zeros = out.flush(last);
      if (last) {
        space.padded(zeros);
        padding += zeros;
        out.release(space.stages());
      }
    } catch (RuntimeException | Error e) {
      lost(e);
      throw e;
    }
  }

  private void lost(Throwable why) {
    if (broken == null) {
      broken = why;
    }
    out.release(space.stages());
  }

  /** Other lanes get the error of the one that failed: nobody knows whose the query hears first. */
  private void checkWhole() {
    Throwable why = broken;
    if (why instanceof PenstockException e) {
      throw new PenstockException(e.category(), e.code(), e.getMessage(), e);
    }
    if (why != null) {
      throw new IllegalStateException(what + ": its spill file has failed", why);
    }
  }

  @Override
  public Batch read(long handle) {
    token.check();
    long from = field(handle, 0);
    long length = field(handle, 1);
    if (from == BEYOND) {
      return readBeyond(handle);
    }
    if (from + length > durable) {
      synchronized (this) {
        Stage stage = out.stage();
        if (stage != null && from >= out.base()) {
          return decode(StageReader.inside(stage, (int) (from - out.base()), (int) length), handle);
        }
        if (from + length > durable) {
          checkWhole();
          flush(false);
        }
      }
    }
    BlockFile f = file;
    if (f == null) {
      throw new IllegalStateException(what + ": its spill file is closed");
    }
    Stage stage = space.stages().borrow();
    try {
      return decode(StageReader.onDisk(stage, f, from, length), handle);
    } finally {
      space.stages().giveBack(stage, false);
    }
  }

  private Batch decode(StageReader in, long handle) {
    long payload = field(handle, 2);
    int rows = (int) field(handle, 3);
    try {
      return in.block(field(handle, 1), rows, (int) handle, payload, in.stage()::frames);
    } catch (StageReader.Failed e) {
      if (closed) {
        throw new IllegalStateException(what + ": its spill file is closed", e);
      }
      throw space.failed("spill-read", "cannot read spilled rows of " + what, file, e.reason());
    } catch (RuntimeException e) {
      throw corrupt(handle, e); // whatever a decoder makes of bytes that are none of its own
    }
  }

  private PenstockException corrupt(long handle, RuntimeException why) {
    return PenstockException.io(
        "spill-corrupt",
        "block "
            + handle
            + " of "
            + where()
            + " is not what was written ("
            + why.getMessage()
            + "); check the disk, or spill to another one",
        why);
  }

  @Override
  public long readBytes(long handle) {
    long object = isBeyond(handle) ? field(handle, 1) : 0; // arrives as a whole
    return field(handle, 2) + object + 256 + 128 * (field(handle, 3) >>> 32);
  }

  @Override
  public boolean isBeyond(long handle) {
    return field(handle, 0) == BEYOND;
  }

  @Override
  public synchronized long sizeBytes() {
    return size + padding + farBytes;
  }

  @Override
  public synchronized long rawBytes() {
    return raw;
  }

  @Override
  public synchronized void seal() {
    if (!closed && broken == null && out.stage() != null) {
      flush(true);
    }
  }

  @Override
  public @Nullable String where() {
    BlockFile f = file;
    return f == null ? null : f.path().toString();
  }

  @Override
  public void close() {
    BlockFile f;
    List<String> objects;
    long bytes;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      out.release(space.stages());
      f = file;
      file = null;
      objects = List.copyOf(far);
      bytes = size + padding;
    }
    try {
      space.closed(this, f, bytes, what);
    } finally {
      ObjectStore beyond = space.overflow();
      if (beyond != null && !objects.isEmpty()) {
        beyond.delete(objects);
      }
    }
  }
}
