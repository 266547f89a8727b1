package dev.penstock.nodes.rows;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Budget;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link RowStore}: arrays by segment. The null bitmap of a segment is made with
 * its first null.
 */
abstract class StoredColumn {
  private static final int NULL_WORDS = RowStore.SEGMENT_ROWS / 64;
  static final long NULL_BYTES = 16 + 8L * NULL_WORDS;

  /** For columns that hold nothing. */
  static final Held NOBODY = new Held(Budget.root("nobody", 0).open("nothing"), null);

  final DataType type;
  Held memory;
  private long @Nullable [][] nulls = new long[8][];
  private boolean anyNull;

  StoredColumn(DataType type, Held memory) {
    this.type = type;
    this.memory = memory;
  }

  /** The store of a column whose first values these are. */
  static StoredColumn first(DataType type, Column column, Held memory) {
    return column instanceof DictionaryColumn d
        ? new DictionaryRows(type, d.dictionary(), memory)
        : flat(type, memory);
  }

  /** One of that shape, to ask it for sizes; it holds nothing. */
  static StoredColumn first(DataType type, Column column) {
    return column instanceof DictionaryColumn ? new DictionaryRows(type) : flat(type, NOBODY);
  }

  static StoredColumn flat(DataType type, Held memory) {
    return switch (type.layout()) {
      case BITS -> new BitRows(type, memory);
      case INTS -> new IntRows(type, memory);
      case LONGS -> new LongRows(type, memory);
      case DOUBLES -> new DoubleRows(type, memory);
      case PAIRS -> new PairRows(type, memory);
      case BYTES -> new BytesRows(type, memory);
      case OBJECTS -> new ObjectRows(type, memory);
    };
  }

  static Column allNull(DataType type, int count) {
    ColumnBuilder builder = ColumnBuilder.of(type, 1);
    builder.appendNull();
    return new ConstantColumn(builder.build(), count);
  }

  final void heldBy(Held owner) {
    memory = owner;
  }

  /** This, or what takes its place to be able to hold values of that column as well. */
  StoredColumn taking(Column column, int[] segmentRows, int segments, int openCapacity) {
    return this;
  }

  /** Resolves the rows to append to positions of a flat column. */
  Values values(Column column, int[] positions, int count) {
    if (column instanceof DictionaryColumn d) {
      int[] ids = d.ids();
      int[] at = new int[count];
      for (int i = 0; i < count; i++) {
        at[i] = ids[positions[i]];
      }
      return new Values(d.dictionary(), at, d.mayHaveNulls());
    }
    if (column instanceof ConstantColumn c) {
      return new Values(c.single(), new int[count], c.mayHaveNulls());
    }
    return new Values((FlatColumn) column, positions, column.mayHaveNulls());
  }

  /**
   * Makes the arrays of a segment (the last one) longer; a capacity of 0 before means that there
   * are none.
   */
  final void grow(int segment, int before, int capacity) {
    if (segment < 0 || capacity == before) {
      return;
    }
    if (segment >= nulls.length) {
      nulls = Arrays.copyOf(nulls, Math.max(segment + 1, segment * 2));
    }
    long bytes = fixedBytes(capacity);
    int kind = capacity == RowStore.SEGMENT_ROWS ? spareKind() : SpareArrays.NONE;
    Object again = kind == SpareArrays.NONE ? null : memory.again(kind, bytes);
    if (again == null) {
      memory.grow(bytes);
    }
    growValues(segment, capacity, again);
    if (before > 0) {
      memory.shrink(fixedBytes(before));
    }
  }

  /**
   * Bytes that appending these values reserves at most beside the {@link #fixedBytes} of segments
   * and their null bitmaps.
   *
   * @param spare how many arrays there are to be used again; those that these values would take are
   *     subtracted
   */
  long valueGrowth(
      Column column,
      int[] positions,
      int count,
      int[] segmentRows,
      int segments,
      int @Nullable [] spare) {
    return 0;
  }

  /** Bytes of the arrays of a segment of that capacity. */
  abstract long fixedBytes(int capacity);

  /** Of which kind its full segments are; NONE: they are not used again. */
  int spareKind() {
    return SpareArrays.NONE;
  }

  /** Gives away the arrays of full length; nobody reads them any more. */
  void giveSpare(int segments) {}

