package dev.penstock.sources.parquet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides a big row group, so that several lanes work on it. Each piece decodes the dictionaries
 * again and begins within a page, which pays when pages are much smaller than pieces.
 */
final class RowSplit {
  private static final int PIECE_ROWS = ParquetSink.GROUP_ROWS;

  private RowSplit() {}

  static List<RowRanges> pieces(long rows, RowRanges wanted, @Nullable Chunk[] chunks) {
    if (rows < 2L * PIECE_ROWS || !haveSmallPages(chunks)) {
      return List.of(wanted);
    }
    List<RowRanges> out = new ArrayList<>();
    for (long from = 0; from < rows; from += PIECE_ROWS) {
      // The last piece takes the remainder, if it is less than half a piece.
      long to = rows - from < PIECE_ROWS * 3L / 2 ? rows : from + PIECE_ROWS;
      RowRanges piece = wanted.intersect(RowRanges.of(from, to));
      if (!piece.isEmpty()) {
        out.add(piece);
      }
      if (to == rows) {
        break;
      }
    }
    return out;
  }

  /** No page holds so many rows that it would be decompressed by several pieces. */
  private static boolean haveSmallPages(@Nullable Chunk[] chunks) {
    boolean any = false;
    for (Chunk c : chunks) {
      if (c == null) {
        continue;
      }
      if (!c.parts().isEmpty()) {
        return false;
      }
      for (Page p : PageReader.pages(c)) {
        if (!p.isDictionary() && p.values() > PIECE_ROWS / 3) {
          return false;
        }
      }
      any = true;
    }
    return any;
  }
}
