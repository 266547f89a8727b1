package dev.penstock.nodes.basic;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.spill.SpilledBatches;
import dev.penstock.nodes.spill.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * The same rows in batches of exactly {@code rows} rows, only the last one shorter. One lane; keeps
 * the order. A batch that has the right size already passes as it is when nothing waits before it;
 * larger ones are cut without a copy. What waits goes to disk when it does not fit.
 */
public final class Rechunk implements Step<Batch> {
  private final QueryContext query;
  private final DataType[] types;
  private final int rows;

  /** What waits for the next batch; on disk when it does not fit. */
  private final SpilledBatches kept;

  private final Workspace workspace;
  private final Reservation reading;
  private boolean closed;
  private int built;
  private @Nullable Batch in;
  private int taken;
  private @Nullable Batch waiting;

  /**
   * Takes the least memory that it needs, or throws LIMIT.
   *
   * @param types the types of the columns
   * @param rows 1 to {@link Batch#MAX_ROWS}
   */
  public Rechunk(QueryContext query, DataType[] types, int rows) {
    if (rows < 1 || rows > Batch.MAX_ROWS) {
      throw new IllegalArgumentException(
          rows + " rows in a batch; 1 to " + Batch.MAX_ROWS + " are possible");
    }
    this.query = query;
    this.types = types.clone();
    this.rows = rows;
    this.workspace = Workspace.open(query, "rechunk", SpilledBatches.READ_BYTES);
    this.reading = workspace.query().budget().open("rechunk");
    try {
      this.kept = new SpilledBatches(query, types, "rechunk");
    } catch (RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  @Override
  public Progress step(Inlet<? extends Batch> inlet, Outlet out) {
    query.token().check();
    boolean moved = false;
    if (waiting == null) {
      if (in == null) {
        in = inlet.poll();
        taken = 0;
        moved = in != null;
      }
      if (in != null) {
        waiting = take(in);
        if (waiting == null) {
          return Progress.MOVED;
        }
      } else if (!inlet.isDone()) {
        return Progress.STUCK;
      } else if (built == 0) {
        return Progress.DONE;
      } else {
        waiting = build();
      }
    }
    if (!out.offer(waiting)) {
      return moved ? Progress.MOVED : Progress.STUCK;
    }
    waiting = null;
    return Progress.MOVED;
  }

  /** A full batch out of the input at hand, or null when there is none. */
  private @Nullable Batch take(Batch from) {
    int left = from.count() - taken;
    if (built == 0 && left >= rows) {
      Batch cut = from.slice(taken, taken + rows);
      taken += rows;
      if (taken == from.count()) {
        in = null;
      }
      return cut;
    }
    int n = Math.min(left, rows - built);
    append(from, n);
    taken += n;
    if (taken == from.count()) {
      in = null;
    }
    return built == rows ? build() : null;
  }

  private void append(Batch from, int n) {
    if (n > 0) {
      Batch part = n == from.count() ? from : from.slice(taken, taken + n);
      kept.add(part.compact());
      built += n;
    }
  }

  /** One batch of the rows that wait. */
  private Batch build() {
    kept.complete();
    Batch batch = kept.pieces() == 1 && kept.isInMemory() ? kept.read(0) : together();
    kept.clear();
    built = 0;
    return batch;
  }

  private Batch together() {
    ColumnBuilder[] to = new ColumnBuilder[types.length];
    for (int c = 0; c < to.length; c++) {
      to[c] = ColumnBuilder.of(types[c], built);
    }
    for (int piece = 0; piece < kept.pieces(); piece++) {
      query.token().check();
      long bytes = kept.readBytes(piece);
      workspace.require(bytes, "a block of rechunk");
      reading.resize(bytes);
      Batch part = kept.read(piece);
      int[] positions = part.positions();
      for (int c = 0; c < to.length; c++) {
        Column column = part.column(c);
        for (int i = 0; i < part.count(); i++) {
          to[c].append(column, positions[i]);
        }
      }
      reading.resize(0);
    }
    Column[] columns = new Column[types.length];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = to[c].build();
    }
    return Batch.of(built, columns);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      reading.close();
      workspace.close();
      kept.close();
    }
  }
}
