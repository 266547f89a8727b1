package dev.penstock.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file, in which state: as long as it is equal, what was read of the file still holds.
 *
 * @param path the real path, symbolic links followed
 * @param key of the inode, where there is one: a file put in the place of another has another
 * @param changed when the inode was changed, where the file system says so: no program sets it back
 */
public record FileIdentity(
    Path path, long sizeBytes, FileTime modified, @Nullable Object key, @Nullable Object changed) {

  /**
   * File systems keep times in steps of up to two seconds, and a file may be written to twice in
   * one.
   */
  private static final Duration TIME_STEP = Duration.ofSeconds(2);

  /** Looks at the file. Blocking. */
  public static FileIdentity of(Path path) throws IOException {
    Path real = path.toRealPath();
    BasicFileAttributes a = Files.readAttributes(real, BasicFileAttributes.class);
    boolean unix = real.getFileSystem().supportedFileAttributeViews().contains("unix");
    Object changed = unix ? Files.getAttribute(real, "unix:ctime") : null;
    return new FileIdentity(real, a.size(), a.lastModifiedTime(), a.fileKey(), changed);
  }

  /** Nothing says that the bytes are others; permissions and names may be. */
  public boolean hasSameBytes(FileIdentity other) {
    return sizeBytes == other.sizeBytes
        && modified.equals(other.modified)
        && Objects.equals(key, other.key);
  }

  /**
   * A later change of the file shows in its times. Of a file that was written to just now nothing
   * should be kept.
   */
  public boolean isSettled(Instant now) {
    return modified.toInstant().isBefore(now.minus(TIME_STEP));
  }
}
