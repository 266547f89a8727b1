package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import org.jspecify.annotations.Nullable;

/**
 * Decimals stored as BYTE_ARRAY, each with its own length: rare, so they are read as bytes and
 * converted at the end of a batch.
 */
final class PlainVariableDecimals extends PlainValues {
  private final DataType type;
  private final PlainBytes bytes = new PlainBytes(DataType.VARBINARY, -1);

  PlainVariableDecimals(DataType type) {
    this.type = type;
  }

  @Override
  void page(byte[] b, int from, int to, int values) {
    bytes.page(b, from, to, values);
  }

  @Override
  void start(int capacity) {
    bytes.start(capacity);
  }

  @Override
  void read(int to, int n) {
    bytes.read(to, n);
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    bytes.pick(picks, k, to, n);
  }

  @Override
  void skip(int n) {
    bytes.skip(n);
  }

  @Override
  void spread(int to, int rows, int values, long[] nulls) {
    bytes.spread(to, rows, values, nulls);
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    dev.penstock.batch.BytesColumn b = (dev.penstock.batch.BytesColumn) bytes.finish(nulls, length);
    byte[] slab = java.util.Arrays.copyOf(b.slab(), b.slab().length + 8);
    if (type.layout() == Layout.LONGS) {
      long[] out = new long[length];
      for (int i = 0; i < length; i++) {
        out[i] = BigEndianDecimal.toLong(slab, b.start(i), b.size(i));
      }
      return new LongColumn(type, out, nulls, length);
    }
    long[] out = new long[2 * length];
    for (int i = 0; i < length; i++) {
      out[2 * i] = BigEndianDecimal.high(slab, b.start(i), b.size(i));
      out[2 * i + 1] = BigEndianDecimal.low(slab, b.start(i), b.size(i));
    }
    return new PairColumn(type, out, nulls, length);
  }
}
