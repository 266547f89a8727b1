package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row for each value of the key columns (null equals null), the other columns from one and the
 * same row of them. A {@link Group} without aggregates.
 *
 * <p>Concurrency: as {@link Group}.
 */
public final class Distinct implements Breaker {
  private final Group group;

  /** Where each output column lies in the rows of the group. */
  private final int[] order;

  /**
   * @param types of the columns of the input, which are those of the output
   * @param keys ordinals of the key columns, or null for all
   */
  public Distinct(QueryContext query, DataType[] types, int @Nullable [] keys) {
    this.order = new int[types.length];
    java.util.Arrays.fill(order, -1);
    List<Expr> keyExprs = new ArrayList<>();
    if (keys != null) {
      for (int k : keys) {
        if (order[k] < 0) {
          order[k] = keyExprs.size();
          keyExprs.add(new ColumnExpr(k, types[k]));
        }
      }
    }
    List<Expr> rest = new ArrayList<>();
    for (int c = 0; c < types.length; c++) {
      if (order[c] < 0) {
        order[c] = keyExprs.size() + rest.size();
        rest.add(new ColumnExpr(c, types[c]));
      }
    }
    boolean all = keys == null;
    this.group =
        new Group(
            query, new GroupPlan(all ? rest : keyExprs, all ? List.of() : rest, List.of(), null));
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
    Source.Decoder inner = group.decoder();
    return new Source.Decoder() {
      @Override
      public void begin(Source.Morsel morsel) {
        inner.begin(morsel);
      }

      @Override
      public @Nullable Batch next() {
        Batch batch = inner.next();
        return batch == null ? null : ordered(batch);
      }

      @Override
      public void close() {
        inner.close();
      }
    };
  }

  private Batch ordered(Batch batch) {
    Column[] out = new Column[order.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = batch.column(order[c]);
    }
    return batch.withColumns(out);
  }

  @Override
  public void close() {
    group.close();
  }
}
