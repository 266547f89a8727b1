package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.FoundColumns;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.ColumnSample;
import java.util.List;

/**
 * Figures of pieces in memory: of all rows if there are few pieces, else of some that lie evenly.
 */
final class KeptStatistics<P> implements Statistics {
  private static final int ALL_PIECES = 32;
  private static final int PLACES = 8;

  /** Makes a batch of a piece; no column but one is looked at. */
  interface ToBatch<P> {
    Batch of(P piece, int ordinal);
  }

  private final Schema schema;
  private final List<P> pieces;
  private final long rows;
  private final boolean fixed;
  private final ToBatch<P> toBatch;
  private final FoundColumns columns;

  /**
   * @param fixed the pieces will not change, so that what was seen of all of them is exact
   */
  KeptStatistics(Schema schema, List<P> pieces, long rows, boolean fixed, ToBatch<P> toBatch) {
    this.schema = schema;
    this.pieces = pieces;
    this.rows = rows;
    this.fixed = fixed;
    this.toBatch = toBatch;
    this.columns = new FoundColumns(schema.size(), this::find);
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public boolean rowsExact() {
    return fixed;
  }

  @Override
  public ColumnStatistics column(int ordinal) {
    return columns.get(ordinal);
  }

  private ColumnStatistics find(int ordinal) {
    int n = pieces.size();
    boolean all = n <= ALL_PIECES;
    ColumnSample sample = new ColumnSample(schema.type(ordinal));
    try {
      for (int i = 0; i < (all ? n : PLACES); i++) {
        int at = all ? i : (int) ((2L * i + 1) * n / (2L * PLACES));
        if (!all) {
          sample.nextPlace();
        }
        Batch batch = toBatch.of(pieces.get(at), ordinal);
        sample.add(batch.column(ordinal), batch);
      }
    } catch (RuntimeException e) {
      return ColumnStatistics.UNKNOWN; // a row that the host gives wrongly is the scan's to report
    }
    return sample.statistics(rows, all && fixed);
  }
}
