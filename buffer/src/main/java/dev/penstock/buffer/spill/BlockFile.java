package dev.penstock.buffer.spill;

import com.sun.nio.file.ExtendedOpenOption;
import dev.penstock.buffer.spill.Failpoints.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that is read and written in whole disk blocks, past the page cache where the file store
 * can do that (O_DIRECT): the first touch of a page of the cache costs more than the write.
 *
 * <p>Concurrency: calls at places of the file that do not overlap may come from any threads, each
 * with its own buffer.
 */
final class BlockFile implements AutoCloseable {
  /** Offsets and lengths are multiples of it, and so are the addresses of buffers. */
  static final int ALIGN = 4096;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int MOST_SHORT_WRITES = 64;

  private final Path path;
  private final FileChannel channel;
  private final Failpoints failpoints;

  private BlockFile(Path path, FileChannel channel, Failpoints failpoints) {
    this.path = path;
    this.channel = channel;
    this.failpoints = failpoints;
  }

  /** Makes the file, which must not be there. */
  static BlockFile create(Path path, boolean direct, Failpoints failpoints) throws IOException {
    failpoints.reach(Place.OPEN, path, NOTHING);
    Set<OpenOption> options =
        direct
            ? Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                ExtendedOpenOption.DIRECT)
            : Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new BlockFile(path, FileChannel.open(path, options), failpoints);
  }

  /** Whether files in this directory can bypass the page cache: tried with one block. */
  static boolean canBypassCache(Path directory) throws IOException {
    if (Files.getFileStore(directory).getBlockSize() > ALIGN) {
      return false;
    }
    ByteBuffer aligned =
        ByteBuffer.allocateDirect(2 * ALIGN).alignedSlice(ALIGN).limit(ALIGN).slice(0, ALIGN);
    Path probe = directory.resolve("probe");
    try (BlockFile file = create(probe, true, Failpoints.NONE)) {
      file.write(aligned, 0, ALIGN, 0);
      return file.read(aligned, ALIGN, 0) == ALIGN;
    } catch (UnsupportedOperationException | IOException refused) {
      return false; // a full or broken disk shows again with the first real write
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Writes bytes {@code from} until {@code to} of the buffer. */
  void write(ByteBuffer buffer, int from, int to, long at) throws IOException {
    int done = from;
    int shortWrites = 0;
    try {
      while (done < to) {
        buffer.limit(to).position(done);
        failpoints.reach(Place.WRITE, path, buffer);
        int wrote = channel.write(buffer, at + (done - from));
        if (done + wrote < to && ++shortWrites > MOST_SHORT_WRITES) {
          throw new IOException("the disk takes less than it is given");
        }
        done += wrote & -ALIGN; // what follows a piece that is no whole block would not be aligned
      }
    } finally {
      buffer.limit(buffer.capacity()); // the next one who borrows it gets all of it
    }
  }

  /** Reads up to so many bytes to the buffer's start; gives how many there were. */
  int read(ByteBuffer buffer, int length, long at) throws IOException {
    try {
      buffer.limit(length).position(0);
      while (buffer.position() < length) {
        int got = channel.read(buffer, at + buffer.position());
        if (got <= 0 || (buffer.position() & (ALIGN - 1)) != 0) {
          break;
        }
      }
      failpoints.reach(Place.READ, path, buffer);
      return buffer.position();
    } finally {
      buffer.limit(buffer.capacity());
    }
  }

  Path path() {
    return path;
  }

  /** Closes the file and deletes it. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      failpoints.reach(Place.DELETE, path, NOTHING);
      Files.deleteIfExists(path);
    }
  }
}
