package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;

/** Results that are integers of the width that the plan says. */
final class Integers {
  private Integers() {}

  /** A strict result; for int32 every row must fit. */
  static FlatColumn column(DataType type, long[] values, Args x) {
    if (type.kind() == Kind.INT64) {
      return new LongColumn(type, values, x.nulls(), x.length());
    }
    int[] out = new int[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) values[i];
    }
    return new IntColumn(type, out, x.nulls(), x.length());
  }
}
