package dev.penstock.sparql.path;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.page.ScratchLongs;
import java.io.IOException;

/** Distinct ids in the order in which they came, in mapped scratch files. One thread. */
final class FarSet implements AutoCloseable {
  private static final int CHECK = 0xFFFF;
  private static final String WHAT = "nodes that a path reached";

  private final DirectorySpill space;
  private ScratchLongs values;
  private ScratchLongs slots;
  private long capacity;
  private long taken;
  private int size;

  FarSet(DirectorySpill space, long capacity) {
    this.space = space;
    this.capacity = capacity;
    this.values = scratch(capacity);
    this.slots = scratch(2 * capacity);
  }

  private ScratchLongs scratch(long count) {
    space.take(8 * count, WHAT);
    taken += 8 * count;
    try {
      return new ScratchLongs(count, space.newPath(WHAT));
    } catch (IOException e) {
      throw PenstockException.io("spill-write", "cannot make a file for " + WHAT + ": " + e, e);
    }
  }

  int size() {
    return size;
  }

  long get(int i) {
    return values.get(i);
  }

  boolean add(long id) {
    if (size == capacity) {
      grow();
    }
    long slot = slot(id);
    if (slots.get(slot) != 0) {
      return false;
    }
    values.set(size++, id);
    slots.set(slot, size);
    return true;
  }

  /** Of the id, or the free one where it belongs. Slots hold indices, one more. */
  private long slot(long id) {
    long mask = 2 * capacity - 1;
    long slot = ((id * 0x9E3779B97F4A7C15L) >>> 24) & mask;
    for (long at = slots.get(slot); at != 0 && values.get(at - 1) != id; at = slots.get(slot)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    if (size > Integer.MAX_VALUE / 4) {
      throw PenstockException.limit(
          "path-nodes", "a path reaches more than " + size + " nodes from one");
    }
    long before = taken;
    capacity *= 2;
    ScratchLongs more = scratch(capacity);
    for (int i = 0; i < size; i++) {
      more.set(i, values.get(i));
    }
    values.close();
    values = more;
    slots.close();
    slots = scratch(2 * capacity);
    for (int i = 0; i < size; i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      slots.set(slot(values.get(i)), i + 1L);
    }
    space.give(before);
    taken -= before;
  }

  @Override
  public void close() {
    values.close();
    slots.close();
    space.give(taken);
    taken = 0;
  }
}
