package dev.penstock.buffer.spill;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of blocks: {magic, version, codec, rows, length, CRC32C of the payload}, payload. The
 * handle of a block is its number.
 *
 * <p>Concurrency: writes are under the monitor of the file; {@code offsets} is published with it.
 */
final class DirectorySpillFile implements SpillFile {
  private static final int MAGIC = 0x50534231;
  private static final int HEADER = 24;

  private final DirectorySpill space;
  private final String what;
  private final CancellationToken token;
  private long[] offsets = new long[8];
  private int blocks;
  private long size;
  private long raw;
  private @Nullable Path path;
  private @Nullable FileChannel channel;
  private boolean closed;

  DirectorySpillFile(DirectorySpill space, String what, CancellationToken token) {
    this.space = space;
    this.what = what;
    this.token = token;
  }

  @Override
  public synchronized long write(Batch batch) {
    token.check();
    Batch flat = BlockFormat.flat(batch);
    long payload = BlockFormat.size(flat);
    if (payload > Integer.MAX_VALUE - 1024) {
      throw PenstockException.limit(
          "batch-too-wide", "a batch of " + payload + " bytes cannot be spilled; at most 2 GiB");
    }
    ByteBuffer out = ByteBuffer.allocate(HEADER + (int) payload).order(ByteOrder.LITTLE_ENDIAN);
    out.position(HEADER);
    BlockFormat.write(flat, out);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), HEADER, (int) payload);
    out.putInt(0, MAGIC).putInt(4, 1).putInt(8, flat.count()).putInt(12, (int) payload);
    out.putLong(16, crc.getValue());
    out.position(0);
    long bytes = HEADER + payload;
    space.take(bytes, payload, what);
    long at = size;
    size += bytes;
    raw += payload;
    try {
      FileChannel to = open();
      while (out.hasRemaining()) {
        to.write(out, at + out.position());
      }
    } catch (IOException e) {
      throw PenstockException.io(
          "spill-write", "cannot write spilled rows of " + what + " to " + path + ": " + e, e);
    }
    if (blocks + 1 >= offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[blocks + 1] = size;
    return blocks++;
  }

  private FileChannel open() throws IOException {
    FileChannel c = channel;
    if (c == null) {
      Path p = space.newPath(what);
      path = p;
      c =
          FileChannel.open(
              p, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = c;
    }
    return c;
  }

  @Override
  public Batch read(long handle) {
    token.check();
    long from;
    int length;
    FileChannel in;
    synchronized (this) {
      from = offsets[(int) handle];
      length = (int) (offsets[(int) handle + 1] - from);
      in = channel;
    }
    if (in == null) {
      throw new IllegalStateException("nothing was written");
    }
    ByteBuffer block = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (block.hasRemaining()) {
        if (in.read(block, from + block.position()) < 0) {
          throw corrupt(handle, "it ends after " + block.position() + " of " + length + " bytes");
        }
      }
    } catch (IOException e) {
      throw PenstockException.io(
          "spill-read", "cannot read spilled rows of " + what + " from " + path + ": " + e, e);
    }
    block.flip();
    CRC32C crc = new CRC32C();
    crc.update(block.array(), HEADER, length - HEADER);
    if (block.getInt(0) != MAGIC
        || block.getInt(12) != length - HEADER
        || block.getLong(16) != crc.getValue()) {
      throw corrupt(handle, "its checksum does not match");
    }
    block.position(HEADER);
    return BlockFormat.read(block);
  }

  private PenstockException corrupt(long handle, String why) {
    return new PenstockException(
        PenstockException.Category.IO,
        "spill-corrupt",
        "block " + handle + " of " + path + " is not what was written: " + why);
  }

  @Override
  public synchronized long readBytes(long handle) {
    return 2 * (offsets[(int) handle + 1] - offsets[(int) handle]) + 1024;
  }

  @Override
  public synchronized long sizeBytes() {
    return size;
  }

  @Override
  public synchronized long rawBytes() {
    return raw;
  }

  @Override
  public void seal() {}

  @Override
  public @Nullable String where() {
    return path == null ? null : path.toString();
  }

  @Override
  public void close() {
    FileChannel c;
    Path p;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      c = channel;
      p = path;
      channel = null;
    }
    space.closed(this, size);
    try {
      if (c != null) {
        c.close();
      }
      if (p != null) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      throw PenstockException.io("spill-delete", "cannot delete " + p + ": " + e, e);
    }
  }
}
