package dev.penstock.sources.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Compresses pages and puts them, with their headers, to the end of a column chunk. One per sink;
 * not thread-safe.
 */
final class PageWriter implements AutoCloseable {
  private final CompressionCodec codec;
  private @Nullable ZstdCompressCtx zstd;
  private byte[] scratch = {};

  PageWriter(ParquetSink.Compression compression) {
    this.codec =
        switch (compression) {
          case NONE -> CompressionCodec.UNCOMPRESSED;
          case SNAPPY -> CompressionCodec.SNAPPY;
          case ZSTD -> CompressionCodec.ZSTD;
        };
  }

  CompressionCodec codec() {
    return codec;
  }

  /** Writes a data page (version 1); the uncompressed size of header and data comes back. */
  long data(GrowingBytes page, int values, Encoding encoding, GrowingBytes chunk) {
    PageHeader h = new PageHeader(PageType.DATA_PAGE, page.size, 0);
    h.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
    return write(h, page, chunk);
  }

  long dictionary(GrowingBytes page, int values, GrowingBytes chunk) {
    PageHeader h = new PageHeader(PageType.DICTIONARY_PAGE, page.size, 0);
    h.setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
    return write(h, page, chunk);
  }

  private long write(PageHeader h, GrowingBytes page, GrowingBytes chunk) {
    try {
      int n = compress(page);
      byte[] bytes = codec == CompressionCodec.UNCOMPRESSED ? page.bytes : scratch;
      CRC32 crc = new CRC32();
      crc.update(bytes, 0, n);
      h.setCompressed_page_size(n);
      h.setCrc((int) crc.getValue());
      byte[] header = ThriftBytes.write(h);
      chunk.put(header, 0, header.length);
      chunk.put(bytes, 0, n);
      return header.length + (long) page.size;
    } catch (IOException e) {
      throw PenstockException.fault("a Parquet page could not be compressed with " + codec, e);
    }
  }

  private int compress(GrowingBytes page) throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> page.size;
      case SNAPPY -> {
        room(Snappy.maxCompressedLength(page.size));
        yield Snappy.compress(page.bytes, 0, page.size, scratch, 0);
      }
      default -> {
        room((int) Math.min(Integer.MAX_VALUE - 64, Zstd.compressBound(page.size)));
        ZstdCompressCtx z = zstd;
        if (z == null) {
          z = new ZstdCompressCtx();
          z.setLevel(3);
          zstd = z;
        }
        yield z.compressByteArray(scratch, 0, scratch.length, page.bytes, 0, page.size);
      }
    };
  }

  private void room(int n) {
    if (scratch.length < n) {
      scratch = new byte[n];
    }
  }

  long sizeBytes() {
    return scratch.length;
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }
}
