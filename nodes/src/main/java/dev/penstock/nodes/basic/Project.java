package dev.penstock.nodes.basic;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.QueryContext;
import java.util.List;

/**
 * One column for each expression, over the same rows.
 *
 * <p>Any number of lanes, each with a step of its own. Keeps the order.
 */
public final class Project extends OneToOne {
  private final QueryContext query;
  private final Expr[] exprs;

  /**
   * @param exprs over the columns of the input; may be empty (rows without columns, for counting)
   */
  public Project(QueryContext query, List<? extends Expr> exprs) {
    this.query = query;
    this.exprs = exprs.toArray(new Expr[0]);
  }

  @Override
  protected Batch apply(Batch batch) {
    query.token().check();
    Column[] out = new Column[exprs.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = exprs[i].eval(batch);
    }
    return batch.withColumns(out);
  }
}
