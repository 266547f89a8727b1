package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** 64-bit integers: int64, time, timestamp, timestamptz, decimal up to 18 digits (scaled). */
public final class LongColumn extends FlatColumn {
  private final long[] values;

  public LongColumn(DataType type, long[] values, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.LONGS : type;
    this.values = values;
  }

  /** The shared array; at least {@code length} long. */
  public long[] values() {
    return values;
  }

  @Override
  public @Nullable Object value(int position) {
    return isNull(position) ? null : HostValues.ofLong(type(), values[position]);
  }

  @Override
  public long sizeBytes() {
    return 48 + 8L * values.length + nullBytes();
  }

  @Override
  public LongColumn gather(int[] positions, int count) {
    long[] in = values;
    long[] out = new long[count];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      out[i] = p < 0 ? 0 : in[p];
    }
    return new LongColumn(type(), out, gatherNulls(positions, count), count);
  }
}
