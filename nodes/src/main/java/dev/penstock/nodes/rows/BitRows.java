package dev.penstock.nodes.rows;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Booleans: {@code long[]} bit words by segment. */
final class BitRows extends StoredColumn {
  private long[][] segments = new long[8][];

  BitRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 8L * Bits.words(capacity);
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    long[] old = segments[segment];
    segments[segment] =
        old == null ? new long[Bits.words(capacity)] : Arrays.copyOf(old, Bits.words(capacity));
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    long[] in = ((BitColumn) v.column()).words();
    int[] positions = v.at();
    long[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      if (p >= 0 && Bits.get(in, p)) {
        Bits.set(out, at + i);
      }
    }
  }

  @Override
  BitColumn gather(int[] ids, int count) {
    long[][] in = segments;
    long[] out = new long[Bits.words(count)];
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id >= 0 && Bits.get(in[id >>> RowStore.SEGMENT_BITS], id & RowStore.MASK)) {
        Bits.set(out, i);
      }
    }
    return new BitColumn(type, out, gatherNulls(ids, count), count);
  }

  @Override
  BitColumn segment(int segment, int rows) {
    return new BitColumn(type, segments[segment], nulls(segment), rows);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((BitRows) other).segments, 0, segments, own, others);
  }
}
