package dev.penstock.sparql.page;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Bytes into a new file, with a checksum for each page; see {@link FileFormat}. */
public final class FileSink extends Sink {
  private final Path file;
  private final FileFormat.Identity id;
  private final FileChannel channel;
  private final Reservation memory;
  private final ByteBuffer buffer;
  private long flushed;
  private int[] sums = new int[64];
  private int pages;
  private long held;
  private boolean finished;

  /**
   * @param memory where buffers are counted, until the file is finished or closed
   * @param pagesAtOnce how many pages of 64 KB are written at once
   */
  public FileSink(Path file, FileFormat.Identity id, Reservation memory, int pagesAtOnce) {
    this.file = file;
    this.id = id;
    this.memory = memory;
    long bytes = (long) pagesAtOnce * Checks.PAGE + 4L * sums.length;
    memory.grow(bytes);
    this.held = bytes;
    this.buffer = ByteBuffer.allocate(pagesAtOnce * Checks.PAGE).order(ByteOrder.LITTLE_ENDIAN);
    try {
      this.channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ);
    } catch (IOException e) {
      memory.shrink(held);
      throw cannotWrite(e);
    }
    byte[] header = FileFormat.header(id);
    write(header, 0, header.length);
  }

  private PenstockException cannotWrite(IOException e) {
    return PenstockException.io("store-write", "cannot write " + file + ": " + e, e);
  }

  public Path file() {
    return file;
  }

  @Override
  public long position() {
    return flushed + buffer.position();
  }

  @Override
  public void write(byte[] from, int at, int bytes) {
    for (int done = 0; done < bytes; ) {
      int n = Math.min(bytes - done, buffer.remaining());
      buffer.put(from, at + done, n);
      done += n;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() {
    int n = buffer.position();
    for (int from = 0; from < n; from += Checks.PAGE) {
      CRC32C sum = new CRC32C();
      sum.update(buffer.array(), from, Math.min(Checks.PAGE, n - from));
      if (pages == sums.length) {
        memory.grow(8L * pages);
        held += 8L * pages;
        sums = Arrays.copyOf(sums, 2 * pages);
        memory.shrink(4L * pages);
        held -= 4L * pages;
      }
      sums[pages++] = (int) sum.getValue();
    }
    buffer.flip();
    put(buffer, flushed);
    flushed += n;
    buffer.clear();
  }

  private void put(ByteBuffer from, long at) {
    try {
      for (long place = at; from.hasRemaining(); ) {
        place += channel.write(from, place);
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void copy(long at, byte[] to, int bytes) {
    int old = (int) Math.max(0, Math.min(bytes, flushed - at));
    ByteBuffer into = ByteBuffer.wrap(to, 0, old);
    try {
      while (into.hasRemaining()) {
        if (channel.read(into, at + into.position()) < 0) {
          throw Checks.corrupt(file, "it ends before byte " + (at + old));
        }
      }
    } catch (IOException e) {
      throw PenstockException.io("store-read", "cannot read " + file + ": " + e, e);
    }
    if (old < bytes) {
      buffer.duplicate().get((int) (at + old - flushed), to, old, bytes - old);
    }
  }

  /** The length of the finished file. */
  public long fileBytes() {
    return flushed + 4L * pages + FileFormat.TRAILER;
  }

  /** Writes what is left, forces it to the disk, and maps it. */
  @Override
  public Bytes finish(long... fields) {
    if (buffer.position() > 0) {
      flush();
    }
    byte[] all = new byte[4 * pages];
    ByteBuffer table = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    table.asIntBuffer().put(sums, 0, pages);
    put(table, flushed);
    put(FileFormat.trailer(flushed, fields, FileFormat.sum(all, all.length)), flushed + all.length);
    try {
      channel.force(true);
      channel.close();
      free();
      finished = true;
      return FileFormat.open(file, id, fileBytes());
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private void free() {
    memory.shrink(held);
    held = 0;
  }

  /** Deletes a file that was not finished. */
  @Override
  public void close() {
    if (finished) {
      return;
    }
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw cannotWrite(e);
    } finally {
      free();
    }
  }
}
