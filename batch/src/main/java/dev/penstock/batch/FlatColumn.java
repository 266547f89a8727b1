package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** A column whose values lie in an array, one after another. */
public abstract sealed class FlatColumn extends Column
    permits BitColumn, IntColumn, LongColumn, DoubleColumn, PairColumn, BytesColumn, ObjectColumn {
  final long @Nullable [] nulls;

  FlatColumn(DataType type, int length, long @Nullable [] nulls) {
    super(type, length);
    this.nulls = nulls;
  }

  /** The null bitmap, or null when no position is null. */
  public final long @Nullable [] nulls() {
    return nulls;
  }

  @Override
  public final boolean mayHaveNulls() {
    return nulls != null;
  }

  @Override
  public final boolean isNull(int position) {
    return nulls != null && Bits.get(nulls, position);
  }

  @Override
  public final FlatColumn flat(int @Nullable [] selection, int count) {
    return this;
  }

  final long nullBytes() {
    return nulls == null ? 0 : 16 + 8L * nulls.length;
  }

  /**
   * The null bitmap of a gather: set where the position is negative or null here; null when there
   * is none.
   */
  final long @Nullable [] gatherNulls(int[] positions, int count) {
    long[] in = nulls;
    long[] out = null;
    if (in == null) {
      int all = 0;
      for (int i = 0; i < count; i++) {
        all |= positions[i];
      }
      if (all >= 0) {
        return null;
      }
    }
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      if (p < 0 || (in != null && (in[p >> 6] >>> p & 1) != 0)) {
        if (out == null) {
          out = new long[Bits.words(count)];
        }
        out[i >> 6] |= 1L << i;
      }
    }
    return out;
  }
}
