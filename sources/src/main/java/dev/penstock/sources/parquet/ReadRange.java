package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;

/**
 * A range of the file that is read at once: column chunks that lie next to each other.
 *
 * @param chunks ordinals of the wanted chunks that lie in it
 */
record ReadRange(long start, long length, List<Integer> chunks) {
  /** Chunks that are no further apart than this are read together. */
  private static final long GAP_BYTES = 16 << 10;

  private static final long MAX_RANGE_BYTES = 64 << 20;

  static List<ReadRange> coalesce(List<ColumnChunk> wanted) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> ParquetFile.chunkStart(wanted.get(i))));
    List<ReadRange> out = new ArrayList<>();
    List<Integer> chunks = new ArrayList<>();
    long from = 0;
    long to = -1;
    for (int i : order) {
      long start = ParquetFile.chunkStart(wanted.get(i));
      long end = start + wanted.get(i).getMeta_data().getTotal_compressed_size();
      boolean joins =
          !chunks.isEmpty()
              && start <= to + GAP_BYTES
              && Math.max(end, to) - from <= MAX_RANGE_BYTES;
      if (!joins && !chunks.isEmpty()) {
        out.add(new ReadRange(from, to - from, List.copyOf(chunks)));
        chunks.clear();
      }
      if (!joins) {
        from = start;
        to = end;
      }
      to = Math.max(to, end);
      chunks.add(i);
    }
    if (!chunks.isEmpty()) {
      out.add(new ReadRange(from, to - from, List.copyOf(chunks)));
    }
    return out;
  }

  /** Bytes of an array for {@link #read}: 8 more than the range has, and what makes it round. */
  int arrayBytes(ParquetFile of, int group) {
    if (length > Integer.MAX_VALUE - 64) {
      throw PenstockException.limit(
          "parquet-row-group",
          of.path()
              + ": row group "
              + group
              + " has a column chunk of "
              + length
              + " bytes; at most 2 GiB can be read");
    }
    return (int) Math.min(roundedBytes(), Integer.MAX_VALUE - 16);
  }

  /** As {@link #arrayBytes}, for ranges of any length. */
  long roundedBytes() {
    long step = Math.max(4096, Long.highestOneBit(length) >> 4);
    return (length + 8 + step - 1) / step * step;
  }

  void read(FileBytes file, byte[] into) {
    file.read(start, into, 0, (int) length);
  }
}
