package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;

/**
 * The value of a {@link SmallInteger} or a {@link SmallDecimal}, as {@link SmallDecimal#TYPE}; null
 * of all other terms: by this numbers are sorted.
 */
public final class SmallNumber implements HostFunction {
  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn ids = args[0].flat(batch.selection(), batch.count());
    long[] in = ((LongColumn) ids).values();
    long[] out = new long[batch.length()];
    long[] nulls = new long[Bits.words(out.length)];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (!ids.isNull(p) && SmallDecimal.takes(in[p])) {
        out[p] = SmallDecimal.value(in[p]);
      } else if (!ids.isNull(p) && SmallInteger.takes(in[p])) {
        out[p] = SmallDecimal.ofInteger(in[p]);
      } else {
        Bits.set(nulls, p);
      }
    }
    return new LongColumn(SmallDecimal.TYPE, out, nulls, out.length);
  }
}
