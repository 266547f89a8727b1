package dev.penstock.sparql.term;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.page.ScratchLongs;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * Numbers of terms by the hashes of their keys, while terms are added; as the slots of a {@link
 * TermSegment}. At most two thirds are in use. One thread at a time.
 */
final class HashSlots {
  private static final int CHECK = 0xFFFF;

  private final LongFunction<ScratchLongs> making;
  private final Consumer<ScratchLongs> freeing;
  private ScratchLongs slots;
  private long count;

  /**
   * @param making gives so many longs, zero at first
   * @param freeing is given those that are not used any more
   */
  HashSlots(int count, LongFunction<ScratchLongs> making, Consumer<ScratchLongs> freeing) {
    this.making = making;
    this.freeing = freeing;
    this.count = count;
    this.slots = making.apply(count);
  }

  /** How many slots there are. */
  long count() {
    return count;
  }

  long get(long slot) {
    return slots.get(slot);
  }

  /**
   * The number of the term with a key, or -1.
   *
   * @param terms the bytes of a term by its number
   */
  int find(byte[] key, long hash, IntFunction<byte[]> terms) {
    long check = hash >>> 32;
    for (long slot = TermSegment.slot(hash, count); ; slot = next(slot, count)) {
      long entry = slots.get(slot);
      if (entry == 0) {
        return -1;
      }
      if (entry >>> 32 == check) {
        int number = (int) entry - 1;
        if (Arrays.equals(TermBytes.key(terms.apply(number)), key)) {
          return number;
        }
      }
    }
  }

  /** Adds the next number. */
  void add(long hash, int number) {
    if (3L * (number + 1) > 2 * count) {
      grow();
    }
    insert(slots, count, hash >>> 32 << 32 | (number + 1));
  }

  private void grow() {
    long more = 2 * count;
    ScratchLongs grown = making.apply(more);
    boolean done = false;
    try {
      for (long i = 0; i < count; i++) {
        long entry = slots.get(i);
        if (entry != 0) {
          insert(grown, more, entry);
        }
        if ((i & CHECK) == 0) {
          CancellationToken.checkCurrent();
        }
      }
      done = true;
    } finally {
      freeing.accept(done ? slots : grown);
    }
    slots = grown;
    count = more;
  }

  private static void insert(ScratchLongs into, long count, long entry) {
    long slot = TermSegment.slot(entry, count);
    while (into.get(slot) != 0) {
      slot = next(slot, count);
    }
    into.set(slot, entry);
  }

  private static long next(long slot, long count) {
    return slot + 1 == count ? 0 : slot + 1;
  }

  void free() {
    freeing.accept(slots);
  }
}
