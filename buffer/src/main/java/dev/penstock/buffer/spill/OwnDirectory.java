package dev.penstock.buffer.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A directory that belongs to one space of this process, and that the next start removes when the
 * process dies.
 *
 * <pre>
 * parent/penstock-spill-PID-START-RANDOM.lock   locked for life; holds the pid
 * parent/penstock-spill-PID-START-RANDOM/       the files
 * </pre>
 *
 * <p>Laws: the lock file is made and locked before the directory, and deleted after it, by whoever
 * holds the lock. So a directory without a lock that somebody holds is a dead one's. START is the
 * start of the process: it tells this process from a dead one with its pid (in containers all have
 * the same); the lock files of this process are not even opened by a sweep, because closing them
 * would give up its own locks (POSIX).
 */
final class OwnDirectory implements AutoCloseable {
  private static final String PREFIX = "penstock-spill-";
  private static final String LOCK = ".lock";
  private static final String OWN =
      PREFIX
          + ProcessHandle.current().pid()
          + "-"
          + ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L)
          + "-";

  private final Path path;
  private final Path lockPath;
  private final FileChannel channel;

  private OwnDirectory(Path path, Path lockPath, FileChannel channel) {
    this.path = path;
    this.lockPath = lockPath;
    this.channel = channel;
  }

  static OwnDirectory create(Path parent) throws IOException {
    Files.createDirectories(parent);
    for (; ; ) {
      String name = OWN + Long.toHexString(ThreadLocalRandom.current().nextLong());
      Path lockPath = parent.resolve(name + LOCK);
      FileChannel channel =
          FileChannel.open(lockPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      boolean done = false;
      try {
        FileLock lock = channel.tryLock();
        if (lock != null && Files.exists(lockPath)) { // else a sweep was faster: another name
          String owner = "pid " + ProcessHandle.current().pid() + "\n";
          channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)));
          Path path = Files.createDirectory(parent.resolve(name));
          done = true;
          return new OwnDirectory(path, lockPath, channel);
        }
      } finally {
        if (!done) {
          Files.deleteIfExists(lockPath);
          channel.close();
        }
      }
    }
  }

  Path path() {
    return path;
  }

  /** Removes the directories of dead owners; gives their names. */
  static List<String> sweep(Path parent) throws IOException {
    List<String> removed = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(OWN)) {
          continue;
        }
        if (name.endsWith(LOCK)) {
          if (sweep(entry, name)) {
            removed.add(name.substring(0, name.length() - LOCK.length()));
          }
        } else if (!Files.exists(entry.resolveSibling(name + LOCK))) {
          delete(entry);
        }
      }
    }
    return removed;
  }

  private static boolean sweep(Path lockPath, String name) throws IOException {
    try (FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.WRITE)) {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        return false;
      }
      delete(lockPath.resolveSibling(name.substring(0, name.length() - LOCK.length())));
      Files.deleteIfExists(lockPath);
      return true;
    } catch (NoSuchFileException another) {
      return false; // another sweep, or its owner, was faster
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sweepOfAnotherThread) {
      return null;
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.isDirectory(file)) {
          delete(file);
        } else {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(directory);
  }

  /** Deletes the directory with what is in it, and gives the lock up. */
  @Override
  public void close() throws IOException {
    try {
      delete(path);
    } finally {
      Files.deleteIfExists(lockPath);
      channel.close();
    }
  }
}
