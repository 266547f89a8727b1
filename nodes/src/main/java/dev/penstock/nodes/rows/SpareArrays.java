package dev.penstock.nodes.rows;

import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of full segments and chunks that a {@link RowStore} had, for the next store of the same
 * owner: who fills memory, writes it to disk and fills it again leaves nothing to the collector.
 *
 * <pre>
 * store 1 --close--> spare --append--> store 2      bytes stay reserved on the way
 * </pre>
 *
 * <p>Only for owners whose columns are copied out of their stores: whoever still reads a segment of
 * a closed store would see other rows.
 *
 * <p>Concurrency: one thread at a time, that of the stores.
 */
public final class SpareArrays implements AutoCloseable {
  static final int NONE = -1;
  static final int LONGS = 0;
  static final int INTS = 1;
  static final int DOUBLES = 2;
  static final int CHUNKS = 3;

  /**
   * Parts of the slots of a table, each a {@code long[SLOTS_LONGS]}; whoever takes one clears it.
   */
  private static final int SLOTS = 4;

  private static final int KINDS = 5;
  private static final int MANY = 4;

  public static final int SLOTS_LONGS = 1 << 15;

  private static final long SLOTS_BYTES = 16 + 8L * SLOTS_LONGS;
  private static final long INTS_BYTES = 16 + 4L * RowStore.SEGMENT_ROWS;

  private final Reservation memory;
  private final List<List<Object>> arrays = new ArrayList<>();
  private long bytes;
  private boolean closed;

  /**
   * @param memory where the stores have their bytes
   */
  public SpareArrays(Reservation memory) {
    this.memory = memory;
    for (int i = 0; i < KINDS; i++) {
      arrays.add(new ArrayList<>());
    }
  }

  /** Bytes that lie here, reserved. */
  public long bytes() {
    return bytes;
  }

  /** How many there are of each kind. */
  int[] counts() {
    int[] out = new int[KINDS];
    for (int i = 0; i < KINDS; i++) {
      out[i] = arrays.get(i).size();
    }
    return out;
  }

  /** Whether a store may take whole segments at once: not those of one that is small. */
  boolean hasSegments() {
    return arrays.get(LONGS).size() + arrays.get(DOUBLES).size() >= MANY;
  }

  boolean hasChunks() {
    return !arrays.get(CHUNKS).isEmpty();
  }

  boolean takesFrom(Reservation reservation) {
    return !closed && reservation == memory;
  }

  /** One, whose bytes are the caller's from now on; null when there is none. */
  @Nullable Object take(int kind, long size) {
    List<Object> all = arrays.get(kind);
    if (all.isEmpty()) {
      return null;
    }
    bytes -= size;
    return all.remove(all.size() - 1);
  }

  void give(int kind, Object array, long size) {
    bytes += size;
    arrays.get(kind).add(array);
  }

  /** Parts of slots that are here. */
  public int slots() {
    return arrays.get(SLOTS).size();
  }

  /** All zeros; its bytes are the caller's. There must be one. */
  public long[] takeSlots() {
    long[] slots = (long[]) java.util.Objects.requireNonNull(take(SLOTS, SLOTS_BYTES));
    Arrays.fill(slots, 0);
    return slots;
  }

  /** From one who reserved its bytes in the same reservation, and no longer reads it. */
  public void giveSlots(long[] slots) {
    if (!closed && slots.length == SLOTS_LONGS) {
      give(SLOTS, slots, SLOTS_BYTES);
    }
  }

  /** Arrays of an int for each row of a segment that are here. */
  public int ints() {
    return arrays.get(INTS).size();
  }

  /** With whatever is in it; its bytes are the caller's. There must be one. */
  public int[] takeInts() {
    return (int[]) java.util.Objects.requireNonNull(take(INTS, INTS_BYTES));
  }

  /** As {@link #giveSlots}. */
  public void giveInts(int[] ints) {
    if (!closed && ints.length == RowStore.SEGMENT_ROWS) {
      give(INTS, ints, INTS_BYTES);
    }
  }

  /** Gives back so much, or all. */
  public void release(long wanted) {
    long[] sizes = {
      16 + 8L * RowStore.SEGMENT_ROWS,
      INTS_BYTES,
      16 + 8L * RowStore.SEGMENT_ROWS,
      16L + BytesRows.CHUNK_BYTES,
      SLOTS_BYTES
    };
    long freed = 0;
    for (int kind = KINDS - 1; kind >= 0; kind--) {
      while (freed < wanted && take(kind, sizes[kind]) != null) {
        freed += sizes[kind];
      }
    }
    memory.shrink(freed);
  }

  /** Gives the memory back. */
  public void clear() {
    arrays.forEach(List::clear);
    memory.shrink(bytes);
    bytes = 0;
  }

  /** Nothing is kept any more. */
  @Override
  public void close() {
    clear();
    closed = true;
  }
}
