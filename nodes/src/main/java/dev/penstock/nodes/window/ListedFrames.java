package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.AggregateStates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate whose state is all its values (percentiles, lists, different values): each frame
 * that is another one than that of the row before is computed from all its rows, so its work is the
 * length of the frame.
 */
final class ListedFrames implements Evaluator {
  private final QueryContext query;
  private final Aggregate aggregate;
  private final boolean filtered;
  private final List<Argument> args;
  private final SortedRows rows;
  private final FrameRows frame;
  private final FrameParts parts;
  private final FrameParts last;

  /** The result of the last frame. */
  private @Nullable Object value;

  private int partition = -1;

  ListedFrames(
      QueryContext query,
      Aggregate aggregate,
      boolean filtered,
      List<Argument> args,
      SortedRows rows,
      FrameRows frame,
      Frame.Exclude exclude) {
    this.query = query;
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
    ColumnBuilder out = ColumnBuilder.of(aggregate.type(), b.count);
    for (int i = 0; i < b.count; i++) {
      parts.set(b, frame, i);
      if (b.partitionStart[i] != partition || !parts.same(last)) {
        partition = b.partitionStart[i];
        last.copy(parts);
        value = compute();
      }
      out.appendValue(value);
    }
    return out.build();
  }

  private @Nullable Object compute() {
    try (AggregateStates state = new AggregateStates(query, aggregate, filtered)) {
      state.ensure(1);
      int[] of = new int[SortedRows.READ_ROWS];
      int[] group = new int[SortedRows.READ_ROWS];
      for (int k = 0; k < parts.count; k++) {
        for (int from = parts.start[k]; from < parts.end[k]; from += of.length) {
          query.token().check();
          int n = Math.min(of.length, parts.end[k] - from);
          Column[] columns = new Column[args.size()];
          for (int i = 0; i < n; i++) {
            of[i] = from + i;
          }
          for (int c = 0; c < columns.length; c++) {
            columns[c] = rows.at(args.get(c), of, n);
          }
          state.add(columns, group, n);
        }
      }
      FlatColumn result = state.results(1);
      return result.isNull(0) ? null : result.value(0);
    }
  }
}
