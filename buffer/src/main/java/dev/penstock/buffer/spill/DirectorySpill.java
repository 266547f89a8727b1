package dev.penstock.buffer.spill;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SpillSpace} in a directory of its own below a given one; the directory is made with the
 * first file.
 *
 * <p>Concurrency: figures are atomics; the directory is made under the monitor.
 */
public final class DirectorySpill implements SpillSpace {
  private final Path parent;
  private final long quotaBytes;
  private final Set<DirectorySpillFile> files = ConcurrentHashMap.newKeySet();
  private final AtomicLong number = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong writtenRaw = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private @Nullable Path directory;
  private boolean closed;

  /**
   * @param parent made when it is not there
   * @param quotaBytes at most so much lies on disk at once
   */
  public DirectorySpill(Path parent, long quotaBytes) {
    this.parent = parent;
    this.quotaBytes = quotaBytes;
  }

  @Override
  public SpillFile create(String what, CancellationToken token) {
    DirectorySpillFile file = new DirectorySpillFile(this, what, token);
    files.add(file);
    return file;
  }

  /** The path of a new file. */
  synchronized Path newPath(String what) throws IOException {
    if (closed) {
      throw new PenstockException(
          PenstockException.Category.CANCELLED, "shutdown", "the engine is closed");
    }
    Path dir = directory;
    if (dir == null) {
      Files.createDirectories(parent);
      dir = Files.createTempDirectory(parent, "penstock-spill-");
      directory = dir;
    }
    return dir.resolve(what.replaceAll("[^a-z]+", "-") + "-" + number.incrementAndGet());
  }

  /** Counts bytes before they are written. */
  void take(long bytes, long rawBytes, String what) {
    long now = held.addAndGet(bytes);
    if (now > quotaBytes) {
      held.addAndGet(-bytes);
      throw PenstockException.limit(
          "spill-quota",
          what
              + " needs "
              + bytes
              + " bytes more on disk, but "
              + (now - bytes)
              + " of at most "
              + quotaBytes
              + " bytes are spilled; raise the spill quota or the memory cap");
    }
    written.addAndGet(bytes);
    writtenRaw.addAndGet(rawBytes);
  }

  void closed(DirectorySpillFile file, long bytes) {
    files.remove(file);
    held.addAndGet(-bytes);
  }

  @Override
  public long writtenRawBytes() {
    return writtenRaw.get();
  }

  @Override
  public long writtenBytes() {
    return written.get();
  }

  @Override
  public long heldBytes() {
    return held.get();
  }

  @Override
  public void close() {
    Path dir;
    synchronized (this) {
      closed = true;
      dir = directory;
      directory = null;
    }
    for (DirectorySpillFile file : files) {
      file.close();
    }
    if (dir != null) {
      try {
        Files.deleteIfExists(dir);
      } catch (IOException e) {
        throw PenstockException.io("spill-delete", "cannot delete " + dir + ": " + e, e);
      }
    }
  }
}
