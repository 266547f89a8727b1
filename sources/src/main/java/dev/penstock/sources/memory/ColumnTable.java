package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.LiveSource;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.DistinctSample;
import dev.penstock.sources.parquet.Bounds;
import dev.penstock.sources.parquet.Pruning;
import java.util.ArrayList;
import java.util.List;

/**
 * A table in memory, by columns, to which rows can be added.
 *
 * <pre>
 * contents  [ chunk | chunk | chunk ... ]   a chunk: up to about 2048 rows, with bounds of each column
 * append    contents, then the new chunks   published in one step; what a scan has, it keeps
 * </pre>
 *
 * <p>A scan passes over chunks that its filter excludes by their bounds. The memory is reserved
 * until the table was closed (dropped) and its last scan has ended.
 *
 * <p>Concurrency: {@code contents} is immutable and volatile; commits, {@code scans} and {@code
 * dropped} are under the monitor of this. Scans and appends may go on side by side; of appends, the
 * rows stand in the order of their commits.
 */
public final class ColumnTable implements LiveSource, AutoCloseable {
  private static final int COUNTED_CHUNKS = 32;
  private static final int SAMPLED_CHUNKS = 8;

  private final String name;
  private final Schema schema;
  private final Budget budget;
  private final Reservation memory;
  private volatile Contents contents;
  private int scans;
  private boolean dropped;

  /** An empty table; its memory is reserved in the budget. */
  public ColumnTable(String name, Schema schema, Budget budget) {
    this.name = name;
    this.schema = schema;
    this.budget = budget;
    this.memory = budget.open("table " + name);
    this.contents = new Contents(List.of(), 0);
  }

  /** What a table holds at one moment. */
  private record Contents(List<Chunk> chunks, long rows) {}

  /** Some rows, all positions of the batch, and the bounds of each column. */
  record Chunk(Batch batch, Bounds[] bounds, long bytes) {}

  public String name() {
    return name;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public long rowCount() {
    return contents.rows();
  }

  /** Bytes that are reserved for the table. */
  public long sizeBytes() {
    return memory.heldBytes();
  }

  /** Estimates: rows may be added after a plan was made. */
  @Override
  public Statistics statistics() {
    return new ChunkStatistics(contents.rows(), false, contents.chunks());
  }

  @Override
  public Source snapshot() {
    return new Snapshot(contents);
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return snapshot().open(request, query);
  }

  /** Rows to be added, all or none. For one thread. */
  public TableAppend append() {
    return new TableAppend(name, schema, budget);
  }

  /**
   * Adds what was gathered, in one step.
   *
   * @throws PenstockException if the table was dropped or the memory does not suffice; nothing is
   *     added then
   */
  public void commit(TableAppend append) {
    synchronized (this) {
      if (dropped) {
        throw PenstockException.incorrect("table-dropped", "table " + name + " was dropped");
      }
      Contents now = contents;
      List<Chunk> fresh = append.chunks();
      if (fresh.isEmpty()) {
        return;
      }
      List<Chunk> all = new ArrayList<>(now.chunks().size() + fresh.size());
      all.addAll(now.chunks());
      long before = 0;
      if (!all.isEmpty() && append.joins(all.get(all.size() - 1))) {
        Chunk last = all.remove(all.size() - 1);
        before = last.bytes();
        fresh = append.joined(last);
      }
      all.addAll(fresh);
      append.handOver(memory);
      memory.shrink(before);
      contents = new Contents(List.copyOf(all), now.rows() + append.rows());
    }
  }

  /** Drops the table: nothing can be added; running scans go on. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      dropped = true;
      if (scans == 0) {
        release();
      }
    }
  }

  private void release() {
    contents = new Contents(List.of(), 0);
    memory.close();
  }

  private synchronized void pin() {
    scans++;
  }

  private synchronized void unpin() {
    if (--scans == 0 && dropped) {
      release();
    }
  }

  /** The table as it was at one moment. */
  private final class Snapshot implements Source {
    private final Contents held;

    Snapshot(Contents held) {
      this.held = held;
    }

    @Override
    public Schema schema() {
      return schema;
    }

    @Override
    public long rowCount() {
      return held.rows();
    }

    @Override
    public Statistics statistics() {
      return new ChunkStatistics(held.rows(), true, held.chunks());
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      List<Batch> wanted = new ArrayList<>();
      for (Chunk chunk : held.chunks()) {
        if (request.filter() == null
            || Pruning.mayPass(request.filter(), i -> chunk.bounds()[request.columns()[i]])) {
          wanted.add(chunk.batch());
        }
      }
      pin();
      int skipped = held.chunks().size() - wanted.size();
      return new KeptScan<>(wanted, skipped, b -> b, request, query, ColumnTable.this::unpin);
    }
  }

  private record ChunkStatistics(long rows, boolean rowsExact, List<Chunk> chunks)
      implements Statistics {
    @Override
    public ColumnStatistics column(int ordinal) {
      if (chunks.isEmpty()) {
        return ColumnStatistics.UNKNOWN;
      }
      Bounds all = chunks.get(0).bounds()[ordinal];
      for (Chunk chunk : chunks.subList(1, chunks.size())) {
        all = all.with(chunk.bounds()[ordinal]);
      }
      return new ColumnStatistics(
          distinct(ordinal), all.hostMin(), all.hostMax(), rowsExact, (double) all.nulls() / rows);
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
  }
}
