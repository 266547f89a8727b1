package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one column, one row group after another. As long as the distinct values fit into a
 * dictionary, ids are kept and become pages at the end of the row group; when they no longer fit,
 * the ids so far become pages, and what follows is PLAIN.
 *
 * <pre>
 * chunk := [dictionary page] pages of ids ... PLAIN pages ...
 * </pre>
 */
abstract class ColumnWriter {
  /** Rows and bytes of a page; small enough for a cache, and for skipping by the page index. */
  static final int PAGE_ROWS = 20_480;

  static final int PAGE_BYTES = 1 << 20;

  final SinkColumn column;
  final PageWriter pages;
  final boolean optional;

  /** PLAIN values of the page that is being filled. */
  final GrowingBytes plain = new GrowingBytes();

  final MinMax pageBounds;
  private final MinMax chunkBounds;
  private final GrowingBytes page = new GrowingBytes();
  private final GrowingBytes chunk = new GrowingBytes();
  private final List<PageLocation> locations = new ArrayList<>();
  private final List<Boolean> nullPages = new ArrayList<>();
  private final List<ByteBuffer> minima = new ArrayList<>();
  private final List<ByteBuffer> maxima = new ArrayList<>();
  private final List<Long> nullCounts = new ArrayList<>();
  private long uncompressed;
  private int rows; // of the row group
  private int pageStart; // first row of the page that is being filled
  private int nullsInPage;
  private long nullsInChunk;
  private long[] nulls = new long[64];
  private int @Nullable [] ids; // null: no (more) dictionary
  private int idCount;
  private int dictionaryBytes;
  private int plainPages;
  private int idPages;

  ColumnWriter(SinkColumn column, PageWriter pages) {
    this.column = column;
    this.pages = pages;
    this.optional = column.field().nullable();
    this.pageBounds = new MinMax(column.order());
    this.chunkBounds = new MinMax(column.order());
  }

  static ColumnWriter of(SinkColumn column, PageWriter pages) {
    ColumnWriter writer =
        switch (column.physical()) {
          case BOOLEAN -> new BitWriter(column, pages);
          case INT32, INT64, DOUBLE -> new NumberWriter(column, pages);
          default -> new BytesWriter(column, pages);
        };
    writer.next();
    return writer;
  }

  /** Begins the next row group. */
  final void next() {
    chunk.clear();
    locations.clear();
    nullPages.clear();
    minima.clear();
    maxima.clear();
    nullCounts.clear();
    uncompressed = 0;
    rows = 0;
    nullsInChunk = 0;
    Arrays.fill(nulls, 0);
    idCount = 0;
    dictionaryBytes = 0;
    plainPages = 0;
    idPages = 0;
    chunkBounds.clear();
    clearDictionary();
    ids = wantsDictionary() ? new int[1024] : null;
    beginPage();
  }

  private void beginPage() {
    plain.clear();
    pageBounds.clear();
    nullsInPage = 0;
    pageStart = rows;
  }

  /** Appends the rows of a batch. */
  abstract void write(Column values, Batch batch);

  /** Whether a dictionary is tried at all. */
  abstract boolean wantsDictionary();

  abstract void clearDictionary();

  abstract int dictionarySize();

  /** Writes the dictionary's values in PLAIN form. */
  abstract void putDictionary(GrowingBytes out);

  /** Adds the bounds of the values of ids to the bounds of the page. */
  abstract void bound(int[] values, int from, int to);

  abstract long ownBytes();

  final void appendNull() {
    if (!optional) {
      throw PenstockException.fault(
          "a null came for column " + column.field().name() + ", which is declared to have none",
          null);
    }
    row();
    Bits.set(nulls, rows - 1);
    nullsInPage++;
  }

  private void row() {
    if (ids == null && (rows - pageStart >= PAGE_ROWS || plain.size >= PAGE_BYTES)) {
      plainPage();
    }
    rows++;
    if (Bits.words(rows) > nulls.length) {
      nulls = Arrays.copyOf(nulls, nulls.length * 2);
    }
  }

  /** A row with a value of the dictionary. */
  final void appendId(int id) {
    row();
    int[] now = java.util.Objects.requireNonNull(ids);
    if (idCount == now.length) {
      now = Arrays.copyOf(now, now.length * 2);
      ids = now;
    }
    now[idCount++] = id;
  }

  /** A row whose value was just put to {@link #plain} is counted; call before putting the value. */
  final void appendPlainRow() {
    row();
  }

  final boolean hasDictionary() {
    return ids != null;
  }

  /** The dictionary is full: what came so far becomes pages. */
  final void endDictionary() {
    flushIds();
    ids = null;
    beginPage();
  }

  private void flushIds() {
    int[] all = ids;
    if (all == null || rows == 0) {
      return;
    }
    boolean empty = dictionarySize() == 0; // only nulls: PLAIN pages without values
    if (!empty) {
      page.clear();
      putDictionary(page);
      uncompressed += pages.dictionary(page, dictionarySize(), chunk);
      dictionaryBytes = chunk.size;
    }
    int width = RunEncoder.width(dictionarySize());
    int id = 0;
    for (int start = 0; start < rows; start += PAGE_ROWS) {
      int n = Math.min(PAGE_ROWS, rows - start);
      int nullCount = Bitmaps.count(nulls, start, start + n);
      int values = n - nullCount;
      pageBounds.clear();
      bound(all, id, id + values);
      page.clear();
      if (optional) {
        RunEncoder.levels(nulls, start, n, nullCount, page);
      }
      if (!empty) {
        page.putByte(width);
        RunEncoder.ids(all, id, id + values, width, page);
      }
      emit(start, n, nullCount, empty ? Encoding.PLAIN : Encoding.RLE_DICTIONARY);
      id += values;
    }
  }

