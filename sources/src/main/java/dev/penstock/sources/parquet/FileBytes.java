package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An open file, read at positions into byte arrays. Errors are IO errors with the name of the file.
 *
 * <p>Reads go in pieces, because the JDK copies through a direct buffer as large as the piece and
 * keeps it.
 */
final class FileBytes implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 18;

  private final Path path;
  private final FileChannel channel;

  private FileBytes(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static FileBytes open(Path path) {
    try {
      return new FileBytes(path, FileChannel.open(path, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw PenstockException.io("no-such-file", path + ": there is no such file", e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  static PenstockException failed(Path path, IOException e) {
    return PenstockException.io("read-failed", path + ": reading failed: " + e, e);
  }

  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Fills {@code into} from {@code at} on; a file that ends before is an error. */
  void read(long position, byte[] into, int at, int length) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      int done = 0;
      while (done < length) {
        int piece = Math.min(PIECE_BYTES, length - done);
        buffer.limit(at + done + piece).position(at + done);
        int n = channel.read(buffer, position + done);
        if (n <= 0) {
          throw new EOFException(
              "the file ends at offset "
                  + (position + done)
                  + ", before the data that it declares");
        }
        done += n;
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }
}
