package dev.penstock.buffer.spill;

import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.object.ObjectStore;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SpillSpace} in a directory of its own below a given one. The directory is made with the
 * first file; directories below the same parent whose owners died are removed when the space is
 * opened.
 *
 * <p>Written and read past the page cache where the file store can do that. Fixed overhead: the
 * buffers of {@link Stages}.
 *
 * <p>Concurrency: figures are atomics; the directory is made under the monitor.
 */
public final class DirectorySpill implements SpillSpace {
  /**
   * A larger file is deleted by a thread of its own: where a disk is told of each free block, that
   * takes as long as writing it.
   */
  private static final long LARGE_BYTES = 128L << 20;

  private final Path parent;
  private final long quotaBytes;
  private final Codec codec;
  private final @Nullable ObjectStore overflow;
  private final Failpoints failpoints;
  private final Stages stages = new Stages();
  private final Deleter deleter = new Deleter();
  private final Set<DirectorySpillFile> files = ConcurrentHashMap.newKeySet();
  private final AtomicLong number = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong writtenRaw = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong overflowed = new AtomicLong();
  private @Nullable OwnDirectory directory;
  private boolean direct;
  private boolean closed;

  /**
   * @param parent made when it is not there
   * @param quotaBytes at most so much lies on disk at once
   */
  public DirectorySpill(Path parent, long quotaBytes) {
    this(parent, quotaBytes, Codec.NONE);
  }

  /**
   * @param codec how blocks are packed
   */
  public DirectorySpill(Path parent, long quotaBytes, Codec codec) {
    this(parent, quotaBytes, codec, null, Failpoints.NONE);
  }

  /**
   * @param overflow where blocks go once the quota is reached, or null: then that is a LIMIT
   */
  public DirectorySpill(Path parent, long quotaBytes, Codec codec, @Nullable ObjectStore overflow) {
    this(parent, quotaBytes, codec, overflow, Failpoints.NONE);
  }

  /**
   * @param failpoints for tests: where the disk fails
   */
  public DirectorySpill(
      Path parent,
      long quotaBytes,
      Codec codec,
      @Nullable ObjectStore overflow,
      Failpoints failpoints) {
    this.parent = parent;
    this.quotaBytes = quotaBytes;
    this.codec = codec;
    this.failpoints = failpoints;
    this.overflow = overflow;
    if (Files.isDirectory(parent)) {
      try {
        for (String dead : OwnDirectory.sweep(parent)) {
          if (overflow != null) {
            overflow.delete(overflow.list(dead + "/"));
          }
        }
      } catch (IOException e) {
        throw failed("spill-open", "cannot remove what dead processes left", parent, e);
      }
    }
  }

  @Override
  public SpillFile create(String what, CancellationToken token) {
    DirectorySpillFile file = new DirectorySpillFile(this, what, token);
    files.add(file);
    return file;
  }

  /** A new file on disk. */
  BlockFile newFile(String what) throws IOException {
    Path path = newPath(what);
    boolean bypass;
    synchronized (this) {
      bypass = direct;
    }
    return BlockFile.create(path, bypass, failpoints);
  }

  /**
   * A path in the directory of this space for a file that somebody else makes; it is deleted with
   * the directory.
   */
  public Path newPath(String what) throws IOException {
    synchronized (this) {
      if (closed) {
        throw new PenstockException(
            PenstockException.Category.CANCELLED, "shutdown", "the engine is closed");
      }
      OwnDirectory dir = directory;
      if (dir == null) {
        dir = OwnDirectory.create(parent);
        directory = dir;
        direct = BlockFile.canBypassCache(dir.path());
      }
      return dir.path().resolve(what.replaceAll("[^a-z]+", "-") + "-" + number.incrementAndGet());
    }
  }

  @Nullable ObjectStore overflow() {
    return overflow;
  }

  /** A prefix of object keys for a file; the lock of the directory says that it is ours. */
  String newKey(String what) {
    Path path;
    try {
      path = newPath(what);
    } catch (IOException e) {
      throw failed("spill-write", "cannot make a directory for " + what, parent, e);
    }
    return path.getParent().getFileName() + "/" + path.getFileName() + "/";
  }

