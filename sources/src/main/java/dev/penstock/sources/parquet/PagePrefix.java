package dev.penstock.sources.parquet;

import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;

/**
 * The first rows of a chunk without decompressing its first page: some writers make pages of a
 * megabyte, of which a sample needs the begin only. Made for PLAIN pages of version 1, plain or in
 * Snappy.
 *
 * <pre>
 * page of the file    header | snappy( levels | values ............ )
 * page of the prefix  header | levels | values, as many as were decompressed
 * </pre>
 */
final class PagePrefix {
  private static final int HEADER_ROOM = 64;
  private static final int TEXT_BYTES = 1 << 18;

  private PagePrefix() {}

  /**
   * A chunk that is only the first page's first rows, at most so many; null when it cannot be made,
   * or would have few.
   *
   * @param begin the chunk, of which nothing but the begin need be there
   */
  static @Nullable Chunk of(Chunk begin, int maxRows) {
    try {
      return read(begin, maxRows);
    } catch (TException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null; // it is read in the common way, which says what is wrong
    }
  }

  private static @Nullable Chunk read(Chunk begin, int maxRows) throws TException {
    ParquetColumn column = begin.column();
    ThriftBytes in = new ThriftBytes(begin.bytes(), begin.from(), begin.to());
    PageHeader header = in.read(new PageHeader());
    CompressionCodec codec = begin.meta().getCodec();
    boolean packed = codec == CompressionCodec.SNAPPY;
    if (header.getType() != PageType.DATA_PAGE
        || !header.isSetData_page_header()
        || !(packed || codec == CompressionCodec.UNCOMPRESSED)) {
      return null;
    }
    DataPageHeader data = header.getData_page_header();
    boolean rle = data.getDefinition_level_encoding() == Encoding.RLE;
    if (data.getEncoding() != Encoding.PLAIN || (column.optional() && !rle)) {
      return null;
    }
    int rows = Math.min(maxRows, data.getNum_values());
    int width = column.width();
    int size = header.getUncompressed_page_size();
    // the levels of a page are seldom more than a bit for each of its rows
    int levels = column.optional() ? 64 + data.getNum_values() / 8 : 0;
    int wanted =
        Math.min(size, levels + (width < 0 ? TEXT_BYTES : (rows + 1) * Math.max(1, width)));
    int to = Math.min(begin.to(), in.position() + header.getCompressed_page_size());
    byte[] out = new byte[HEADER_ROOM + wanted + 64 + 8];
    int got;
    if (packed) {
      got = SnappyPrefix.decompress(begin.bytes(), in.position(), to, out, HEADER_ROOM, wanted);
    } else {
      got = Math.min(wanted, to - in.position());
      System.arraycopy(begin.bytes(), in.position(), out, HEADER_ROOM, got);
    }
    int valuesAt = column.optional() ? 4 + LittleEndian.getInt(out, HEADER_ROOM) : 0;
    if (valuesAt < 0 || valuesAt > got) {
      return null;
    }
    int whole = Math.min(rows, values(out, HEADER_ROOM + valuesAt, HEADER_ROOM + got, width));
    if (whole < Math.min(data.getNum_values(), maxRows / 16)) {
      return null;
    }
    return chunk(begin, out, got, whole);
  }

  /** How many whole values lie in the range. */
  private static int values(byte[] b, int from, int to, int width) {
    if (width == 0) {
      return (int) Math.min(Integer.MAX_VALUE, (to - from) * 8L);
    }
    if (width > 0) {
      return (to - from) / width;
    }
    int n = 0;
    int at = from;
    while (to - at >= 4) {
      int length = LittleEndian.getInt(b, at);
      if (length < 0 || length > to - at - 4) {
        break;
      }
      at += 4 + length;
      n++;
    }
    return n;
  }

  private static Chunk chunk(Chunk begin, byte[] page, int size, int rows) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, size, size);
    header.setData_page_header(
        new DataPageHeader(rows, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    byte[] head = ThriftBytes.write(header);
    int from = HEADER_ROOM - head.length;
    System.arraycopy(head, 0, page, from, head.length);
    ColumnMetaData meta = new ColumnMetaData(begin.meta());
    meta.setCodec(CompressionCodec.UNCOMPRESSED);
    meta.setNum_values(rows);
    byte[] bytes = Arrays.copyOf(page, HEADER_ROOM + size + 8);
    return new Chunk(
        begin.column(), meta, bytes, from, HEADER_ROOM + size, begin.place(), rows, List.of());
  }
}
