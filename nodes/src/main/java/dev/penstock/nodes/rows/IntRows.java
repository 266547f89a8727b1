package dev.penstock.nodes.rows;

import dev.penstock.batch.DataType;
import dev.penstock.batch.IntColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code int[]} by segment. */
final class IntRows extends StoredColumn {
  private int[][] segments = new int[8][];

  IntRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 4L * capacity;
  }

  @Override
  int spareKind() {
    return SpareArrays.INTS;
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    int[] old = segments[segment];
    if (again != null) {
      int[] whole = (int[]) again;
      if (old != null) {
        System.arraycopy(old, 0, whole, 0, old.length);
      }
      segments[segment] = whole;
    } else {
      segments[segment] = old == null ? new int[capacity] : Arrays.copyOf(old, capacity);
    }
  }

  @Override
  void giveSpare(int count) {
    for (int s = 0; s < count; s++) {
      if (segments[s].length == RowStore.SEGMENT_ROWS) {
        memory.give(SpareArrays.INTS, segments[s], fixedBytes(RowStore.SEGMENT_ROWS));
      }
    }
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    int[] in = ((IntColumn) v.column()).values();
    int[] positions = v.at();
    int[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      out[at + i] = p < 0 ? 0 : in[p];
    }
  }

  @Override
  IntColumn gather(int[] ids, int count) {
    int[][] in = segments;
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      out[i] = id < 0 ? 0 : in[id >>> RowStore.SEGMENT_BITS][id & RowStore.MASK];
    }
    return new IntColumn(type, out, gatherNulls(ids, count), count);
  }

  @Override
  IntColumn segment(int segment, int rows) {
    return new IntColumn(type, segments[segment], nulls(segment), rows);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((IntRows) other).segments, 0, segments, own, others);
  }
}
