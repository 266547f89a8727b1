package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/**
 * 128-bit values, two longs each: {@code values[2i]} is the high word (signed for decimals), {@code
 * values[2i + 1]} the low word. Decimals beyond 18 digits (two's complement, scaled), intervals,
 * uuids.
 */
public final class PairColumn extends FlatColumn {
  private final long[] values;

  public PairColumn(DataType type, long[] values, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.PAIRS : type;
    this.values = values;
  }

  /** The shared array, hi and lo in turn; at least {@code 2 * length} long. */
  public long[] values() {
    return values;
  }

  public long high(int position) {
    return values[2 * position];
  }

  public long low(int position) {
    return values[2 * position + 1];
  }

  @Override
  public @Nullable Object value(int position) {
    return isNull(position)
        ? null
        : HostValues.ofPair(type(), values[2 * position], values[2 * position + 1]);
  }

  @Override
  public long sizeBytes() {
    return 48 + 8L * values.length + nullBytes();
  }

  @Override
  public PairColumn gather(int[] positions, int count) {
    long[] in = values;
    long[] out = new long[2 * count];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      if (p >= 0) {
        out[2 * i] = in[2 * p];
        out[2 * i + 1] = in[2 * p + 1];
      }
    }
    return new PairColumn(type(), out, gatherNulls(positions, count), count);
  }
}
