package dev.penstock.nodes.window;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.AggregateStates;
import dev.penstock.nodes.group.OneGroup;
import dev.penstock.nodes.spill.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate whose state is all its values (percentiles, lists, different values): each frame
 * that is another one than that of the row before is computed from all its rows, so its work is the
 * length of the frame. The values of a frame that do not fit go to disk ({@link OneGroup}).
 */
final class ListedFrames implements Evaluator {
  private final Workspace workspace;
  private final Aggregate aggregate;
  private final boolean filtered;
  private final List<Argument> args;
  private final SortedRows rows;
  private final FrameRows frame;
  private final FrameParts parts;
  private final FrameParts last;

  /** The result of the last frame, of length 1, and what holds its memory. */
  private @Nullable FlatColumn value;

  private final Reservation held;
  private @Nullable OneGroup holder;

  private int partition = -1;

  /**
   * @param workspace for the values of one frame; used by nobody while rows are evaluated here
   */
  ListedFrames(
      Workspace workspace,
      Aggregate aggregate,
      boolean filtered,
      List<Argument> args,
      SortedRows rows,
      FrameRows frame,
      Frame.Exclude exclude) {
    this.workspace = workspace;
    this.held = workspace.query().budget().open("window (frames)");
    this.aggregate = aggregate;
    this.filtered = filtered;
    this.args = args;
    this.rows = rows;
    this.frame = frame;
    this.parts = new FrameParts(exclude);
    this.last = new FrameParts(exclude);
  }

  @Override
  public Column evaluate(Block b) {
    int n = b.count;
    int[] ids = new int[n];
    ColumnBuilder values = ColumnBuilder.of(aggregate.type(), 16);
    for (int i = 0; i < n; i++) {
      parts.set(b, frame, i);
      FlatColumn now = value;
      boolean other = now == null || b.partitionStart[i] != partition || !parts.same(last);
      if (other) {
        partition = b.partitionStart[i];
        last.copy(parts);
        now = compute();
      }
      if (other || i == 0) {
        append(values, now);
      }
      ids[i] = values.length() - 1;
    }
    int different = values.length();
    FlatColumn all = values.build();
    if (different == n) {
      return all;
    }
    // texts may be long, and the same for many rows
    return aggregate.type().layout() == Layout.BYTES
        ? new DictionaryColumn(all, ids, n)
        : all.gather(ids, n);
  }

  private static void append(ColumnBuilder to, FlatColumn value) {
    if (value.isNull(0)) {
      to.appendNull();
    } else if (value instanceof BytesColumn bytes) {
      to.appendBytes(bytes.slab(), bytes.start(0), bytes.size(0));
    } else {
      to.appendValue(value.value(0));
    }
  }

  private FlatColumn compute() {
    free();
    FlatColumn made = inMemory();
    if (made == null) {
      made = onDisk();
    }
    value = made;
    return made;
  }

  private void free() {
    value = null;
    held.shrink(held.heldBytes());
    OneGroup before = holder;
    holder = null;
    if (before != null) {
      before.close();
    }
  }

  /** Takes rows of the frame; false: it cannot. */
  private interface Taker {
    boolean take(Column[] columns, int count);
  }

  /** Null: the values of the frame do not fit. */
  private @Nullable FlatColumn inMemory() {
    FlatColumn made;
    try (AggregateStates state = new AggregateStates(workspace.query(), aggregate, filtered)) {
      state.ensure(1);
      int[] group = new int[SortedRows.READ_ROWS];
      boolean fits =
          eachPiece(
              (columns, n) -> {
                if (!state.fits(workspace, columns, n)) {
                  return false;
                }
                state.add(columns, group, n);
                return true;
              });
      if (!fits || !state.settles(workspace)) {
        return null;
      }
      made = state.results(1);
    }
    if (made instanceof BytesColumn text) {
      long bytes = text.sizeBytes();
      if (!workspace.fits(bytes)) {
        return null;
      }
      held.grow(bytes);
    }
    return made;
  }

  private FlatColumn onDisk() {
    OneGroup group = new OneGroup(workspace, aggregate, filtered);
    holder = group;
    eachPiece(
        (columns, n) -> {
          group.add(columns, n);
          return true;
        });
    return group.result();
  }

  /** Gives the rows of the frame, in order; false when they were not taken. */
  private boolean eachPiece(Taker to) {
    for (int k = 0; k < parts.count; k++) {
      int n;
      for (int from = parts.start[k]; from < parts.end[k]; from += n) {
        rows.token.check();
        n = Math.min(rows.readEnd(from), parts.end[k]) - from;
        Column[] columns = new Column[args.size()];
        for (int c = 0; c < columns.length; c++) {
          columns[c] = rows.read(args.get(c), from, n);
        }
        if (!to.take(columns, n)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    free();
    held.close();
    workspace.trim();
  }
}
