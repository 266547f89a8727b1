package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.PairColumn;
import org.jspecify.annotations.Nullable;

/** Everything of a fixed width that becomes two longs. */
final class PlainPairs extends PlainFixed {
  private final DataType type;
  private final Conversion conversion;
  private long[] out = {};

  PlainPairs(DataType type, Conversion conversion, int width) {
    super(width);
    this.type = type;
    this.conversion = conversion;
  }

  @Override
  void start(int capacity) {
    out = new long[2 * capacity];
  }

  @Override
  void read(int to, int n) {
    int p = take(n);
    for (int i = 0; i < n; i++) {
      convert(p + width * i, to + i);
    }
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    int p = take(n);
    for (int i = 0; i < k; i++) {
      convert(p + width * picks[i], to + i);
    }
  }

  private void convert(int p, int to) {
    byte[] b = in;
    long high;
    long low;
    switch (conversion) {
      case INT32_TO_PAIR -> {
        low = LittleEndian.getInt(b, p);
        high = low >> 63;
      }
      case INT64_TO_PAIR -> {
        low = LittleEndian.getLong(b, p);
        high = low >> 63;
      }
      case UNSIGNED_INT64_TO_PAIR -> {
        low = LittleEndian.getLong(b, p);
        high = 0;
      }
      case UUID -> {
        high = LittleEndian.getBigEndianLong(b, p);
        low = LittleEndian.getBigEndianLong(b, p + 8);
      }
      case INTERVAL -> {
        high =
            ((long) LittleEndian.getInt(b, p) << 32)
                | (LittleEndian.getInt(b, p + 4) & 0xFFFF_FFFFL);
        low = (LittleEndian.getInt(b, p + 8) & 0xFFFF_FFFFL) * 1000L;
      }
      default -> {
        high = BigEndianDecimal.high(b, p, width);
        low = BigEndianDecimal.low(b, p, width);
      }
    }
    out[2 * to] = high;
    out[2 * to + 1] = low;
  }

  @Override
  void spread(int to, int rows, int values, long[] nulls) {
    long[] o = out;
    int k = to + values;
    for (int i = to + rows - 1; i >= to && k - 1 < i; i--) {
      if (!Bits.get(nulls, i)) {
        k--;
        o[2 * i] = o[2 * k];
        o[2 * i + 1] = o[2 * k + 1];
      }
    }
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    return new PairColumn(type, out, nulls, length);
  }
}
