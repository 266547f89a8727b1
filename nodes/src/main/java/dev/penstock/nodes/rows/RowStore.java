package dev.penstock.nodes.rows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in columns, append only, in segments of {@value #SEGMENT_ROWS} rows; what comes in is
 * copied, compacted.
 *
 * <pre>
 * row id     segment << 12 | position       ids ascend in the order of appending
 * segment 0  [4096 rows]  segment 1  [4096 rows]  segment 2  [17 rows]
 * </pre>
 *
 * <p>One store numbers its rows 0, 1, 2, ... without gaps. A store that absorbed others has gaps
 * where their last segments were not full: walk it by segment ({@link #segments}, {@link
 * #segmentRows}), size arrays by {@link #idLimit}.
 *
 * <p>A dictionary column stays one as long as every append brings a dictionary and all of them
 * together have no more than 65,536 values; otherwise it becomes flat.
 *
 * <p>Concurrency: one thread appends; when it has handed the store on, any number may read.
 */
public final class RowStore implements AutoCloseable {
  public static final int SEGMENT_BITS = 12;
  public static final int SEGMENT_ROWS = 1 << SEGMENT_BITS;
  static final int MASK = SEGMENT_ROWS - 1;
  private static final int MAX_SEGMENTS = 1 << (31 - SEGMENT_BITS);

  /** Dictionaries of so many bytes are thought to become too big together. */
  private static final long MERGED_BYTES = 1 << 16;

  private final DataType[] types;
  private final Held memory;
  private final StoredColumn[] columns;
  private int[] segmentRows = new int[8];
  private int segments;
  private int openCapacity;
  private long rows;
  private boolean sealed;

  /**
   * @param memory where bytes are reserved before they are allocated; owned by the caller, who
   *     closes it after the store. Several stores may share it
   */
  public RowStore(DataType[] types, Reservation memory) {
    this(types, memory, null);
  }

  /**
   * @param spare of the same reservation: full arrays come from there, and go there with {@link
   *     #close}
   */
  public RowStore(DataType[] types, Reservation memory, @Nullable SpareArrays spare) {
    this.types = types.clone();
    this.memory = new Held(memory, spare);
    this.columns = new StoredColumn[types.length];
  }

  /**
   * Appends the rows of a batch, in their order. LIMIT when memory does not suffice; the store is
   * then only good for closing.
   */
  public void append(Batch batch) {
    int count = batch.count();
    if (count == 0) {
      return;
    }
    if (sealed) {
      throw new IllegalStateException("a store that absorbed another takes no more rows");
    }
    int[] positions = batch.positions();
    Values[] values = new Values[columns.length];
    for (int c = 0; c < values.length; c++) {
      Column column = batch.column(c);
      if (columns[c] == null) {
        columns[c] = StoredColumn.first(types[c], column, memory);
        columns[c].grow(segments - 1, 0, openCapacity);
      } else {
        columns[c] = columns[c].taking(column, segmentRows, segments, openCapacity);
      }
      values[c] = columns[c].values(column, positions, count);
    }
    for (int done = 0; done < count; ) {
      int n = makeRoom(count - done);
      int at = segmentRows[segments - 1];
      for (int c = 0; c < values.length; c++) {
        columns[c].append(values[c], done, n, segments - 1, at);
      }
      segmentRows[segments - 1] = at + n;
      rows += n;
      done += n;
    }
  }

  /** Room for at least one and at most wanted rows in the last segment; how many fit there. */
  private int makeRoom(int wanted) {
    if (segments == 0 || segmentRows[segments - 1] == SEGMENT_ROWS) {
      if (segments == MAX_SEGMENTS) {
        throw PenstockException.limit(
            "too-many-rows",
            "an operator can keep at most 2147483648 rows; more came; filter its input");
      }
      if (segments == segmentRows.length) {
        segmentRows = Arrays.copyOf(segmentRows, segments * 2);
      }
      segments++;
      segmentRows[segments - 1] = 0;
      openCapacity = 0;
    }
    int used = segmentRows[segments - 1];
    int n = Math.min(wanted, SEGMENT_ROWS - used);
    if (used + n > openCapacity) {
      // The first segment grows by doubling, so that small stores are small; later ones are made
      // whole.
      int capacity =
          segments > 1 || memory.hasSegments()
              ? SEGMENT_ROWS
              : Math.min(SEGMENT_ROWS, Math.max(Integer.highestOneBit(used + n - 1) << 1, 16));
      for (StoredColumn column : columns) {
        column.grow(segments - 1, openCapacity, capacity);
      }
      openCapacity = capacity;
    }
    return n;
  }

  /**
   * Bytes that appending this batch reserves at most, what lives only meanwhile included. About as
   * many as it takes where strings are short; for long ones up to twice as many.
   */
  public long growth(Batch batch) {
    int count = batch.count();
    if (count == 0) {
      return 0;
    }
    int used = segments == 0 ? 0 : segmentRows[segments - 1];
    int open = openCapacity;
    if (segments == 0 || used == SEGMENT_ROWS) {
      used = 0;
      open = 0;
    }
    // The open segment grown (old and new arrays are alive), and whole new ones.
    int last = Math.min(SEGMENT_ROWS, used + count);
    int capacity =
        segments > (used == 0 ? 0 : 1) || memory.hasSegments()
            ? SEGMENT_ROWS
            : Math.max(16, Integer.highestOneBit(last - 1) << 1);
    int whole = used + count - last + SEGMENT_ROWS - 1 >>> SEGMENT_BITS;
    int[] positions = batch.positions();
    int[] spare = memory.spareCounts();
    long sum = 0;
    for (int c = 0; c < columns.length; c++) {
      Column column = batch.column(c);
      StoredColumn stored = columns[c];
      StoredColumn shape = stored == null ? StoredColumn.first(types[c], column) : stored;
      int wholeHere = whole + (last > open && capacity == SEGMENT_ROWS ? 1 : 0);
      int kind = shape.spareKind();
      int again = spare == null || kind == SpareArrays.NONE ? 0 : Math.min(spare[kind], wholeHere);
      if (again > 0) {
        spare[kind] -= again;
      }
      sum += (wholeHere - again) * shape.fixedBytes(SEGMENT_ROWS);
      sum += last > open && capacity < SEGMENT_ROWS ? shape.fixedBytes(capacity) : 0;
      sum += column.mayHaveNulls() ? (whole + 1) * StoredColumn.NULL_BYTES : 0;
      if (stored == null && column instanceof DictionaryColumn d) {
        sum += d.dictionary().sizeBytes();
      } else {
        sum += shape.valueGrowth(column, positions, count, segmentRows, segments, spare);
      }
    }
    return sum;
  }

  /**
   * The batch without dictionaries, which a store would keep whole; itself when it has none. For
   * those who keep few rows.
   */
  public static Batch plain(Batch batch) {
    Column[] columns = batch.columns();
    Column[] out = null;
    for (int c = 0; c < columns.length; c++) {
      if (columns[c] instanceof DictionaryColumn) {
        out = out == null ? columns.clone() : out;
        out[c] = columns[c].flat(batch.selection(), batch.count());
      }
    }
    return out == null ? batch : batch.withColumns(out);
  }

  /** Bytes that putting these stores together by {@link #absorb} reserves at most. */
  public static long absorbing(List<RowStore> stores) {
    long sum = 0;
    int n = stores.isEmpty() ? 0 : stores.get(0).types.length;
    for (int c = 0; c < n; c++) {
      long bytes = 0;
      long flat = 0;
      boolean anyFlat = false;
      for (RowStore store : stores) {
        if (store.columns[c] instanceof DictionaryRows d) {
          bytes += 2 * d.indexedBytes() + d.fixedBytes(SEGMENT_ROWS);
          flat += d.flatBytes(store.segmentRows, store.segments);
        } else {
          anyFlat |= store.columns[c] != null;
        }
      }
      boolean merges = !anyFlat && bytes < MERGED_BYTES;
      sum += merges ? bytes : flat + bytes;
    }
    return sum;
  }

  /**
   * Takes all rows of another store of the same types; that one is empty then, and closed with this
   * one. After that nothing may be appended.
   */
  public void absorb(RowStore other) {
    if (other.segments == 0) {
      other.close();
      return;
    }
    if (segments + other.segments > MAX_SEGMENTS) {
      throw PenstockException.limit(
          "too-many-rows",
          "an operator can keep at most 2147483648 rows; more came; filter its input");
    }
    segmentRows = Arrays.copyOf(segmentRows, Math.max(8, segments + other.segments));
    System.arraycopy(other.segmentRows, 0, segmentRows, segments, other.segments);
    memory.takeOver(other.memory);
    for (int c = 0; c < columns.length; c++) {
      other.columns[c].heldBy(memory);
      columns[c] =
          segments == 0
              ? other.columns[c]
              : columns[c].joined(other.columns[c], segmentRows, segments, other.segments);
    }
    segments += other.segments;
    rows += other.rows;
    sealed = true;
    other.segments = 0;
    other.rows = 0;
    Arrays.fill(other.columns, null);
  }

  public DataType[] types() {
    return types.clone();
  }

  /** Rows held. */
  public long rows() {
    return rows;
  }

  /** One more than the greatest row id; at least {@link #rows}. */
  public int idLimit() {
    return segments == 0 ? 0 : (segments - 1 << SEGMENT_BITS) + segmentRows[segments - 1];
  }

  public int segments() {
    return segments;
  }

  /** Rows of a segment; their ids are {@code segment << SEGMENT_BITS} and following. */
  public int segmentRows(int segment) {
    return segmentRows[segment];
  }

  /** One column of the rows with these ids, in their order; a negative id gives null. */
  public Column gather(int column, int[] ids, int count) {
    StoredColumn stored = columns[column];
    if (stored == null) {
      return StoredColumn.allNull(types[column], count);
    }
    return stored.gather(ids, count);
  }

  /** The rows with these ids: the given columns of them. */
  public Batch gather(int[] ordinals, int[] ids, int count) {
    Column[] out = new Column[ordinals.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = gather(ordinals[i], ids, count);
    }
    return Batch.of(count, out);
  }

  /** As {@link #gather}, into arrays that the next call writes over. */
  public Batch gather(int[] ordinals, int[] ids, int count, GatherScratch scratch) {
    Column[] out = new Column[ordinals.length];
    for (int i = 0; i < out.length; i++) {
      StoredColumn stored = columns[ordinals[i]];
      out[i] =
          stored == null
              ? StoredColumn.allNull(types[ordinals[i]], count)
              : stored.gather(ids, count, scratch, i);
    }
    return Batch.of(count, out);
  }

  /** Bytes of the rows with these ids (none negative) in flat columns. */
  public long rowBytes(int[] ids, int count) {
    long sum = 64;
    for (int c = 0; c < columns.length; c++) {
      StoredColumn stored = columns[c];
      sum += stored == null ? 16 + 17L * count : stored.rowBytes(ids, count);
    }
    return sum;
  }

  /**
   * One column of a segment, its {@link #segmentRows} rows in order; shared where the layout allows
   * it.
   */
  public Column segment(int column, int segment) {
    return columns[column].segment(segment, segmentRows[segment]);
  }

  /** All columns of a segment. */
  public Batch segment(int segment) {
    Column[] out = new Column[columns.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = segment(c, segment);
    }
    return Batch.of(segmentRows[segment], out);
  }

  /** Bytes of arrays that it may take over, beside what it {@link #growth grows} by. */
  public long spareBytes() {
    return memory.spareBytes();
  }

  /** Bytes reserved for this store. */
  public long sizeBytes() {
    return memory.bytes();
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    if (!sealed && memory.keepsSpare()) {
      for (StoredColumn column : columns) {
        if (column != null) {
          column.giveSpare(segments);
        }
      }
    }
    Arrays.fill(columns, null);
    segments = 0;
    rows = 0;
    memory.close();
  }

  /** Values to append: positions of a flat column; a negative one is null. */
  record Values(FlatColumn column, int[] at, boolean mayHaveNulls) {}

  /** The parts of reservations that one store holds: its own, and those of what it absorbed. */
  static final class Held implements AutoCloseable {
    private final Reservation reservation;
    private final @Nullable SpareArrays spare;
    private final List<Held> absorbed = new ArrayList<>();
    private long bytes;

    Held(Reservation reservation, @Nullable SpareArrays spare) {
      this.reservation = reservation;
      this.spare = spare;
    }

    boolean keepsSpare() {
      return spare != null && spare.takesFrom(reservation);
    }

    boolean hasSegments() {
      return spare != null && spare.hasSegments();
    }

    boolean hasChunks() {
      return spare != null && spare.hasChunks();
    }

    long spareBytes() {
      return spare == null ? 0 : spare.bytes();
    }

    int @Nullable [] spareCounts() {
      return spare == null ? null : spare.counts();
    }

    /** An array that another store had, with whatever is in it; its bytes are reserved. */
    @Nullable Object again(int kind, long size) {
      Object array = spare == null ? null : spare.take(kind, size);
      if (array != null) {
        bytes += size;
      }
      return array;
    }

    void give(int kind, Object array, long size) {
      if (spare != null && size <= bytes) {
        bytes -= size;
        spare.give(kind, array, size);
      }
    }

    void grow(long more) {
      reservation.grow(more);
      bytes += more;
    }

    void shrink(long less) {
      long own = Math.min(less, bytes);
      bytes -= own;
      reservation.shrink(own);
      long left = less - own;
      for (int i = 0; left > 0; i++) {
        Held from = absorbed.get(i);
        long part = Math.min(left, from.bytes());
        from.shrink(part);
        left -= part;
      }
    }

    void takeOver(Held other) {
      if (other.reservation == reservation) {
        bytes += other.bytes;
        other.bytes = 0;
      } else {
        Held moved = new Held(other.reservation, null);
        moved.bytes = other.bytes;
        other.bytes = 0;
        absorbed.add(moved);
      }
      for (Held further : other.absorbed) {
        takeOver(further);
      }
      other.absorbed.clear();
    }

    long bytes() {
      long sum = bytes;
      for (Held held : absorbed) {
        sum += held.bytes();
      }
      return sum;
    }

    @Override
    public void close() {
      long all = bytes;
      bytes = 0;
      reservation.shrink(all);
      absorbed.forEach(Held::close);
      absorbed.clear();
    }
  }
}
