package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.QueryContext;
import org.jspecify.annotations.Nullable;

/**
 * The first row of each value of the key columns (null equals null), given as soon as it comes, in
 * the order of the input. One lane. What is kept are the keys.
 */
public final class DistinctRows extends OneToOne {
  private final NewRows rows;

  /**
   * @param types of the columns of the input
   * @param keys ordinals of the key columns, or null for all
   */
  public DistinctRows(QueryContext query, DataType[] types, int @Nullable [] keys) {
    this.rows =
        new NewRows(
            types,
            keys == null ? NewRows.ordinals(types.length) : keys,
            query.budget(),
            "distinct",
            query.token());
  }

  @Override
  protected @Nullable Batch apply(Batch batch) {
    return rows.of(batch);
  }

  @Override
  public void close() {
    rows.close();
  }
}
