package dev.penstock.sources.text;

import com.github.luben.zstd.ZstdOutputStream;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Buffered bytes on their way to a file or a stream.
 *
 * <p>A file is written under a temporary name beside its place and renamed by {@link #finish}:
 * nobody sees half of it, and without finish nothing is left and an older file stays. A stream is
 * flushed and not closed. Used by one thread; writes block.
 */
public final class ByteOutput implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final String name;
  private final OutputStream out;
  private final @Nullable Path temporary;
  private final @Nullable Path target;
  private final byte[] buffer = new byte[BUFFER];
  private int used;
  private boolean done;

  private ByteOutput(
      String name, OutputStream out, @Nullable Path temporary, @Nullable Path target) {
    this.name = name;
    this.out = out;
    this.temporary = temporary;
    this.target = target;
  }

  /** To a stream that the caller owns. */
  public static ByteOutput to(OutputStream out) {
    return new ByteOutput("the output", out, null, null);
  }

  /** To a file, packed by its ending (.gz, .zst). */
  public static ByteOutput to(Path file) {
    return to(file, Compression.ofName(file.toString()));
  }

  /** To a file, packed. */
  public static ByteOutput to(Path file, Compression compression) {
    Path absolute = file.toAbsolutePath();
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      OutputStream raw = Files.newOutputStream(temporary);
      OutputStream out =
          switch (compression) {
            case NONE -> raw;
            case GZIP -> new GZIPOutputStream(raw, BUFFER);
            case ZSTD -> new ZstdOutputStream(raw);
          };
      return new ByteOutput(file.toString(), out, temporary, absolute);
    } catch (NoSuchFileException e) {
      throw PenstockException.io(
          "unwritable", file + ": cannot be written: its folder does not exist", e);
    } catch (IOException e) {
      throw failed(file.toString(), e);
    }
  }

  private static PenstockException failed(String name, IOException e) {
    String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String code = what.contains("Broken pipe") ? "output-gone" : "unwritable";
    return PenstockException.io(code, name + ": cannot be written: " + what, e);
  }

  public void put(int oneByte) {
    if (used == BUFFER) {
      flushBuffer();
    }
    buffer[used++] = (byte) oneByte;
  }

  public void put(byte[] bytes, int from, int size) {
    if (size > BUFFER - used) {
      flushBuffer();
      if (size >= BUFFER) {
        try {
          out.write(bytes, from, size);
        } catch (IOException e) {
          throw failed(name, e);
        }
        return;
      }
    }
    System.arraycopy(bytes, from, buffer, used, size);
    used += size;
  }

  public void put(byte[] bytes) {
    put(bytes, 0, bytes.length);
  }

  /** A text of ASCII characters. */
  public void putAscii(String text) {
    int n = text.length();
    for (int i = 0; i < n; i++) {
      put(text.charAt(i));
    }
  }

  public void putText(String text) {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  public void putLong(long value) {
    if (value == Long.MIN_VALUE) {
      putAscii("-9223372036854775808");
      return;
    }
    if (value < 0) {
      put('-');
    }
    putDigits(Math.abs(value), 1);
  }

  /** A number, not negative, with zeros in front up to a width of at most 20. */
  public void putDigits(long value, int width) {
    if (BUFFER - used < 20) {
      flushBuffer();
    }
    int size = 1;
    for (long v = value; v >= 10; v /= 10) {
      size++;
    }
    size = Math.max(size, width);
    long v = value;
    for (int i = used + size - 1; i >= used; i--) {
      buffer[i] = (byte) ('0' + v % 10);
      v /= 10;
    }
    used += size;
  }

  private void flushBuffer() {
    try {
      out.write(buffer, 0, used);
      used = 0;
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  /** Hands on what is buffered, so that a reader of the stream sees it. */
  public void flush() {
    flushBuffer();
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  /** Completes the output; idempotent. */
  public void finish() {
    if (done) {
      return;
    }
    flush();
    Path from = temporary;
    Path to = target;
    if (from != null && to != null) {
      try {
        out.close();
        try {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
          Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
      } catch (IOException e) {
        throw failed(name, e);
      }
    }
    done = true;
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    Path from = temporary;
    if (from != null) {
      try {
        out.close();
      } catch (IOException e) {
        // the file is thrown away: that its last bytes could not be written does not matter
        assert from != null;
      }
      try {
        Files.deleteIfExists(from);
      } catch (IOException e) {
        throw failed(name, e);
      }
    }
  }
}
