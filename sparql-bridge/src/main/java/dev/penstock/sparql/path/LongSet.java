package dev.penstock.sparql.path;

import dev.penstock.monitor.Reservation;
import java.util.Arrays;

/**
 * Distinct ids in the order in which they came; open addressing. What it takes is reserved before
 * it grows. One thread.
 */
final class LongSet {
  private static final int FIRST = 64;
  private static final int KEPT = 4096;

  private final Reservation memory;
  private long[] values = new long[FIRST];
  private int[] slots = new int[2 * FIRST];
  private int size;

  LongSet(Reservation memory) {
    this.memory = memory;
  }

  int size() {
    return size;
  }

  long get(int i) {
    return values[i];
  }

  /** Adds an id; was it new? */
  boolean add(long id) {
    if (size == values.length) {
      grow();
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
    memory.grow(8L * more + 8L * more);
    values = Arrays.copyOf(values, more);
    slots = new int[2 * more];
    for (int i = 0; i < size; i++) {
      slots[slot(values[i])] = i + 1;
    }
    memory.shrink(4L * more + 4L * more);
  }

  /** Empty; what a large one took is given back. */
  void clear() {
    if (values.length > KEPT) {
      free();
    } else {
      Arrays.fill(slots, 0);
      size = 0;
    }
  }

  /** Empty, and as small as a new one. */
  void free() {
    memory.shrink(16L * (values.length - FIRST));
    values = new long[FIRST];
    slots = new int[2 * FIRST];
    size = 0;
  }
}
