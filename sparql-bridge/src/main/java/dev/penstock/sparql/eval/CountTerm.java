package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.sparql.term.Terms;

/** Numbers to the ids of xsd:integer terms. */
public final class CountTerm implements HostFunction {
  private final Terms terms;

  public CountTerm(Terms terms) {
    this.terms = terms;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    long[] counts = ((LongColumn) args[0].flat(batch.selection(), batch.count())).values();
    long[] ids = new long[batch.length()];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      ids[p] = terms.integer(counts[p]);
    }
    return new LongColumn(DataType.INT64, ids, null, ids.length);
  }
}
