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
import org.jspecify.annotations.Nullable;

/**
 * The same rows in batches of exactly {@code rows} rows, only the last one shorter. One lane; keeps
 * the order. A batch that has the right size already passes as it is when nothing waits before it;
 * larger ones are cut without a copy.
 */
public final class Rechunk implements Step<Batch> {
  private final QueryContext query;
  private final DataType[] types;
  private final int rows;
  private final Reservation reservation;
  private ColumnBuilder @Nullable [] building;
  private int built;
  private @Nullable Batch in;
  private int taken;
  private @Nullable Batch waiting;

  /**
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
    this.reservation = query.budget().open("rechunk");
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
    if (n == 0) {
      return;
    }
    ColumnBuilder[] to = building;
    if (to == null) {
      to = new ColumnBuilder[types.length];
      for (int c = 0; c < to.length; c++) {
        to[c] = ColumnBuilder.of(types[c], Math.min(rows, Batch.ROWS));
      }
      building = to;
    }
    long before = 0;
    for (ColumnBuilder b : to) {
      before += b.sizeBytes();
    }
    // A builder grows to at most half as much again, beside what it copies from, and by the values
    // that are appended.
    reservation.resize(3 * before + 2 * from.sizeBytes());
    long bytes = 0;
    for (int c = 0; c < to.length; c++) {
      Column column = from.column(c);
      for (int i = 0; i < n; i++) {
        to[c].append(column, from.position(taken + i));
      }
      bytes += to[c].sizeBytes();
    }
    built += n;
    reservation.resize(bytes);
  }

  private Batch build() {
    Column[] columns = new Column[types.length];
    ColumnBuilder[] from = building;
    for (int c = 0; c < columns.length; c++) {
      columns[c] = from[c].build();
    }
    Batch batch = Batch.of(built, columns);
    building = null;
    built = 0;
    reservation.resize(0);
    return batch;
  }

  @Override
  public void close() {
    reservation.close();
  }
}
