package dev.penstock.sources.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.apache.parquet.format.CompressionCodec;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Decompresses pages. One per decoder; not thread-safe. */
final class PageCodec implements AutoCloseable {
  private @Nullable ZstdDecompressCtx zstd;

  /** False for a codec that cannot be read. */
  static boolean isSupported(CompressionCodec codec) {
    return codec != CompressionCodec.BROTLI && codec != CompressionCodec.LZO;
  }

  /**
   * Decompresses exactly {@code size} bytes to the begin of {@code out}; IOException when the input
   * is damaged or has another size.
   *
   * @param numbers the page holds values of a fixed width
   */
  void decompress(
      CompressionCodec codec,
      boolean numbers,
      byte[] in,
      int from,
      int length,
      byte[] out,
      int at,
      int size)
      throws IOException {
    long got;
    try {
      got =
          switch (codec) {
            case SNAPPY ->
                numbers
                    ? SnappyDecoder.decompress(in, from, length, out, at, size)
                    : snappy(in, from, length, out, at, size);
            case ZSTD -> zstd().decompressByteArray(out, at, size, in, from, length);
            case GZIP -> gzip(in, from, length, out, at, size);
            case LZ4_RAW -> lz4().decompress(in, from, length, out, at, size);
            case LZ4 -> lz4Framed(in, from, length, out, at, size);
            default -> throw new IOException("codec " + codec + " cannot be read");
          };
    } catch (RuntimeException e) {
      throw new IOException(e.toString(), e);
    }
    if (got != size) {
      throw new IOException("it holds " + got + " bytes, but declares " + size);
    }
  }

  private static long snappy(byte[] in, int from, int length, byte[] out, int at, int size)
      throws IOException {
    int declared = Snappy.uncompressedLength(in, from, length);
    return declared == size ? Snappy.uncompress(in, from, length, out, at) : declared;
  }

  private ZstdDecompressCtx zstd() {
    ZstdDecompressCtx z = zstd;
    if (z == null) {
      z = new ZstdDecompressCtx();
      zstd = z;
    }
    return z;
  }

  private static LZ4SafeDecompressor lz4() {
    return LZ4Factory.fastestInstance().safeDecompressor();
  }

  private static long gzip(byte[] in, int from, int length, byte[] out, int at, int size)
      throws IOException {
    try (GZIPInputStream gz =
        new GZIPInputStream(new ByteArrayInputStream(in, from, length), 8192)) {
      int n = gz.readNBytes(out, at, size);
      return n == size && gz.read() >= 0 ? n + 1L : n;
    }
  }

  /**
   * The framing of Hadoop: blocks of (4 bytes big-endian: size, 4 bytes: compressed size, data).
   * Some writers left it out, so what does not fit is read as one raw block.
   */
  private static long lz4Framed(byte[] in, int from, int length, byte[] out, int at, int size) {
    int pos = from;
    int end = from + length;
    int done = 0;
    try {
      while (end - pos >= 8 && done < size) {
        int block = Integer.reverseBytes(LittleEndian.getInt(in, pos));
        int compressed = Integer.reverseBytes(LittleEndian.getInt(in, pos + 4));
        if (block < 0 || compressed < 0 || compressed > end - pos - 8 || block > size - done) {
          break;
        }
        pos += 8;
        int n = lz4().decompress(in, pos, compressed, out, at + done, block);
        if (n != block) {
          break;
        }
        pos += compressed;
        done += n;
      }
      if (done == size && pos == end) {
        return size;
      }
    } catch (LZ4Exception e) {
      return lz4().decompress(in, from, length, out, at, size);
    }
    return lz4().decompress(in, from, length, out, at, size);
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }
}
