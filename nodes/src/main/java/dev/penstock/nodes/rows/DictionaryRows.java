package dev.penstock.nodes.rows;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;

/**
 * Ids by segment, into one dictionary that all segments share; negative is null. It counts the
 * bytes of the dictionary.
 */
final class DictionaryRows extends StoredColumn {
  private final FlatColumn dictionary;
  private int[][] segments = new int[8][];

  DictionaryRows(DataType type, FlatColumn dictionary, Held memory) {
    super(type, memory);
    this.dictionary = dictionary;
    memory.grow(dictionary.sizeBytes());
  }

  @Override
  StoredColumn taking(Column column, int[] segmentRows, int count, int openCapacity) {
    if (column instanceof DictionaryColumn d && d.dictionary() == dictionary) {
      return this;
    }
    StoredColumn flat = flattened(segmentRows, count);
    if (count > 0) {
      flat.grow(count - 1, segmentRows[count - 1], openCapacity);
    }
    return flat;
  }

  /** The ids themselves are the positions in the dictionary. */
  @Override
  Values values(Column column, int[] positions, int count) {
    int[] ids = ((DictionaryColumn) column).ids();
    int[] at = new int[count];
    for (int i = 0; i < count; i++) {
      at[i] = ids[positions[i]];
    }
    return new Values(dictionary, at, false);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 4L * capacity;
  }

  @Override
  void growValues(int segment, int capacity) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    int[] old = segments[segment];
    segments[segment] = old == null ? new int[capacity] : Arrays.copyOf(old, capacity);
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    System.arraycopy(v.at(), from, segments[segment], at, n);
  }

  @Override
  DictionaryColumn gather(int[] ids, int count) {
    int[][] in = segments;
    int[] out = new int[count];
    int all = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      int value = id < 0 ? -1 : in[id >>> RowStore.SEGMENT_BITS][id & RowStore.MASK];
      out[i] = value;
      all |= value;
    }
    return new DictionaryColumn(dictionary, out, count, all < 0);
  }

  @Override
  DictionaryColumn segment(int segment, int rows) {
    return new DictionaryColumn(dictionary, segments[segment], rows);
  }

  @Override
  StoredColumn joined(StoredColumn other, int[] segmentRows, int own, int others) {
    if (other instanceof DictionaryRows d && d.dictionary == dictionary) {
      memory.shrink(dictionary.sizeBytes());
      return super.joined(other, segmentRows, own, others);
    }
    return flattened(segmentRows, own).joined(other, segmentRows, own, others);
  }

  @Override
  void joinValues(StoredColumn other, int own, int others) {
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(((DictionaryRows) other).segments, 0, segments, own, others);
  }

  @Override
  StoredColumn flattened(int[] segmentRows, int count) {
    StoredColumn flat = StoredColumn.flat(type, memory);
    for (int s = 0; s < count; s++) {
      flat.grow(s, 0, segmentRows[s]);
      flat.append(new Values(dictionary, segments[s], true), 0, segmentRows[s], s, 0);
      memory.shrink(fixedBytes(segments[s].length));
    }
    memory.shrink(dictionary.sizeBytes());
    return flat;
  }
}
