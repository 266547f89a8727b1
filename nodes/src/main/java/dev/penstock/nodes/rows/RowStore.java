package dev.penstock.nodes.rows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;

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
    this.types = types.clone();
    this.memory = new Held(memory);
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
          segments > 1
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
   * Takes all rows of another store of the same types and the same reservation; that one is empty
   * then. After that nothing may be appended.
   */
  public void absorb(RowStore other) {
    if (other.segments == 0) {
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

  /** Bytes reserved for this store. */
  public long sizeBytes() {
    return memory.bytes();
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    Arrays.fill(columns, null);
    segments = 0;
    rows = 0;
    memory.close();
  }

  /** Values to append: positions of a flat column; a negative one is null. */
  record Values(FlatColumn column, int[] at, boolean mayHaveNulls) {}

  /** The part of a reservation that one store holds. */
  static final class Held implements AutoCloseable {
    private final Reservation reservation;
    private long bytes;

    Held(Reservation reservation) {
      this.reservation = reservation;
    }

    void grow(long more) {
      reservation.grow(more);
      bytes += more;
    }

    void shrink(long less) {
      bytes -= less;
      reservation.shrink(less);
    }

    void takeOver(Held other) {
      if (other.reservation != reservation) {
        throw new IllegalArgumentException("stores that are joined share one reservation");
      }
      bytes += other.bytes;
      other.bytes = 0;
    }

    long bytes() {
      return bytes;
    }

    @Override
    public void close() {
      long all = bytes;
      bytes = 0;
      reservation.shrink(all);
    }
  }
}
