package dev.penstock.nodes.join;

import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.SpareArrays;
import org.jspecify.annotations.Nullable;

/**
 * Linear probing over slots of two longs, at most two thirds full (fuller costs more in second
 * looks than it saves in cache).
 *
 * <pre>
 * slot    [word ^ ODD, 0 = free] [head + 1]
 * slots   in segments of 2^14 (256 KB); the slot of a word is in the high bits of its hash
 * </pre>
 *
 * <p>The one word that would look like a free slot, ODD itself, has a slot of its own.
 */
final class HashedTable extends KeyTable {
  private static final int BITS = 14;
  private static final int MASK = (1 << BITS) - 1;
  private static final long ODD = 0x5DEE_CE66_D1CE_4E5BL;

  private final int shift;
  private final long lastSlot;
  private final long[][] slots;
  private final long[] oddSlot = new long[2];

  HashedTable(long rows, int idLimit, Reservation memory, @Nullable SpareArrays spare) {
    super(idLimit, memory, spare);
    int bits = slotBits(rows);
    shift = 64 - bits;
    lastSlot = (1L << bits) - 1;
    int segments = 1 << Math.max(0, bits - BITS);
    int longs = 2 << Math.min(bits, BITS);
    int again =
        spare == null || longs != SpareArrays.SLOTS_LONGS ? 0 : Math.min(segments, spare.slots());
    memory.grow(bytes(rows) - again * (16L + 8L * longs));
    slots = new long[segments][];
    for (int i = 0; i < segments; i++) {
      slots[i] = spare != null && i < again ? spare.takeSlots() : new long[longs];
    }
  }

  @Override
  void giveTo(SpareArrays spare) {
    super.giveTo(spare);
    for (long[] segment : slots) {
      spare.giveSlots(segment);
    }
  }

  private static int slotBits(long rows) {
    long wanted = Math.max(16, rows + rows / 2 + 1);
    return 64 - Long.numberOfLeadingZeros(wanted - 1);
  }

  /** Bytes of the slots for so many rows. */
  static long bytes(long rows) {
    int bits = slotBits(rows);
    return (16L << bits) + (16L << Math.max(0, bits - BITS));
  }

  @Override
  int insert(long[] words, int[] ids, int count) {
    // Touch first: plain loads overlap their cache misses, atomic operations do not.
    long touched = 0;
    for (int i = 0; i < count; i++) {
      long s = Hashes.of(words[i]) >>> shift;
      touched |= slots[(int) (s >>> BITS)][((int) s & MASK) << 1];
    }
    int taken = 0;
    for (int i = 0; i < count; i++) {
      long word = words[i] ^ ODD;
      long[] segment;
      int at;
      if (word == 0) {
        segment = oddSlot;
        at = 0;
      } else {
        long s = Hashes.of(words[i]) >>> shift;
        for (; ; ) {
          segment = slots[(int) (s >>> BITS)];
          at = ((int) s & MASK) << 1;
          long there = segment[at];
          if (there == 0) {
            there = (long) LONGS.compareAndExchange(segment, at, 0L, word);
          }
          if (there == 0 || there == word) {
            break;
          }
          s = s + 1 & lastSlot;
        }
      }
      int before = (int) (long) LONGS.getAndSet(segment, at + 1, ids[i] + 1L);
      link(ids[i], before);
      taken += before == 0 ? 0 : 1;
    }
    // Nobody needs what was touched, but the loop must not be thought useless.
    return touched == Long.MIN_VALUE && taken < 0 ? -1 : taken;
  }

  @Override
  void find(long[] words, int count, int[] heads) {
    long[][] all = slots;
    int sh = shift;
    // First a loop of loads only: their cache misses overlap, as nothing in the loop waits for a
    // load.
    long[] slot = new long[count];
    long[] seen = new long[count];
    for (int i = 0; i < count; i++) {
      long s = Hashes.of(words[i]) >>> sh;
      slot[i] = s;
      seen[i] = all[(int) (s >>> BITS)][((int) s & MASK) << 1];
    }
    int[] missed = new int[count];
    int misses = 0;
    for (int i = 0; i < count; i++) {
      long s = slot[i];
      heads[i] = (int) all[(int) (s >>> BITS)][(((int) s & MASK) << 1) + 1] - 1;
      missed[misses] = i;
      misses += isOther(seen[i], words[i] ^ ODD);
    }
    // Then round by round those whose slot is taken by another word: the next slot of each.
    while (misses > 0) {
      int n = 0;
      for (int m = 0; m < misses; m++) {
        int i = missed[m];
        long s = slot[i] + 1 & lastSlot;
        slot[i] = s;
        long[] segment = all[(int) (s >>> BITS)];
        int at = ((int) s & MASK) << 1;
        heads[i] = (int) segment[at + 1] - 1;
        missed[n] = i;
        n += isOther(segment[at], words[i] ^ ODD);
      }
      misses = n;
    }
    if (oddSlot[1] != 0) {
      for (int i = 0; i < count; i++) {
        if (words[i] == ODD) {
          heads[i] = (int) oddSlot[1] - 1;
        }
      }
    }
  }

  /** Without a branch: 1 if a slot is taken by another word. */
  private static int isOther(long there, long word) {
    long d = there ^ word;
    return (int) ((d | -d) >>> 63 & (there | -there) >>> 63);
  }
}
