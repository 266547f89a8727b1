package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** Opaque objects of the stream level. */
public final class ObjectColumn extends FlatColumn {
  private final @Nullable Object[] values;

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

  @Override
  public long sizeBytes() {
    return 48 + 16L * values.length + nullBytes();
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
