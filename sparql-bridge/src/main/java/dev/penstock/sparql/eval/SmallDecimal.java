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
 * The value of an xsd:decimal with at most {@value #SCALE} digits behind the point and 18 in all,
 * or another number of it; null of all other terms.
 */
public final class SmallDecimal implements HostFunction {
  static final int SCALE = 6;

  /** What the values are. */
  public static final DataType TYPE = DataType.decimal(18, SCALE);

  private static final long[] TENS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};

  /** Times a power of ten these have 19 digits. */
  private static final long[] MOST = new long[TENS.length];

  static {
    for (int k = 0; k < MOST.length; k++) {
      MOST[k] = 1_000_000_000_000_000_000L / TENS[k];
    }
  }

  /** What is wanted; what is no value is an int64. */
  public enum Of {
    VALUE,
    /** The digits behind the point. */
    SCALE,
    /** In the order of values; of equal ones in that of their forms. */
    ORDER
  }

  private final Of of;

  public SmallDecimal(Of of) {
    this.of = of;
  }

  /** Is a term such a decimal? */
  public static boolean takes(long id) {
    if (TermId.tag(id) != TermId.DECIMAL || TermId.scale(id) > SCALE) {
      return false;
    }
    long most = MOST[SCALE - TermId.scale(id)];
    long unscaled = TermId.unscaled(id);
    return unscaled < most && unscaled > -most;
  }

  /** Of one that is taken. */
  static long value(long id) {
    return TermId.unscaled(id) * TENS[SCALE - TermId.scale(id)];
  }

  /** The same of a {@link SmallInteger}. */
  static long ofInteger(long id) {
    return TermId.integer(id) * TENS[SCALE];
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
        out[p] =
            switch (of) {
              case VALUE -> value(in[p]);
              case SCALE -> TermId.scale(in[p]);
              case ORDER -> (SCALE + 1) * value(in[p]) + TermId.scale(in[p]);
            };
      } else {
        Bits.set(nulls, p);
      }
    }
    return new LongColumn(of == Of.VALUE ? TYPE : DataType.INT64, out, nulls, out.length);
  }
}
