package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.FoundColumns;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.DistinctSample;
import dev.penstock.sources.memory.ColumnTable.Chunk;
import dev.penstock.sources.parquet.Bounds;
import java.util.ArrayList;
import java.util.List;

/**
 * Figures of the chunks of a table as it is at one moment, each found when it is first asked for
 * and then kept.
 */
final class ChunkFigures implements Statistics {
  private static final int COUNTED_CHUNKS = 32;
  private static final int SAMPLED_CHUNKS = 8;

  private final List<Chunk> chunks;
  private final long rows;
  private final FoundColumns columns;

  ChunkFigures(Schema schema, List<Chunk> chunks, long rows) {
    this.chunks = chunks;
    this.rows = rows;
    this.columns = new FoundColumns(schema.size(), this::find);
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public boolean rowsExact() {
    return true;
  }

  @Override
  public ColumnStatistics column(int ordinal) {
    return columns.get(ordinal);
  }

  private ColumnStatistics find(int ordinal) {
    if (chunks.isEmpty()) {
      return ColumnStatistics.UNKNOWN;
    }
    Bounds all = chunks.get(0).bounds()[ordinal];
    for (Chunk chunk : chunks.subList(1, chunks.size())) {
      all = all.with(chunk.bounds()[ordinal]);
    }
    return new ColumnStatistics(
        distinct(ordinal), all.hostMin(), all.hostMax(), true, (double) all.nulls() / rows);
  }

  /** Counted in small tables, estimated from some chunks of large ones. */
  private long distinct(int ordinal) {
    int n = chunks.size();
    boolean whole = n <= COUNTED_CHUNKS;
    List<DistinctSample> places = new ArrayList<>();
    for (int i = 0; i < (whole ? n : SAMPLED_CHUNKS); i++) {
      Batch batch =
          chunks.get(whole ? i : (int) ((2L * i + 1) * n / (2L * SAMPLED_CHUNKS))).batch();
      if (places.isEmpty() || !whole) {
        places.add(new DistinctSample());
      }
      DistinctSample last = places.get(places.size() - 1);
      last.add(batch.column(ordinal), batch.selection(), batch.count());
    }
    return DistinctSample.estimate(places, rows);
  }

  /** The same of a table to which rows may be added before they are used. */
  Statistics estimates() {
    return new Estimates(this);
  }

  private record Estimates(ChunkFigures now) implements Statistics {
    @Override
    public long rows() {
      return now.rows;
    }

    @Override
    public boolean rowsExact() {
      return false;
    }

    @Override
    public ColumnStatistics column(int ordinal) {
      ColumnStatistics c = now.column(ordinal);
      return new ColumnStatistics(c.distinct(), c.min(), c.max(), false, c.nullShare());
    }
  }
}
