package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import org.jspecify.annotations.Nullable;

/** INT32 as int32 or date. */
final class PlainInts extends PlainFixed {
  private final DataType type;
  private int[] out = {};

  PlainInts(DataType type) {
    super(4);
    this.type = type;
  }

  @Override
  void start(int capacity) {
    out = new int[capacity];
  }

  @Override
  void read(int to, int n) {
    byte[] b = in;
    int[] o = out;
    int p = take(n);
    for (int i = 0; i < n; i++) {
      o[to + i] = LittleEndian.getInt(b, p + 4 * i);
    }
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    byte[] b = in;
    int[] o = out;
    int p = take(n);
    for (int i = 0; i < k; i++) {
      o[to + i] = LittleEndian.getInt(b, p + 4 * picks[i]);
    }
  }

  @Override
  void spread(int to, int rows, int values, long[] nulls) {
    int[] o = out;
    int k = to + values;
    for (int i = to + rows - 1; i >= to && k - 1 < i; i--) {
      if (!Bits.get(nulls, i)) {
        o[i] = o[--k];
      }
    }
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    return new IntColumn(type, out, nulls, length);
  }
}
