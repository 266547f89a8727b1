package dev.penstock.nodes.setop;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.OneToOne;
import java.util.Arrays;

/**
 * Appends the column that tells a {@link SetOp} from which side rows come. Any number of lanes,
 * each with a step of its own.
 */
public final class Side extends OneToOne {
  private final ConstantColumn tag;

  public Side(boolean right) {
    this.tag = ConstantColumn.of(DataType.BOOLEAN, right, 1);
  }

  @Override
  protected Batch apply(Batch batch) {
    Column[] columns = Arrays.copyOf(batch.columns(), batch.columns().length + 1);
    columns[columns.length - 1] = tag.withLength(batch.length());
    return batch.withColumns(columns);
  }
}
