package dev.penstock.nodes.rows;

import dev.penstock.batch.DataType;
import dev.penstock.batch.PairColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code long[]} by segment, high and low words in turn. */
final class PairRows extends StoredColumn {
  private long[][] segments = new long[8][];

  PairRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 16L * capacity;
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    long[] old = segments[segment];
    segments[segment] = old == null ? new long[2 * capacity] : Arrays.copyOf(old, 2 * capacity);
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    long[] in = ((PairColumn) v.column()).values();
    int[] positions = v.at();
    long[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      if (p >= 0) {
        out[2 * (at + i)] = in[2 * p];
        out[2 * (at + i) + 1] = in[2 * p + 1];
      }
    }
  }

  @Override
  PairColumn gather(int[] ids, int count) {
    long[][] in = segments;
    long[] out = new long[2 * count];
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id >= 0) {
        long[] words = in[id >>> RowStore.SEGMENT_BITS];
        int p = 2 * (id & RowStore.MASK);
        out[2 * i] = words[p];
        out[2 * i + 1] = words[p + 1];
      }
    }
    return new PairColumn(type, out, gatherNulls(ids, count), count);
  }

  @Override
  PairColumn segment(int segment, int rows) {
    return new PairColumn(type, segments[segment], nulls(segment), rows);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((PairRows) other).segments, 0, segments, own, others);
  }
}
