package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import org.jspecify.annotations.Nullable;

/** FLOAT, DOUBLE and the 2-byte float as float64. */
final class PlainDoubles extends PlainFixed {
  private final Conversion conversion;
  private double[] out = {};

  PlainDoubles(Conversion conversion, int width) {
    super(width);
    this.conversion = conversion;
  }

  @Override
  void start(int capacity) {
    out = new double[capacity];
  }

  @Override
  void read(int to, int n) {
    int p = take(n);
    byte[] b = in;
    double[] o = out;
    if (conversion == Conversion.DOUBLE) {
      for (int i = 0; i < n; i++) {
        o[to + i] = Double.longBitsToDouble(LittleEndian.getLong(b, p + 8 * i));
      }
    } else if (conversion == Conversion.FLOAT) {
      for (int i = 0; i < n; i++) {
        o[to + i] = Float.intBitsToFloat(LittleEndian.getInt(b, p + 4 * i));
      }
    } else {
      for (int i = 0; i < n; i++) {
        o[to + i] = half(LittleEndian.getShort(b, p + 2 * i));
      }
    }
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    int p = take(n);
    byte[] b = in;
    double[] o = out;
    for (int i = 0; i < k; i++) {
      int q = p + width * picks[i];
      o[to + i] =
          switch (conversion) {
            case DOUBLE -> Double.longBitsToDouble(LittleEndian.getLong(b, q));
            case FLOAT -> Float.intBitsToFloat(LittleEndian.getInt(b, q));
            default -> half(LittleEndian.getShort(b, q));
          };
    }
  }

  /** IEEE 754 binary16. */
  static double half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24;
    } else if (exponent == 31) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude = Math.scalb(1 + fraction * 0x1p-10, exponent - 15);
    }
    return bits < 0 ? -magnitude : magnitude;
  }

  @Override
  void spread(int to, int rows, int values, long[] nulls) {
    double[] o = out;
    int k = to + values;
    for (int i = to + rows - 1; i >= to && k - 1 < i; i--) {
      if (!Bits.get(nulls, i)) {
        o[i] = o[--k];
      }
    }
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    return new DoubleColumn(DataType.FLOAT64, out, nulls, length);
  }
}
