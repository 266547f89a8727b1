package dev.penstock.nodes.rows;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.ObjectBytes;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code Object[]} by segment; the objects count as {@link ObjectBytes} sees them. */
final class ObjectRows extends StoredColumn {
  private @Nullable Object[][] segments = new Object[8][];
  private long objectBytes;
  private long objects;

  ObjectRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 16L * capacity;
  }

  @Override
  long valueGrowth(
      Column column,
      int[] positions,
      int count,
      int[] segmentRows,
      int filled,
      int @Nullable [] spare) {
    Values v = values(column, positions, count);
    return ObjectBytes.of(((ObjectColumn) v.column()).values(), v.at(), 0, count);
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
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
    long bytes = ObjectBytes.of(in, positions, from, n);
    memory.grow(bytes);
    objectBytes += bytes;
    objects += n;
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
  long rowBytes(int[] ids, int count) {
    return super.rowBytes(ids, count) + (objects == 0 ? 0 : objectBytes / objects * count);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    objectBytes += ((ObjectRows) other).objectBytes;
    objects += ((ObjectRows) other).objects;
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((ObjectRows) other).segments, 0, segments, own, others);
  }
}
