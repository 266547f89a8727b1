package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.jspecify.annotations.Nullable;

/**
 * A range of the file that is read at once: column chunks that lie next to each other.
 *
 * @param columns the requested columns whose chunks lie in it
 */
record ReadRange(long start, long length, List<Integer> columns) {
  /** Chunks that are no further apart than this are read together. */
  private static final long GAP_BYTES = 16 << 10;

  private static final long MAX_RANGE_BYTES = 64 << 20;

  static List<ReadRange> coalesce(@Nullable ColumnChunk[] chunks) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < chunks.length; i++) {
      if (chunks[i] != null) {
        order.add(i);
      }
    }
    order.sort(Comparator.comparingLong(i -> start(chunks[i])));
    List<ReadRange> out = new ArrayList<>();
    long from = 0;
    long to = -1;
    List<Integer> columns = new ArrayList<>();
    for (int i : order) {
      long start = start(chunks[i]);
      long end = start + size(chunks[i]);
      boolean joins = !columns.isEmpty() && start <= to + GAP_BYTES && Math.max(end, to) - from <= MAX_RANGE_BYTES;
      if (!joins && !columns.isEmpty()) {
        out.add(new ReadRange(from, to - from, List.copyOf(columns)));
        columns.clear();
      }
      if (!joins) {
        from = start;
        to = end;
      }
      to = Math.max(to, end);
      columns.add(i);
    }
    if (!columns.isEmpty()) {
      out.add(new ReadRange(from, to - from, List.copyOf(columns)));
    }
    return out;
  }

  private static long start(@Nullable ColumnChunk c) {
    return ParquetFile.chunkStart(java.util.Objects.requireNonNull(c));
  }

  private static long size(@Nullable ColumnChunk c) {
    return java.util.Objects.requireNonNull(c).getMeta_data().getTotal_compressed_size();
  }

  /** The bytes, and 8 more. */
  byte[] read(FileBytes file, ParquetFile of, int group) {
    if (length > Integer.MAX_VALUE - 64) {
      throw PenstockException.limit(
          "parquet-row-group",
          of.path() + ": row group " + group + " has a column chunk of " + length + " bytes; at most 2 GiB can be read");
    }
    byte[] into = new byte[(int) length + 8];
    file.read(start, into, 0, (int) length);
    return into;
  }
}
