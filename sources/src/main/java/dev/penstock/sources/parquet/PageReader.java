package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;

/**
 * Finds the pages of a chunk, checks and decompresses them. The decompressed bytes of one page lie
 * in a buffer that is used again for the next; it is reserved before it grows.
 */
final class PageReader {
  /** Headers are seldom longer: they hold a few numbers, and bounds of texts. */
  private static final int HEADER_BYTES = 4096;

  private static final byte[] NONE = {};

  private final PageCodec codec;
  private final Reservation held;
  private byte[] scratch = NONE;

  /**
   * Where {@link #load} left the bytes of the page: levels and values, or the values only (version
   * 2).
   */
  byte[] bytes = NONE;

  int from;
  int to;

  PageReader(PageCodec codec, Reservation held) {
    this.codec = codec;
    this.held = held;
  }

  /**
   * All pages of the chunk: data pages that together hold exactly the chunk's values, and a
   * dictionary page at most, which comes first.
   */
  static List<Page> pages(Chunk chunk) {
    List<Page> out = new ArrayList<>();
    long values = 0;
    long wanted = chunk.meta().getNum_values();
    int at = chunk.from();
    while (values < wanted) {
      Page page = page(chunk, at);
      if (page != null) {
        if (page.isDictionary() && !out.isEmpty()) {
          throw chunk
              .place()
              .corrupt("a dictionary page that is not the first page", at - chunk.from());
        }
        out.add(page);
        values += page.isDictionary() ? 0 : page.values();
        at = page.data() + page.compressedBytes();
      } else {
        at = skipPage(chunk, at);
      }
    }
    if (values != wanted) {
      throw chunk
          .place()
          .corrupt(
              "its pages hold " + values + " values, the chunk declares " + wanted,
              at - chunk.from());
    }
    return out;
  }

  /** The dictionary page that the chunk begins with, or null. */
  static @Nullable Page dictionary(Chunk chunk) {
    Page first = page(chunk, chunk.from());
    return first != null && first.isDictionary() ? first : null;
  }

  /**
   * Values of the data pages that lie wholly in the range, which may stop anywhere, up to the first
   * that is larger than so many bytes.
   */
  static int wholeValues(Chunk chunk, int maxPageBytes) {
    int values = 0;
    int at = chunk.from();
    try {
      while (at < chunk.to()) {
        Page page = page(chunk, at);
        if (page == null) {
          at = skipPage(chunk, at);
          continue;
        }
        if (page.uncompressedBytes() > maxPageBytes) {
          return values;
        }
        values = page.isDictionary() ? values : Math.addExact(values, page.values());
        at = page.data() + page.compressedBytes();
      }
      return values;
    } catch (PenstockException | ArithmeticException e) {
      return values; // the range stops in a page
    }
  }

  /**
   * Bytes of the chunk up to the end of its first data page; only the headers up to it need be
   * there. More than the range has when they are not.
   */
  static long firstPageBytes(Chunk chunk) {
    long at = chunk.from();
    try {
      while (at < chunk.to()) {
        ThriftBytes in = new ThriftBytes(chunk.bytes(), (int) at, chunk.to());
        PageHeader header = in.read(new PageHeader());
        at = (long) in.position() + Math.max(0, header.getCompressed_page_size());
        if (header.getType() == PageType.DATA_PAGE || header.getType() == PageType.DATA_PAGE_V2) {
          return at - chunk.from();
        }
      }
      return at + HEADER_BYTES - chunk.from();
    } catch (TException | RuntimeException e) {
      return at + HEADER_BYTES - chunk.from();
    }
  }

  private static PageHeader header(Chunk chunk, int at, int[] end) {
    if (at >= chunk.to()) {
      throw chunk.place().corrupt("the chunk ends before its values", at - chunk.from());
    }
    try {
      ThriftBytes in = new ThriftBytes(chunk.bytes(), at, chunk.to());
      PageHeader header = in.read(new PageHeader());
      end[0] = in.position();
      int compressed = header.getCompressed_page_size();
      if (compressed < 0
          || compressed > chunk.to() - in.position()
          || header.getUncompressed_page_size() < 0) {
        throw chunk
            .place()
            .corrupt(
                "a page declares "
                    + compressed
                    + " bytes ("
                    + header.getUncompressed_page_size()
                    + " uncompressed) where "
                    + (chunk.to() - in.position())
                    + " are left",
                at - chunk.from());
      }
      return header;
    } catch (PenstockException e) {
      throw e;
    } catch (TException | RuntimeException e) {
      throw chunk
          .place()
          .corrupt("a page header cannot be read (" + e.getMessage() + ")", at - chunk.from(), e);
    }
  }

  private static int skipPage(Chunk chunk, int at) {
    int[] end = new int[1];
    PageHeader h = header(chunk, at, end);
    return end[0] + h.getCompressed_page_size();
  }

