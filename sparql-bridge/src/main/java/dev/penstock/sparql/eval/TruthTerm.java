package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.sparql.term.TermId;

/** The term of a truth. */
public final class TruthTerm implements HostFunction {
  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn truths = args[0].flat(batch.selection(), batch.count());
    long[] out = new long[batch.length()];
    long[] nulls = new long[Bits.words(out.length)];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (truths.isNull(p)) {
        Bits.set(nulls, p);
      } else {
        out[p] = TermId.ofBoolean(((BitColumn) truths).get(p));
      }
    }
    return new LongColumn(DataType.INT64, out, nulls, out.length);
  }
}
