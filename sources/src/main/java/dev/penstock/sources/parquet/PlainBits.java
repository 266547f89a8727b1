package dev.penstock.sources.parquet;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import org.jspecify.annotations.Nullable;

/** BOOLEAN: bits, least significant first. */
final class PlainBits extends PlainValues {
  private int index; // next bit of the page
  private int values;
  private long[] out = {};

  @Override
  void page(byte[] bytes, int from, int to, int count) {
    super.page(bytes, from, to, count);
    if (count > (to - from) * 8L) {
      throw new IllegalArgumentException(
          "the page has " + count + " booleans, but only " + (to - from) + " bytes");
    }
    index = 0;
    values = count;
  }

  @Override
  void start(int capacity) {
    out = new long[Bits.words(capacity)];
  }

  @Override
  void read(int to, int n) {
    int i0 = take(n);
    for (int i = 0; i < n; i++) {
      set(to + i, bit(i0 + i));
    }
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    int i0 = take(n);
    for (int i = 0; i < k; i++) {
      set(to + i, bit(i0 + picks[i]));
    }
  }

  private int take(int n) {
    if (n > values - index) {
      throw new IllegalArgumentException("the page ends before its values");
    }
    int from = index;
    index += n;
    return from;
  }

  private long bit(int i) {
    return in[at + (i >> 3)] >> (i & 7) & 1;
  }

  private void set(int i, long bit) {
    out[i >> 6] = out[i >> 6] & ~(1L << i) | bit << i;
  }

  @Override
  void skip(int n) {
    take(n);
  }

  @Override
  void spread(int to, int rows, int count, long[] nulls) {
    int k = to + count;
    for (int i = to + rows - 1; i >= to && k - 1 < i; i--) {
      if (!Bits.get(nulls, i)) {
        k--;
        set(i, out[k >> 6] >>> k & 1);
      }
    }
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    return new BitColumn(DataType.BOOLEAN, out, nulls, length);
  }
}
