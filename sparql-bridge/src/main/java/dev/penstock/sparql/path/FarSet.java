package dev.penstock.sparql.path;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.page.ScratchLongs;
import dev.penstock.sparql.page.ScratchSpace;

/** Distinct ids in the order in which they came, in mapped scratch files. One thread. */
final class FarSet implements AutoCloseable {
  private static final int CHECK = 0xFFFF;

  private final ScratchSpace space;
  private ScratchLongs values;
  private ScratchLongs slots;
  private long capacity;
  private int size;

  FarSet(DirectorySpill space, long capacity) {
    this.space = new ScratchSpace(space, "nodes that a path reached");
    this.capacity = capacity;
    try {
      this.values = this.space.longs(capacity);
      this.slots = this.space.longs(2 * capacity);
    } catch (RuntimeException e) {
      this.space.close();
      throw e;
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
    capacity *= 2;
    ScratchLongs more = space.longs(capacity);
    for (int i = 0; i < size; i++) {
      more.set(i, values.get(i));
    }
    space.give(values);
    values = more;
    space.give(slots);
    slots = space.longs(2 * capacity);
    for (int i = 0; i < size; i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      slots.set(slot(values.get(i)), i + 1L);
    }
  }

  @Override
  public void close() {
    space.close();
  }
}
