package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** 64-bit floats. */
public final class DoubleColumn extends FlatColumn {
  private final double[] values;

  public DoubleColumn(DataType type, double[] values, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.DOUBLES : type;
    this.values = values;
  }

  /** The shared array; at least {@code length} long. */
  public double[] values() {
    return values;
  }

  @Override
  public @Nullable Object value(int position) {
    return isNull(position) ? null : (Double) values[position];
  }

  @Override
  public long sizeBytes() {
    return 48 + 8L * values.length + nullBytes();
  }

  @Override
  public DoubleColumn gather(int[] positions, int count) {
    double[] in = values;
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      out[i] = p < 0 ? 0 : in[p];
    }
    return new DoubleColumn(type(), out, gatherNulls(positions, count), count);
  }
}
