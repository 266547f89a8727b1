package dev.penstock.sources.parquet;

import dev.penstock.batch.expr.Shape;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;

/**
 * Which rows of a row group a filter may pass, by the bounds of the pages of its columns, where the
 * file has them.
 */
final class PageIndex {
  private static final int MAX_INDEX_BYTES = 16 << 20;

  private PageIndex() {}

  /** The rows that may pass; reads the indexes of the filters' columns. Blocking. */
  static RowRanges rows(
      ParquetFile f,
      int group,
      FileBytes file,
      String[] names,
      Conjunct[] conjuncts,
      List<RuntimeFilter> filters) {
    RowRanges rows = RowRanges.of(0, f.rowGroup(group).getNum_rows());
    for (Conjunct c : conjuncts) {
      if (c.columns().length == 1 && !(c.expr().shape() instanceof Shape.Other)) {
        ParquetColumn column = f.column(names[c.columns()[0]]);
        rows = passing(f, group, file, column, rows, b -> Pruning.mayPass(c.expr(), i -> b));
      }
    }
    for (RuntimeFilter r : filters) {
      if (r.filter().isSet()) {
        KeyFilter filter = r.filter().get();
        ParquetColumn column = f.column(names[r.column()]);
        rows = passing(f, group, file, column, rows, b -> KeyPruning.mayPass(filter, b));
      }
    }
    return rows;
  }

  /** Those of the rows whose pages may pass. */
  private static RowRanges passing(
      ParquetFile f,
      int group,
      FileBytes file,
      @Nullable ParquetColumn column,
      RowRanges rows,
      Predicate<Bounds> mayPass) {
    if (column == null || !f.hasOrder(column) || rows.isEmpty()) {
      return rows;
    }
    RowGroup g = f.rowGroup(group);
    RowRanges passing = passing(f, file, column, g, g.getColumns().get(column.leaf()), mayPass);
    return passing == null ? rows : rows.intersect(passing);
  }

  private static @Nullable RowRanges passing(
      ParquetFile f,
      FileBytes file,
      ParquetColumn column,
      RowGroup g,
      ColumnChunk chunk,
      Predicate<Bounds> mayPass) {
    if (!has(f, chunk.getColumn_index_offset(), chunk.getColumn_index_length())
        || !has(f, chunk.getOffset_index_offset(), chunk.getOffset_index_length())) {
      return null;
    }
    try {
      ColumnIndex index = new ColumnIndex();
      read(file, chunk.getColumn_index_offset(), chunk.getColumn_index_length()).read(index);
      OffsetIndex offsets = new OffsetIndex();
      read(file, chunk.getOffset_index_offset(), chunk.getOffset_index_length()).read(offsets);
      return passing(column, g.getNum_rows(), index, offsets.getPage_locations(), mayPass);
    } catch (TException e) {
      // An index is only there to skip: without it everything is read.
      return null;
    }
  }

  private static boolean has(ParquetFile f, long offset, int length) {
    return offset > 0
        && length > 0
        && length <= MAX_INDEX_BYTES
        && offset <= f.sizeBytes() - length;
  }

  private static ThriftBytes read(FileBytes file, long offset, int length) {
    byte[] b = new byte[length];
    file.read(offset, b, 0, length);
    return new ThriftBytes(b, 0, length);
  }

  private static @Nullable RowRanges passing(
      ParquetColumn column,
      long rows,
      ColumnIndex index,
      List<PageLocation> pages,
      Predicate<Bounds> mayPass) {
    int n = pages.size();
    List<ByteBuffer> min = index.getMin_values();
    List<ByteBuffer> max = index.getMax_values();
    if (n == 0 || min.size() != n || max.size() != n || index.getNull_pages().size() != n) {
      return null;
    }
    boolean counts = index.isSetNull_counts() && index.getNull_counts().size() == n;
    RowRanges.Builder out = new RowRanges.Builder();
    long before = 0;
    for (int p = 0; p < n; p++) {
      long from = pages.get(p).getFirst_row_index();
      long to = p + 1 < n ? pages.get(p + 1).getFirst_row_index() : rows;
      if (from != before || to < from || to > rows) {
        return null;
      }
      before = to;
      long pageRows = to - from;
      Bounds b =
          index.getNull_pages().get(p)
              ? Bounds.allNull(column.type(), pageRows)
              : Bounds.of(
                  column,
                  bytes(min.get(p)),
                  bytes(max.get(p)),
                  counts ? index.getNull_counts().get(p) : -1,
                  pageRows);
      if (mayPass.test(b)) {
        out.add(from, to);
      }
    }
    return out.build();
  }

  private static byte[] bytes(ByteBuffer b) {
    byte[] out = new byte[b.remaining()];
    b.duplicate().get(out);
    return out;
  }
}
