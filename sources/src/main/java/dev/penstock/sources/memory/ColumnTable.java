package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.LiveSource;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
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
    this.contents = new Contents(List.of(), 0, schema);
  }

  /** What a table holds at one moment. */
  private record Contents(List<Chunk> chunks, long rows, ChunkFigures figures) {
    Contents(List<Chunk> chunks, long rows, Schema schema) {
      this(chunks, rows, new ChunkFigures(schema, chunks, rows));
    }
  }

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
    return contents.figures().estimates();
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
      contents = new Contents(List.copyOf(all), now.rows() + append.rows(), schema);
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
    contents = new Contents(List.of(), 0, schema);
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
      return held.figures();
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
}
