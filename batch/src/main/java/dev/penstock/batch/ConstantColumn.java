package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** One value at every position. */
public final class ConstantColumn extends Column {
  private final FlatColumn single;

  /**
   * @param single a column of length 1
   */
  public ConstantColumn(FlatColumn single, int length) {
    super(single.type(), length);
    assert single.length() == 1;
    this.single = single;
  }

  /** A constant of a host value (null for null). */
  public static ConstantColumn of(DataType type, @Nullable Object value, int length) {
    ColumnBuilder builder = ColumnBuilder.of(type, 1);
    builder.appendValue(value);
    return new ConstantColumn(builder.build(), length);
  }

  /** The value, as a column of length 1. */
  public FlatColumn single() {
    return single;
  }

  public ConstantColumn withLength(int length) {
    return length == length() ? this : new ConstantColumn(single, length);
  }

  @Override
  public boolean mayHaveNulls() {
    return single.isNull(0);
  }

  @Override
  public boolean isNull(int position) {
    return single.isNull(0);
  }

  @Override
  public @Nullable Object value(int position) {
    return single.value(0);
  }

  @Override
  public long sizeBytes() {
    return 32 + single.sizeBytes();
  }

  @Override
  public FlatColumn flat(int @Nullable [] selection, int count) {
    return (FlatColumn) single.gather(new int[length()], length());
  }

  @Override
  public Column gather(int[] positions, int count) {
    for (int i = 0; i < count; i++) {
      if (positions[i] < 0) {
        int[] ids = new int[count];
        for (int k = 0; k < count; k++) {
          ids[k] = positions[k] < 0 ? -1 : 0;
        }
        return new DictionaryColumn(single, ids, count, true);
      }
    }
    return new ConstantColumn(single, count);
  }
}
