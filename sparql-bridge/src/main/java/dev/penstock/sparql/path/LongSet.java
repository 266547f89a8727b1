package dev.penstock.sparql.path;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.SpillMeter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Distinct ids in the order in which they came; open addressing. What it takes is reserved before
 * it grows; when that is refused it goes on in scratch files. One thread.
 */
final class LongSet implements AutoCloseable {
  private static final int FIRST = 64;
  private static final int KEPT = 4096;

  private final Reservation memory;
  private final @Nullable DirectorySpill spill;
  private long[] values = new long[FIRST];
  private int[] slots = new int[2 * FIRST];
  private int size;
  private @Nullable FarSet far;

  /**
   * @param spill where it goes on when memory is refused; null: nowhere
   */
  LongSet(Reservation memory, @Nullable SpillSpace spill) {
    this.memory = memory;
    SpillSpace space = spill instanceof SpillMeter meter ? meter.space() : spill;
    this.spill = space instanceof DirectorySpill directory ? directory : null;
  }

  int size() {
    FarSet f = far;
    return f == null ? size : f.size();
  }

  long get(int i) {
    FarSet f = far;
    return f == null ? values[i] : f.get(i);
  }

  /** Adds an id; was it new? */
  boolean add(long id) {
    FarSet f = far;
    if (f == null && size == values.length) {
      grow();
      f = far;
    }
    if (f != null) {
      return f.add(id);
    }
    int slot = slot(id);
    if (slots[slot] != 0) {
      return false;
    }
    values[size++] = id;
    slots[slot] = size;
    return true;
  }

  /** Of the id, or the free one where it belongs. Slots hold indices, one more. */
  private int slot(long id) {
    int mask = slots.length - 1;
    int slot = (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (slots[slot] != 0 && values[slots[slot] - 1] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int more = 2 * values.length;
    long bytes = 8L * more + 8L * more;
    if (spill == null) {
      memory.grow(bytes);
    } else if (!memory.tryGrow(bytes)) {
      FarSet moved = new FarSet(spill, more);
      far = moved;
      for (int i = 0; i < size; i++) {
        moved.add(values[i]);
      }
      freeHeap();
      return;
    }
    values = Arrays.copyOf(values, more);
    slots = new int[2 * more];
    for (int i = 0; i < size; i++) {
      slots[slot(values[i])] = i + 1;
    }
    memory.shrink(4L * more + 4L * more);
  }

  /** Empty; what a large one took is given back. */
  void clear() {
    if (far != null || values.length > KEPT) {
      close();
    } else {
      Arrays.fill(slots, 0);
      size = 0;
    }
  }

  private void freeHeap() {
    memory.shrink(16L * (values.length - FIRST));
    values = new long[FIRST];
    slots = new int[2 * FIRST];
    size = 0;
  }

  /** Empty, and as small as a new one. */
  @Override
  public void close() {
    freeHeap();
    FarSet f = far;
    if (f != null) {
      far = null;
      f.close();
    }
  }
}
