package dev.penstock.sources.text;

import com.github.luben.zstd.ZstdInputStream;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/**
 * The bytes of one file, decompressed, as UTF-8. Reads block.
 *
 * <p>Concurrency: one thread reads; any thread may close. {@code close} first closes the channel,
 * which ends a blocked read, then waits for the reader to leave and frees the decompressor. {@code
 * rawPosition} is a plain read of a volatile.
 */
public final class ByteInput implements AutoCloseable {
  private static final int RAW_BUFFER = 1 << 16;

  private final String name;
  private final FileChannel channel;
  private final long rawSize;
  private final InputStream in;
  private volatile long rawPosition;
  private volatile boolean closed;
  private boolean freed;

  private ByteInput(Path path, String name, Compression compression, Charset charset, long offset)
      throws IOException {
    this.name = name;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    InputStream stream;
    try {
      this.rawSize = channel.size();
      channel.position(offset);
      this.rawPosition = offset;
      InputStream raw = new Raw();
      stream =
          switch (compression) {
            case NONE -> raw;
            case GZIP -> new GZIPInputStream(raw, RAW_BUFFER);
            case ZSTD -> new ZstdInputStream(raw);
          };
      if (!charset.equals(StandardCharsets.UTF_8)) {
        stream = new Transcoded(stream, charset);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    this.in = stream;
  }

  /**
   * Opens a file.
   *
   * @param name how messages call it
   */
  public static ByteInput open(Path path, String name, Compression compression, Charset charset) {
    return open(path, name, compression, charset, 0);
  }

  static ByteInput open(
      Path path, String name, Compression compression, Charset charset, long offset) {
    try {
      return new ByteInput(path, name, compression, charset, offset);
    } catch (NoSuchFileException e) {
      throw PenstockException.io("no-such-file", name + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw PenstockException.io("unreadable", name + ": no permission to read it", e);
    } catch (IOException e) {
      throw broken(name, compression, e);
    }
  }

  private static PenstockException broken(String name, Compression compression, IOException e) {
    String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return compression == Compression.NONE
        ? PenstockException.io("unreadable", name + ": cannot be read: " + what, e)
        : PenstockException.io(
            "corrupt-file",
            name
                + ": is not whole "
                + (compression == Compression.GZIP ? "gzip" : "zstd")
                + " data: "
                + what,
            e);
  }

  /** Fills the range as far as the file goes; fewer bytes than asked for mean its end. */
  public synchronized int read(byte[] into, int from, int count) {
    int done = 0;
    try {
      while (done < count) {
        if (closed) {
          return done;
        }
        int n = in.read(into, from + done, count - done);
        if (n < 0) {
          break;
        }
        done += n;
      }
      return done;
    } catch (IOException e) {
      if (closed) {
        return done;
      }
      Compression c =
          in instanceof GZIPInputStream
              ? Compression.GZIP
              : in instanceof ZstdInputStream ? Compression.ZSTD : Compression.NONE;
      throw broken(name, c, e);
    }
  }

  /** Bytes read from the file itself, before decompression. */
  public long rawPosition() {
    return rawPosition;
  }

  /** Bytes of the file itself. */
  public long rawSize() {
    return rawSize;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw PenstockException.io("unreadable", name + ": cannot be closed: " + e.getMessage(), e);
    } finally {
      free();
    }
  }

  private synchronized void free() {
    if (!freed) {
      freed = true;
      try {
        in.close();
      } catch (IOException e) {
        // nothing was written: a decompressor that fails to close has nothing left to tell
        assert e != null;
      }
    }
  }

  /** The channel as a stream that knows how much is left (gzip with several members asks). */
  private final class Raw extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      if (len == 0) {
        return 0;
      }
      int n = channel.read(ByteBuffer.wrap(b, off, len));
      if (n > 0) {
        long before = rawPosition;
        rawPosition = before + n;
      }
      return n;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, Math.max(0, rawSize - rawPosition));
    }
  }
}