  /**
   * @param again an array of that capacity to be used; null: a new one
   */
  abstract void growValues(int segment, int capacity, @Nullable Object again);

  /**
   * Appends values {@code from} until {@code from + n} at a position of a segment that has room.
   */
  final void append(Values v, int from, int n, int segment, int at) {
    if (v.mayHaveNulls()) {
      appendNulls(v, from, n, segment, at);
    }
    appendValues(v, from, n, segment, at);
  }

  /** A longer array with the values of that one, which may be null. */
  static long[] grown(long @Nullable [] old, int capacity, @Nullable Object again) {
    long[] out = again == null ? new long[capacity] : (long[]) again;
    if (old != null) {
      System.arraycopy(old, 0, out, 0, old.length);
    }
    return out;
  }

  /** Copies the values; where the position is negative anything may be written. */
  abstract void appendValues(Values v, int from, int n, int segment, int at);

  private void appendNulls(Values v, int from, int n, int segment, int at) {
    long[] in = v.column().nulls();
    int[] positions = v.at();
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      if (p < 0 || (in != null && Bits.get(in, p))) {
        setNull(segment, at + i);
      }
    }
  }

  private void setNull(int segment, int position) {
    long[] words = nulls[segment];
    if (words == null) {
      memory.grow(NULL_BYTES);
      words = new long[NULL_WORDS];
      nulls[segment] = words;
      anyNull = true;
    }
    Bits.set(words, position);
  }

  /** The null bitmap of a segment. */
  final long @Nullable [] nulls(int segment) {
    return nulls[segment];
  }

  /** The null bitmap of the rows with these ids, or null when none is. */
  final long @Nullable [] gatherNulls(int[] ids, int count) {
    if (!anyNull) {
      int all = 0;
      for (int i = 0; i < count; i++) {
        all |= ids[i];
      }
      if (all >= 0) {
        return null;
      }
    }
    long[] out = null;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      long[] words = id < 0 ? null : nulls[id >>> RowStore.SEGMENT_BITS];
      if (id < 0 || (words != null && Bits.get(words, id & RowStore.MASK))) {
        if (out == null) {
          out = new long[Bits.words(count)];
        }
        Bits.set(out, i);
      }
    }
    return out;
  }

  abstract Column gather(int[] ids, int count);

  /** As {@link #gather}, into arrays that are written over by the next call. */
  Column gather(int[] ids, int count, GatherScratch scratch, int slot) {
    return gather(ids, count);
  }

  /** Bytes of the rows with these ids as a flat column. */
  long rowBytes(int[] ids, int count) {
    long nullBytes = anyNull ? 16 + count / 8 : 0;
    return nullBytes
        + 16
        + switch (type.layout()) {
          case BITS -> count / 8 + 8;
          case INTS -> 4L * count;
          case LONGS, DOUBLES, OBJECTS -> 8L * count;
          case PAIRS -> 16L * count;
          case BYTES -> 4L * (count + 1);
        };
  }

  abstract Column segment(int segment, int rows);

  /**
   * This with the segments of another after its own; both counts of segments, segmentRows holds the
   * rows of all of them.
   */
  StoredColumn joined(StoredColumn other, int[] segmentRows, int own, int others) {
    if (other.getClass() != getClass()) {
      // The other one has a dictionary, this one is flat.
      StoredColumn flat =
          other.flattened(Arrays.copyOfRange(segmentRows, own, own + others), others);
      return joined(flat, segmentRows, own, others);
    }
    nulls = Arrays.copyOf(nulls, own + others);
    System.arraycopy(other.nulls, 0, nulls, own, others);
    anyNull |= other.anyNull;
    joinValues(other, own, others);
    return this;
  }

  abstract void joinValues(StoredColumn other, int own, int others);

  /** A flat copy; the bytes of this are given back. */
  StoredColumn flattened(int[] segmentRows, int segments) {
    throw new IllegalStateException(getClass() + " is flat");
  }

  /** A segment by gathering, for layouts that cannot share. */
  final Column copyOfSegment(int segment, int rows) {
    int[] ids = new int[rows];
    int first = segment << RowStore.SEGMENT_BITS;
    for (int i = 0; i < rows; i++) {
      ids[i] = first + i;
    }
    return gather(ids, rows);
  }
}
