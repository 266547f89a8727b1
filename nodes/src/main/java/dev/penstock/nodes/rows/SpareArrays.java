package dev.penstock.nodes.rows;

import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
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
  private static final int KINDS = 4;

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

  boolean hasSegments() {
    return !arrays.get(LONGS).isEmpty()
        || !arrays.get(INTS).isEmpty()
        || !arrays.get(DOUBLES).isEmpty();
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
