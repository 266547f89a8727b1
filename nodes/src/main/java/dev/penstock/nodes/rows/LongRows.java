package dev.penstock.nodes.rows;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code long[]} by segment. */
final class LongRows extends StoredColumn {
  private long[][] segments = new long[8][];

  LongRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 8L * capacity;
  }

  @Override
  int spareKind() {
    return SpareArrays.LONGS;
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    segments[segment] = grown(segments[segment], capacity, again);
  }

  @Override
  void giveSpare(int count) {
    for (int s = 0; s < count; s++) {
      if (segments[s].length == RowStore.SEGMENT_ROWS) {
        memory.give(SpareArrays.LONGS, segments[s], fixedBytes(RowStore.SEGMENT_ROWS));
      }
    }
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    long[] in = ((LongColumn) v.column()).values();
    int[] positions = v.at();
    long[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      out[at + i] = p < 0 ? 0 : in[p];
    }
  }

  @Override
  LongColumn gather(int[] ids, int count) {
    return gather(ids, count, new long[count]);
  }

  @Override
  Column gather(int[] ids, int count, GatherScratch scratch, int slot) {
    return gather(ids, count, scratch.longs(slot, count));
  }

  private LongColumn gather(int[] ids, int count, long[] out) {
    long[][] in = segments;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      out[i] = id < 0 ? 0 : in[id >>> RowStore.SEGMENT_BITS][id & RowStore.MASK];
    }
    return new LongColumn(type, out, gatherNulls(ids, count), count);
  }

  @Override
  LongColumn segment(int segment, int rows) {
    return new LongColumn(type, segments[segment], nulls(segment), rows);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((LongRows) other).segments, 0, segments, own, others);
  }
}
