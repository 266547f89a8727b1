package dev.penstock.sparql.page;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The layout of files of pages, all numbers little endian.
 *
 * <pre>
 * file    = header data sums trailer
 * header  = magic (8) format (4) kind (4) store (8) version (8)      counted as data
 * sums    = CRC32C of each 64 KB of header and data (4 each)
 * trailer = magic (8) data bytes (8) fields (8 x 12) CRC of sums (4) CRC of the trailer before (4)
 * </pre>
 */
public final class FileFormat {
  static final long MAGIC = 0x314B4E5453524454L; // "TDRSTNK1"
  static final int FORMAT = 1;
  static final int HEADER = 32;
  static final int TRAILER = 120;

  /** How many figures a file may carry in its trailer. */
  public static final int FIELDS = 12;

  private static final int WINDOW_SHIFT = 30;

  private FileFormat() {}

  /**
   * Whose file it is.
   *
   * @param kind what is in it
   * @param store of which store
   * @param version of which version of the store
   */
  public record Identity(int kind, long store, long version) {}

  static byte[] header(Identity id) {
    byte[] bytes = new byte[HEADER];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(FORMAT).putInt(id.kind()).putLong(id.store()).putLong(id.version());
    return bytes;
  }

  static ByteBuffer trailer(long dataBytes, long[] fields, int sumOfSums) {
    byte[] bytes = new byte[TRAILER];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putLong(dataBytes);
    for (int k = 0; k < FIELDS; k++) {
      out.putLong(k < fields.length ? fields[k] : 0);
    }
    out.putInt(sumOfSums);
    out.putInt(sum(bytes, out.position()));
    return out.flip();
  }

  static int sum(byte[] of, int bytes) {
    CRC32C sum = new CRC32C();
    sum.update(of, 0, bytes);
    return (int) sum.getValue();
  }

  private static int sum(ByteBuffer of, int bytes) {
    CRC32C sum = new CRC32C();
    sum.update(of.duplicate().position(0).limit(bytes));
    return (int) sum.getValue();
  }

  /**
   * Maps a file that a {@link FileSink} wrote; its pages are checked when they are first read.
   *
   * @param bytes its length, as it is known elsewhere
   */
  public static Bytes open(Path file, Identity id, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      if (length != bytes || length < HEADER + TRAILER) {
        throw Checks.corrupt(file, "expected " + bytes + " bytes, got " + length);
      }
      ByteBuffer trailer = read(channel, file, length - TRAILER, TRAILER);
      ByteBuffer header = read(channel, file, 0, HEADER);
      if (header.getLong(0) != MAGIC || trailer.getLong(0) != MAGIC) {
        throw Checks.corrupt(file, "it does not look like a file of a triple store");
      }
      if (header.getInt(8) != FORMAT) {
        throw PenstockException.unsupported(
            "store-format",
            file
                + " has format "
                + header.getInt(8)
                + ", expected "
                + FORMAT
                + "; load its data again");
      }
      if (sum(trailer, TRAILER - 4) != trailer.getInt(TRAILER - 4)) {
        throw Checks.corrupt(file, "its trailer is not what was written");
      }
      if (!header.equals(ByteBuffer.wrap(header(id)))) {
        throw Checks.corrupt(
            file, "it belongs to another store or version, or its header is not what was written");
      }
      long data = trailer.getLong(8);
      long pages = (data + Checks.PAGE - 1) >>> Checks.PAGE_SHIFT;
      if (data + 4 * pages + TRAILER != length || pages > Integer.MAX_VALUE / 4) {
        throw Checks.corrupt(file, "its parts do not fit its length");
      }
      ByteBuffer sums = read(channel, file, data, (int) (4 * pages));
      if (sum(sums, sums.limit()) != trailer.getInt(TRAILER - 8)) {
        throw Checks.corrupt(file, "its checksums are not what was written");
      }
      int[] sum = new int[(int) pages];
      sums.asIntBuffer().get(sum);
      long[] fields = new long[FIELDS];
      trailer.position(16).slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(fields);
      ByteBuffer[] windows = map(channel, data);
      return new Bytes(
          windows, WINDOW_SHIFT, data, fields, new Checks(file, windows, WINDOW_SHIFT, data, sum));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw PenstockException.io("store-read", "cannot read " + file + ": " + e, e);
    }
  }

  private static ByteBuffer[] map(FileChannel channel, long data) throws IOException {
    ByteBuffer[] out = new ByteBuffer[(int) ((data + (1L << WINDOW_SHIFT) - 1) >>> WINDOW_SHIFT)];
    for (int w = 0; w < out.length; w++) {
      long from = (long) w << WINDOW_SHIFT;
      out[w] =
          channel
              .map(MapMode.READ_ONLY, from, Math.min(1L << WINDOW_SHIFT, data - from))
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    return out;
  }

  private static ByteBuffer read(FileChannel channel, Path file, long at, int bytes)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (out.hasRemaining()) {
      if (channel.read(out, at + out.position()) < 0) {
        throw Checks.corrupt(file, "it ends before byte " + (at + bytes));
      }
    }
    return out.flip();
  }
}
