package dev.penstock.nodes.setop;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Flag;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.Group;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Intersect and minus of two relations. Both sides come through the same sinks, mixed in any way; a
 * last column, appended by {@link Side}, says from which side a row is. Null equals null.
 *
 * <pre>
 * left  -> Side(false) --\
 *                          SetOp: group by all columns, count rows of each side -> rows, repeated as often as the operation says
 * right -> Side(true)  --/
 *
 *               set                    all (bag)
 * intersect     1 if l > 0 and r > 0   min(l, r)
 * minus         1 if l > 0 and r = 0   max(0, l - r)
 * </pre>
 *
 * <p>Concurrency: as {@link Group}.
 */
public final class SetOp implements Breaker {
  /** The operation. */
  public enum Kind {
    INTERSECT,
    MINUS
  }

  private final QueryContext query;
  private final Kind kind;
  private final boolean all;
  private final int columns;
  private final Group group;

  /**
   * @param types of the columns of both sides, the side not among them
   * @param all bag semantics
   */
  public SetOp(QueryContext query, DataType[] types, Kind kind, boolean all) {
    this.query = query;
    this.kind = kind;
    this.all = all;
    this.columns = types.length;
    List<Expr> keys = new ArrayList<>();
    for (int c = 0; c < types.length; c++) {
      keys.add(new ColumnExpr(c, types[c]));
    }
    this.group =
        new Group(
            query,
            keys,
            List.of(Aggregate.countRows(), Aggregate.countRows().where(new Flag(types.length))),
            null);
  }

  @Override
  public Step<Batch> sink(int lane) {
    return group.sink(lane);
  }

  @Override
  public List<? extends Source.Morsel> finish() {
    return group.finish();
  }

  @Override
  public Source.Decoder decoder() {
    return new Repeat(group.decoder());
  }

  @Override
  public void close() {
    group.close();
  }

  private long times(long rows, long right) {
    long left = rows - right;
    if (kind == Kind.INTERSECT) {
      return all ? Math.min(left, right) : left > 0 && right > 0 ? 1 : 0;
    }
    return all ? Math.max(0, left - right) : left > 0 && right == 0 ? 1 : 0;
  }

  /** Gives each group as often as its counts say. */
  private final class Repeat implements Source.Decoder {
    private final Source.Decoder groups;
    private @Nullable Batch batch;
    private int row;
    private long given;

    Repeat(Source.Decoder groups) {
      this.groups = groups;
    }

    @Override
    public void begin(Source.Morsel morsel) {
      groups.begin(morsel);
    }

    @Override
    public @Nullable Batch next() {
      for (; ; ) {
        query.token().check();
        Batch from = batch;
        if (from == null) {
          from = groups.next();
          if (from == null) {
            return null;
          }
          batch = from;
          row = 0;
          given = 0;
        }
        Batch out = repeat(from);
        if (row == from.count()) {
          batch = null;
        }
        if (!out.isEmpty()) {
          return out;
        }
      }
    }

    private Batch repeat(Batch from) {
      long[] rows = ((LongColumn) from.column(columns)).values();
      long[] right = ((LongColumn) from.column(columns + 1)).values();
      int[] positions = new int[query.batchRows()];
      int n = 0;
      while (row < from.count() && n < positions.length) {
        long left = times(rows[row], right[row]) - given;
        int more = (int) Math.min(left, positions.length - n);
        for (int i = 0; i < more; i++) {
          positions[n++] = row;
        }
        given += more;
        if (more == left) {
          row++;
          given = 0;
        }
      }
      Column[] out = new Column[columns];
      for (int c = 0; c < out.length; c++) {
        out[c] = from.column(c).gather(positions, n);
      }
      return Batch.of(n, out);
    }

    @Override
    public void close() {
      groups.close();
    }
  }
}
