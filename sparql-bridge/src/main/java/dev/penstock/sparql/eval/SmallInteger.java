package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.sparql.term.TermId;

/**
 * The value of an xsd:integer below 2^31 in size, null of all other terms: what sums and extremes
 * are made of by the plan. A sum of 2^32 of them fits an int64.
 */
public final class SmallInteger implements HostFunction {
  private static final long BELOW = 1L << 31;

  /** Is a term such an integer? */
  public static boolean takes(long id) {
    if (TermId.tag(id) != TermId.INTEGER) {
      return false;
    }
    long v = TermId.integer(id);
    return v > -BELOW && v < BELOW;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn ids = args[0].flat(batch.selection(), batch.count());
    long[] in = ((LongColumn) ids).values();
    long[] out = new long[batch.length()];
    long[] nulls = new long[Bits.words(out.length)];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (!ids.isNull(p) && takes(in[p])) {
        out[p] = TermId.integer(in[p]);
      } else {
        Bits.set(nulls, p);
      }
    }
    return new LongColumn(DataType.INT64, out, nulls, out.length);
  }
}
