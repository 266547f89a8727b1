package dev.penstock.sources.parquet;

import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.sources.DistinctSample;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageType;

/**
 * Looks at a few values of column chunks: at the dictionary of one that is all dictionary, else at
 * some rows of its first pages. Blocking; not thread-safe.
 */
final class ChunkSampler implements AutoCloseable {
  private static final int WINDOW_ROWS = 4096;
  private static final int FIRST_BYTES = 64 << 10;
  private static final int SEVERAL_BYTES = 2 << 20;
  private static final int MAX_BYTES = 8 << 20;
  private static final long BUDGET_BYTES = 256 << 20;

  private final Budget budget = Budget.root("statistics of a Parquet column", BUDGET_BYTES);
  private final Reservation held = budget.open("pages");
  private final PageCodec codec = new PageCodec();

  /**
   * The values of a chunk at up to so many places; none when it would take too much reading.
   *
   * @param column a flat one that can be read
   * @param spread the places may not all lie at the begin of the chunk
   */
  List<DistinctSample> sample(
      ParquetFile file, ParquetColumn column, int group, int places, boolean spread) {
    ColumnChunk chunk = file.rowGroup(group).getColumns().get(column.leaf());
    ColumnMetaData meta = chunk.getMeta_data();
    long length = meta.getTotal_compressed_size();
    long start = ParquetFile.chunkStart(chunk);
    long rows = file.rowGroup(group).getNum_rows();
    boolean dictionary = isAllDictionary(meta) && start < meta.getData_page_offset();
    try (FileBytes in = FileBytes.open(file.path())) {
      long wanted =
          dictionary ? meta.getData_page_offset() - start : spread ? SEVERAL_BYTES : FIRST_BYTES;
      for (; ; ) {
        int bytes = (int) Math.min(Math.min(wanted, length), MAX_BYTES);
        byte[] read = new byte[bytes + 8];
        in.read(start, read, 0, bytes);
        Place place = new Place(file.path().toString(), column.name(), group, start);
        Chunk part = new Chunk(column, meta, read, 0, bytes, place, 0, List.of());
        if (dictionary) {
          FlatColumn values = new ColumnReader(column, codec, held).dictionaryOf(part);
          if (values != null) {
            DistinctSample sample = new DistinctSample();
            sample.addDictionary(values, rows);
            return List.of(sample);
          }
          dictionary = false;
        }
        Chunk prefix = spread ? null : PagePrefix.of(part, WINDOW_ROWS);
        if (prefix != null) {
          return windows(prefix, prefix.rows(), places);
        }
        int whole = PageReader.wholeValues(part, MAX_BYTES);
        if (whole > 0) {
          return windows(part, whole, places);
        }
        long needed = PageReader.firstPageBytes(part);
        if (needed <= bytes || needed > Math.min(length, MAX_BYTES)) {
          return List.of();
        }
        wanted = Math.max(needed, bytes * 2L);
      }
    }
  }

  private static boolean isAllDictionary(ColumnMetaData meta) {
    if (!meta.isSetDictionary_page_offset() || !meta.isSetEncoding_stats()) {
      return false;
    }
    for (PageEncodingStats s : meta.getEncoding_stats()) {
      boolean data =
          s.getPage_type() == PageType.DATA_PAGE || s.getPage_type() == PageType.DATA_PAGE_V2;
      if (data
          && s.getEncoding() != Encoding.PLAIN_DICTIONARY
          && s.getEncoding() != Encoding.RLE_DICTIONARY) {
        return false;
      }
    }
    return true;
  }

  private List<DistinctSample> windows(Chunk part, int rows, int places) {
    ColumnReader reader = new ColumnReader(part.column(), codec, held);
    reader.begin(limited(part, rows));
    int wanted = Math.min(WINDOW_ROWS, Math.max(1, rows / places));
    List<DistinctSample> out = new ArrayList<>();
    int at = 0;
    for (int p = 0; p < places && at < rows; p++) {
      int from = (int) ((long) rows * p / places);
      reader.skip(from - at);
      int to = Math.min(rows, from + wanted);
      DistinctSample sample = new DistinctSample();
      for (at = from; at < to; ) {
        int n = reader.uniformRows(to - at);
        sample.add(reader.read(n, null, n, true), null, n);
        at += n;
      }
      out.add(sample);
    }
    reader.end();
    return out;
  }

  /** The chunk as if it had but so many rows. */
  private static Chunk limited(Chunk part, int rows) {
    ColumnMetaData meta = new ColumnMetaData(part.meta());
    meta.setNum_values(rows);
    return new Chunk(
        part.column(), meta, part.bytes(), part.from(), part.to(), part.place(), rows, List.of());
  }

  @Override
  public void close() {
    codec.close();
    held.close();
    budget.close();
  }
}
