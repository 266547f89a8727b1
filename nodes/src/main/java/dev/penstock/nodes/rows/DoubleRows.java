package dev.penstock.nodes.rows;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code double[]} by segment. */
final class DoubleRows extends StoredColumn {
  private double[][] segments = new double[8][];

  DoubleRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 8L * capacity;
  }

  @Override
  int spareKind() {
    return SpareArrays.DOUBLES;
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    double[] old = segments[segment];
    if (again != null) {
      double[] whole = (double[]) again;
      if (old != null) {
        System.arraycopy(old, 0, whole, 0, old.length);
      }
      segments[segment] = whole;
    } else {
      segments[segment] = old == null ? new double[capacity] : Arrays.copyOf(old, capacity);
    }
  }

  @Override
  void giveSpare(int count) {
    for (int s = 0; s < count; s++) {
      if (segments[s].length == RowStore.SEGMENT_ROWS) {
        memory.give(SpareArrays.DOUBLES, segments[s], fixedBytes(RowStore.SEGMENT_ROWS));
      }
    }
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    double[] in = ((DoubleColumn) v.column()).values();
    int[] positions = v.at();
    double[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      out[at + i] = p < 0 ? 0 : in[p];
    }
  }

  @Override
  DoubleColumn gather(int[] ids, int count) {
    double[][] in = segments;
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      out[i] = id < 0 ? 0 : in[id >>> RowStore.SEGMENT_BITS][id & RowStore.MASK];
    }
    return new DoubleColumn(type, out, gatherNulls(ids, count), count);
  }

  @Override
  DoubleColumn segment(int segment, int rows) {
    return new DoubleColumn(type, segments[segment], nulls(segment), rows);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((DoubleRows) other).segments, 0, segments, own, others);
  }
}
