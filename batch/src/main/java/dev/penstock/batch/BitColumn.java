package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** Booleans, one bit each. */
public final class BitColumn extends FlatColumn {
  private final long[] words;

  public BitColumn(DataType type, long[] words, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.BITS : type;
    this.words = words;
  }

  /** The shared bit words, see {@link Bits}. */
  public long[] words() {
    return words;
  }

  public boolean get(int position) {
    return Bits.get(words, position);
  }

  @Override
  public @Nullable Object value(int position) {
    return isNull(position) ? null : (Boolean) Bits.get(words, position);
  }

  @Override
  public long sizeBytes() {
    return 48 + 8L * words.length + nullBytes();
  }

  @Override
  public BitColumn gather(int[] positions, int count) {
    long[] in = words;
    long[] out = new long[Bits.words(count)];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      long bit = p < 0 ? 0 : in[p >> 6] >>> p & 1;
      out[i >> 6] |= bit << i;
    }
    return new BitColumn(type(), out, gatherNulls(positions, count), count);
  }
}
