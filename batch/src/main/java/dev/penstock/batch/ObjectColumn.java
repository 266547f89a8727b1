package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** Opaque objects of the stream level. */
public final class ObjectColumn extends FlatColumn {
  private static final int SAMPLE = 256;

  private final @Nullable Object[] values;

  /** Of the objects, about; 0: not asked for yet. A race computes it twice. */
  private long objectBytes;

  public ObjectColumn(
      DataType type, @Nullable Object[] values, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.OBJECTS : type;
    this.values = values;
  }

  /** The shared array; at least {@code length} long. */
  public @Nullable Object[] values() {
    return values;
  }

  @Override
  public @Nullable Object value(int position) {
    return isNull(position) ? null : values[position];
  }

  /** With the objects, as {@link ObjectBytes} sees them; of many rows by a sample of them. */
  @Override
  public long sizeBytes() {
    long bytes = objectBytes;
    if (bytes == 0) {
      int n = length();
      int step = Math.max(1, n / SAMPLE);
      int asked = 0;
      for (int i = 0; i < n; i += step) {
        bytes += ObjectBytes.of(values[i]);
        asked++;
      }
      bytes = 1 + (asked == 0 ? 0 : bytes * n / asked);
      objectBytes = bytes;
    }
    return 48 + 8L * values.length + bytes + nullBytes();
  }

  @Override
  public ObjectColumn gather(int[] positions, int count) {
    @Nullable Object[] in = values;
    @Nullable Object[] out = new Object[count];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      out[i] = p < 0 ? null : in[p];
    }
    return new ObjectColumn(type(), out, gatherNulls(positions, count), count);
  }
}
