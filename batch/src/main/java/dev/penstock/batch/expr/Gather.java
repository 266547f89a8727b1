package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.LongColumn;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Strict results, position by position: for functions whose work on one row is far more than the
 * call that it costs here.
 */
final class Gather {
  private Gather() {}

  /** A null text is a null. */
  static FlatColumn texts(Args x, DataType type, IntFunction<@Nullable String> f) {
    TextSlab out = new TextSlab(x);
    long[] none = null;
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      String text = f.apply(rows[i]);
      if (text != null) {
        out.add(rows[i], Utf8.bytes(text));
      } else {
        none = none == null ? new long[Bits.words(x.length())] : none;
        Bits.set(none, rows[i]);
      }
    }
    FlatColumn column = out.column(type);
    return none == null
        ? column
        : FlatColumns.withNulls(column, Bits.or(x.nulls(), none, x.length()));
  }

  static FlatColumn longs(Args x, DataType type, IntToLongFunction f) {
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      out[rows[i]] = f.applyAsLong(rows[i]);
    }
    return new LongColumn(type, out, x.nulls(), x.length());
  }

  static FlatColumn doubles(Args x, IntToDoubleFunction f) {
    double[] out = new double[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      out[rows[i]] = f.applyAsDouble(rows[i]);
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }

  static FlatColumn bits(Args x, IntPredicate f) {
    long[] words = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      if (f.test(rows[i])) {
        Bits.set(words, rows[i]);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, x.nulls(), x.length());
  }
}