  /** Bytes that went to the second tier, and of rows. */
  void wroteBeyond(long bytes, long rawBytes) {
    overflowed.addAndGet(bytes);
    written.addAndGet(bytes);
    writtenRaw.addAndGet(rawBytes);
  }

  /** Bytes that were written to the second tier since the space was opened. */
  public long overflowedBytes() {
    return overflowed.get();
  }

  Stages stages() {
    return stages;
  }

  /** Below which directory, for figures and messages. */
  public Path parent() {
    return parent;
  }

  /** At most so much lies on disk at once. */
  public long quotaBytes() {
    return quotaBytes;
  }

  /** Whether there is a second tier for what is beyond the quota. */
  public boolean overflows() {
    return overflow != null;
  }

  /** How blocks on disk are packed. */
  public Codec codec() {
    return codec;
  }

  /** Counts bytes before they are written, if they are within the quota. */
  boolean tryTake(long bytes) {
    if (held.addAndGet(bytes) <= quotaBytes) {
      return true;
    }
    held.addAndGet(-bytes);
    if (!deleter.await()) {
      return false;
    }
    if (held.addAndGet(bytes) <= quotaBytes) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Counts bytes before they are written, or throws LIMIT: the quota. */
  public void take(long bytes, String what) {
    if (!tryTake(bytes)) {
      throw PenstockException.limit(
          "spill-quota",
          what
              + " needs "
              + bytes
              + " bytes more on disk, but "
              + held.get()
              + " of at most "
              + quotaBytes
              + " bytes are spilled; raise the spill quota or the memory cap");
    }
  }

  /** Counts bytes that were taken and are free again. */
  public void give(long bytes) {
    held.addAndGet(-bytes);
  }

  /** Of the bytes taken, so many were needed. */
  void wrote(long taken, long bytes, long rawBytes) {
    held.addAndGet(bytes - taken);
    written.addAndGet(bytes);
    writtenRaw.addAndGet(rawBytes);
  }

  /** Zeros at the end of what a file wrote. */
  void padded(long zeros) {
    held.addAndGet(zeros);
    written.addAndGet(zeros);
  }

  /** Deletes what a file held on disk; large ones soon, others now. */
  void closed(DirectorySpillFile file, @Nullable BlockFile onDisk, long bytes, String what) {
    files.remove(file);
    if (onDisk == null) {
      held.addAndGet(-bytes);
    } else if (bytes > LARGE_BYTES) {
      deleter.later(onDisk, () -> held.addAndGet(-bytes));
    } else {
      held.addAndGet(-bytes);
      try {
        onDisk.close();
      } catch (IOException e) {
        throw failed("spill-delete", "cannot delete the spilled rows of " + what, onDisk, e);
      }
    }
  }

  /** The error for a disk that fails. */
  PenstockException failed(String code, String what, @Nullable BlockFile file, IOException e) {
    return failed(code, what, file == null ? parent : file.path(), e);
  }

  /** The error for a disk that fails. */
  public static PenstockException failed(String code, String what, Path where, IOException e) {
    String why = e instanceof AccessDeniedException ? "access denied" : e.getMessage();
    return PenstockException.io(
        code,
        what
            + " at "
            + where
            + ": "
            + (why == null ? e.toString() : why)
            + "; see that the directory is writable and its disk is not full, or spill to another",
        e);
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

  /** Buffers that are in use now, of 1 MiB each. */
  int stagesInUse() {
    return stages.inUse();
  }

  @Override
  public void close() {
    OwnDirectory dir;
    synchronized (this) {
      closed = true;
      dir = directory;
      directory = null;
    }
    for (DirectorySpillFile file : files) {
      file.close();
    }
    boolean unused = deleter.await();
    if (dir != null) {
      try {
        dir.close();
      } catch (IOException e) {
        throw failed("spill-delete", "cannot delete spilled rows", dir.path(), e);
      }
    }
  }
}
