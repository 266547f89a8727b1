package dev.penstock.nodes.rows;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids by segment, into one dictionary that all segments share; negative is null. Values of other
 * dictionaries are added to it as long as it stays small. It counts the bytes of the dictionary.
 */
final class DictionaryRows extends StoredColumn {
  private final FlatColumn first;
  private final MergedDictionary merged;
  private int[][] segments = new int[8][];
  private long dictionaryBytes;

  /** The dictionary that was added last, and its ids here. */
  private @Nullable FlatColumn last;

  private int[] lastIds = {};

  DictionaryRows(DataType type, FlatColumn dictionary, Held memory) {
    super(type, memory);
    first = dictionary;
    merged = new MergedDictionary(dictionary);
    dictionaryBytes = dictionary.sizeBytes();
    memory.grow(dictionaryBytes);
  }

  /** Without values: for its sizes. */
  DictionaryRows(DataType type) {
    super(type, NOBODY);
    first = ColumnBuilder.of(type, 1).build();
    merged = new MergedDictionary(first);
  }

  /** Bytes of the dictionary with an index of its hashes. */
  long indexedBytes() {
    return merged.values().sizeBytes() + 32L * merged.values().length();
  }

  /** Bytes of {@link #flattened}, about. */
  long flatBytes(int[] segmentRows, int count) {
    StoredColumn flat = StoredColumn.flat(type, NOBODY);
    long sum = count * (flat.fixedBytes(RowStore.SEGMENT_ROWS) + NULL_BYTES);
    if (merged.values() instanceof BytesColumn b) {
      long bytes = 0;
      int longest = 0;
      for (int i = 0; i < b.length(); i++) {
        longest = Math.max(longest, b.size(i));
      }
      for (int s = 0; s < count; s++) {
        int[] ids = segments[s];
        for (int i = 0; i < segmentRows[s]; i++) {
          bytes += ids[i] < 0 ? 0 : b.size(ids[i]);
        }
      }
      sum += BytesRows.chunkBytes(bytes, longest, 0);
    }
    return sum;
  }

  @Override
  long valueGrowth(
      Column column,
      int[] positions,
      int count,
      int[] segmentRows,
      int rows,
      int @Nullable [] spare) {
    if (!(column instanceof DictionaryColumn d)) {
      StoredColumn flat = StoredColumn.flat(type, NOBODY);
      return flatBytes(segmentRows, rows)
          + 2 * flat.fixedBytes(RowStore.SEGMENT_ROWS)
          + flat.valueGrowth(column, positions, count, segmentRows, 0, null);
    }
    if (isOwn(d.dictionary()) || d.dictionary() == last) {
      return 0;
    }
    int values = merged.values().length() + d.dictionary().length();
    long sum = merged.values().sizeBytes() + d.dictionary().sizeBytes() + 32L * values;
    if (values > MergedDictionary.MAX_VALUES) {
      StoredColumn flat = StoredColumn.flat(type, NOBODY);
      sum +=
          flatBytes(segmentRows, rows)
              + 2 * flat.fixedBytes(RowStore.SEGMENT_ROWS)
              + flat.valueGrowth(column, positions, count, segmentRows, 0, null);
    }
    return sum;
  }

  /** Its ids are valid here. */
  private boolean isOwn(FlatColumn dictionary) {
    return dictionary == first || dictionary == merged.values();
  }

  /** Makes the ids of a dictionary translatable; false if this would become too big. */
  private boolean takes(FlatColumn dictionary) {
    if (isOwn(dictionary) || dictionary == last) {
      return true;
    }
    // At most: all values are new; and the index of hashes.
    long most =
        merged.values().sizeBytes()
            + dictionary.sizeBytes()
            + 32L * (merged.values().length() + dictionary.length());
    memory.grow(most);
    int[] ids = merged.add(dictionary);
    if (ids == null) {
      memory.shrink(most);
      return false;
    }
    memory.shrink(dictionaryBytes);
    dictionaryBytes = most;
    last = dictionary;
    lastIds = ids;
    return true;
  }

  @Override
  StoredColumn taking(Column column, int[] segmentRows, int count, int openCapacity) {
    if (column instanceof DictionaryColumn d && takes(d.dictionary())) {
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
    DictionaryColumn d = (DictionaryColumn) column;
    int[] ids = d.ids();
    int[] at = new int[count];
    for (int i = 0; i < count; i++) {
      at[i] = ids[positions[i]];
    }
    if (!isOwn(d.dictionary())) {
      translate(at, count, lastIds);
    }
    return new Values(merged.values(), at, false);
  }

  private static void translate(int[] ids, int count, int[] to) {
    for (int i = 0; i < count; i++) {
      ids[i] = ids[i] < 0 ? -1 : to[ids[i]];
    }
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 4L * capacity;
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
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
    return new DictionaryColumn(merged.values(), out, count, all < 0);
  }

  @Override
  long rowBytes(int[] ids, int count) {
    long sum = super.rowBytes(ids, count) + 16 + count / 8;
    if (merged.values() instanceof BytesColumn values) {
      for (int i = 0; i < count; i++) {
        int value = segments[ids[i] >>> RowStore.SEGMENT_BITS][ids[i] & RowStore.MASK];
        sum += value < 0 ? 0 : values.size(value);
      }
    }
    return sum;
  }

  @Override
  DictionaryColumn segment(int segment, int rows) {
    return new DictionaryColumn(merged.values(), segments[segment], rows);
  }

  @Override
  StoredColumn joined(StoredColumn other, int[] segmentRows, int own, int others) {
    if (other instanceof DictionaryRows d && takes(d.merged.values())) {
      if (!isOwn(d.merged.values())) {
        for (int s = 0; s < others; s++) {
          // A copy: columns that were given out share the array.
          int[] old = d.segments[s];
          memory.grow(fixedBytes(old.length));
          int[] ids = old.clone();
          translate(ids, segmentRows[own + s], lastIds);
          d.segments[s] = ids;
          memory.shrink(fixedBytes(old.length));
        }
      }
      memory.shrink(d.dictionaryBytes);
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
      flat.append(new Values(merged.values(), segments[s], true), 0, segmentRows[s], s, 0);
      memory.shrink(fixedBytes(segments[s].length));
    }
    memory.shrink(dictionaryBytes);
    dictionaryBytes = 0;
    return flat;
  }
}