  /** The page at an offset, or null when it is of a kind that readers pass over. */
  private static @Nullable Page page(Chunk chunk, int at) {
    int[] end = new int[1];
    PageHeader h = header(chunk, at, end);
    int data = end[0];
    int compressed = h.getCompressed_page_size();
    int uncompressed = h.getUncompressed_page_size();
    Page page = null;
    if (h.getType() == PageType.DATA_PAGE && h.isSetData_page_header()) {
      DataPageHeader d = h.getData_page_header();
      page =
          new Page(
              at,
              data,
              compressed,
              uncompressed,
              d.getNum_values(),
              d.getEncoding(),
              d.getDefinition_level_encoding(),
              1,
              0,
              0,
              true,
              h.isSetCrc(),
              h.getCrc());
    } else if (h.getType() == PageType.DATA_PAGE_V2 && h.isSetData_page_header_v2()) {
      DataPageHeaderV2 d = h.getData_page_header_v2();
      int r = d.getRepetition_levels_byte_length();
      int l = d.getDefinition_levels_byte_length();
      if (r < 0 || l < 0 || r > compressed || l > compressed - r || uncompressed < r + l) {
        throw chunk
            .place()
            .corrupt(
                "a page of "
                    + compressed
                    + " bytes declares "
                    + r
                    + " and "
                    + l
                    + " bytes of levels",
                at - chunk.from());
      }
      boolean isCompressed = !d.isSetIs_compressed() || d.isIs_compressed();
      page =
          new Page(
              at,
              data,
              compressed,
              uncompressed,
              d.getNum_values(),
              d.getEncoding(),
              Encoding.RLE,
              2,
              r,
              l,
              isCompressed,
              h.isSetCrc(),
              h.getCrc());
    } else if (h.getType() == PageType.DICTIONARY_PAGE && h.isSetDictionary_page_header()) {
      page =
          new Page(
              at,
              data,
              compressed,
              uncompressed,
              h.getDictionary_page_header().getNum_values(),
              h.getDictionary_page_header().getEncoding(),
              Encoding.RLE,
              0,
              0,
              0,
              true,
              h.isSetCrc(),
              h.getCrc());
    } else if (h.getType() != PageType.INDEX_PAGE) {
      throw chunk
          .place()
          .corrupt("a page without its header of type " + h.getType(), at - chunk.from());
    }
    if (page != null && page.values() < 0) {
      throw chunk
          .place()
          .corrupt("a page declares " + page.values() + " values", at - chunk.from());
    }
    return page;
  }

  /**
   * Checks and decompresses; afterwards {@link #bytes} from {@link #from} to {@link #to} are the
   * page (version 2: without its levels).
   */
  void load(Chunk chunk, Page page) {
    if (page.hasCrc()) {
      CRC32 crc = new CRC32();
      crc.update(chunk.bytes(), page.data(), page.compressedBytes());
      if ((int) crc.getValue() != page.crc()) {
        throw chunk
            .place()
            .corrupt(
                "the checksum of a page does not match its bytes", page.header() - chunk.from());
      }
    }
    int levels = page.repetitionBytes() + page.definitionBytes();
    int start = page.data() + levels;
    int length = page.compressedBytes() - levels;
    int size = page.uncompressedBytes() - levels;
    CompressionCodec c = chunk.meta().getCodec();
    if (c == CompressionCodec.UNCOMPRESSED || !page.compressed()) {
      if (length != size) {
        throw chunk
            .place()
            .corrupt(
                "an uncompressed page of " + length + " bytes declares " + size,
                page.header() - chunk.from());
      }
      bytes = chunk.bytes();
      from = start;
      to = start + length;
      return;
    }
    if (!PageCodec.isSupported(c)) {
      throw chunk
          .place()
          .unsupported(
              "pages compressed with " + c + " cannot be read; write the file with snappy or zstd",
              0);
    }
    byte[] out = scratch(chunk, page, size);
    from = 0;
    to = size;
    if (length == 0 && size == 0) {
      return;
    }
    try {
      boolean numbers = chunk.column().width() > 0 && !page.hasIds();
      codec.decompress(c, numbers, chunk.bytes(), start, length, out, 0, size);
    } catch (IOException e) {
      throw chunk
          .place()
          .corrupt(
              "a page cannot be decompressed with " + c + " (" + e.getMessage() + ")",
              page.header() - chunk.from(),
              e);
    }
  }

  private byte[] scratch(Chunk chunk, Page page, int size) {
    if (scratch.length < size + 8L) {
      if (size > Integer.MAX_VALUE - 64) {
        throw chunk
            .place()
            .corrupt("a page declares " + size + " bytes", page.header() - chunk.from());
      }
      int wanted = size + 8;
      held.grow(wanted - scratch.length);
      scratch = NONE; // the old one is free before the new one is there
      bytes = NONE;
      scratch = new byte[wanted];
    }
    bytes = scratch;
    return scratch;
  }
}
