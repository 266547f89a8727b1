package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** 32-bit integers: int32, date. */
public final class IntColumn extends FlatColumn {
  private final int[] values;

  public IntColumn(DataType type, int[] values, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.INTS : type;
    this.values = values;
  }

  /** The shared array; at least {@code length} long. */
  public int[] values() {
    return values;
  }

  @Override
  public @Nullable Object value(int position) {
    return isNull(position) ? null : HostValues.ofInt(type(), values[position]);
  }

  @Override
  public long sizeBytes() {
    return 48 + 4L * values.length + nullBytes();
  }

  @Override
  public IntColumn gather(int[] positions, int count) {
    int[] in = values;
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      out[i] = p < 0 ? 0 : in[p];
    }
    return new IntColumn(type(), out, gatherNulls(positions, count), count);
  }
}