  private void plainPage() {
    int n = rows - pageStart;
    if (n > 0) {
      page.clear();
      if (optional) {
        RunEncoder.levels(nulls, pageStart, n, nullsInPage, page);
      }
      endPlain();
      page.put(plain.bytes, 0, plain.size);
      emit(pageStart, n, nullsInPage, Encoding.PLAIN);
    }
    beginPage();
  }

  /** The page is complete: bits that wait are put to {@link #plain}. */
  void endPlain() {}

  private void emit(int start, int n, int nullCount, Encoding encoding) {
    int at = chunk.size;
    uncompressed += pages.data(page, n, encoding, chunk);
    if (encoding == Encoding.PLAIN) {
      plainPages++;
    } else {
      idPages++;
    }
    locations.add(new PageLocation(at, chunk.size - at, start));
    nullPages.add(nullCount == n);
    nullCounts.add((long) nullCount);
    byte[] none = {};
    byte[] min = pageBounds.min(column.width());
    byte[] max = pageBounds.max(column.width());
    minima.add(ByteBuffer.wrap(min == null ? none : min));
    maxima.add(ByteBuffer.wrap(max == null ? none : max));
    nullsInChunk += nullCount;
    chunkBounds.merge(pageBounds);
  }

  /** What a row group holds of this column, once it is complete. */
  record Finished(ColumnChunk chunk, @Nullable ColumnIndex columnIndex, OffsetIndex offsetIndex) {}

  /**
   * Ends the row group; {@link #chunkBytes} are then the chunk, which will lie at {@code offset} of
   * the file.
   */
  final Finished finish(long offset) {
    if (ids != null) {
      flushIds();
    } else {
      plainPage();
    }
    boolean hasIds = idPages > 0;
    List<Encoding> encodings = new ArrayList<>(List.of(Encoding.RLE));
    List<PageEncodingStats> counts = new ArrayList<>();
    if (plainPages > 0 || hasIds) {
      encodings.add(Encoding.PLAIN);
    }
    if (hasIds) {
      encodings.add(Encoding.RLE_DICTIONARY);
      counts.add(new PageEncodingStats(PageType.DICTIONARY_PAGE, Encoding.PLAIN, 1));
      counts.add(new PageEncodingStats(PageType.DATA_PAGE, Encoding.RLE_DICTIONARY, idPages));
    }
    if (plainPages > 0) {
      counts.add(new PageEncodingStats(PageType.DATA_PAGE, Encoding.PLAIN, plainPages));
    }
    ColumnMetaData meta =
        new ColumnMetaData(
            column.physical(),
            encodings,
            List.of(column.field().name()),
            pages.codec(),
            rows,
            uncompressed,
            chunk.size,
            offset + dictionaryBytes);
    if (hasIds) {
      meta.setDictionary_page_offset(offset);
    }
    meta.setEncoding_stats(counts);
    Statistics s = new Statistics();
    s.setNull_count(nullsInChunk);
    if (hasIds && plainPages == 0) {
      s.setDistinct_count(dictionarySize());
    }
    byte[] min = chunkBounds.min(column.width());
    byte[] max = chunkBounds.max(column.width());
    if (min != null && max != null) {
      s.setMin_value(min);
      s.setMax_value(max);
      s.setIs_min_value_exact(true);
      s.setIs_max_value_exact(true);
    }
    meta.setStatistics(s);
    ColumnChunk c = new ColumnChunk(0);
    c.setMeta_data(meta);
    return new Finished(c, columnIndex(), offsetIndex(offset));
  }

  private @Nullable ColumnIndex columnIndex() {
    if (chunkBounds.isUnusable()) {
      return null;
    }
    ColumnIndex index =
        new ColumnIndex(
            List.copyOf(nullPages),
            List.copyOf(minima),
            List.copyOf(maxima),
            BoundaryOrder.UNORDERED);
    index.setNull_counts(List.copyOf(nullCounts));
    return index;
  }

  private OffsetIndex offsetIndex(long offset) {
    List<PageLocation> out = new ArrayList<>();
    for (PageLocation p : locations) {
      out.add(
          new PageLocation(
              offset + p.getOffset(), p.getCompressed_page_size(), p.getFirst_row_index()));
    }
    return new OffsetIndex(out);
  }

  final GrowingBytes chunkBytes() {
    return chunk;
  }

  /** Between row groups: gives up the capacity of the buffers. */
  final void giveBack() {
    plain.giveBack();
    page.giveBack();
    chunk.giveBack();
    nulls = new long[64];
  }

  /** Bytes held, at capacity. */
  final long sizeBytes() {
    return chunk.bytes.length
        + page.bytes.length
        + plain.bytes.length
        + 8L * nulls.length
        + (ids == null ? 0 : 4L * ids.length)
        + ownBytes();
  }
}
