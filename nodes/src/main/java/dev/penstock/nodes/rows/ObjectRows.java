package dev.penstock.nodes.rows;

import dev.penstock.batch.DataType;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code Object[]} by segment; the objects themselves are not counted. */
final class ObjectRows extends StoredColumn {
  private @Nullable Object[][] segments = new Object[8][];

  ObjectRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 16L * capacity;
  }

  @Override
  void growValues(int segment, int capacity) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    @Nullable Object[] old = segments[segment];
    segments[segment] = old == null ? new Object[capacity] : Arrays.copyOf(old, capacity);
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    @Nullable Object[] in = ((ObjectColumn) v.column()).values();
    int[] positions = v.at();
    @Nullable Object[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      out[at + i] = p < 0 ? null : in[p];
    }
  }

  @Override
  ObjectColumn gather(int[] ids, int count) {
    @Nullable Object[][] in = segments;
    @Nullable Object[] out = new Object[count];
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      out[i] = id < 0 ? null : in[id >>> RowStore.SEGMENT_BITS][id & RowStore.MASK];
    }
    return new ObjectColumn(type, out, gatherNulls(ids, count), count);
  }

  @Override
  ObjectColumn segment(int segment, int rows) {
    return new ObjectColumn(type, segments[segment], nulls(segment), rows);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((ObjectRows) other).segments, 0, segments, own, others);
  }
}
