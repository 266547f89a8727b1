package dev.penstock.nodes.table;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;

/**
 * The slots of an open-addressing table with linear probing: a power of two of ints in chunks of
 * 256 KB, at most 0.6 full.
 *
 * <pre>
 * slot = 0                       empty
 *      | salt | entry + 1 |      entry + 1 takes log2(slots) bits, the salt (top bits of the hash) the rest
 * </pre>
 *
 * <p>Growing frees the old slots first and fills the new ones from the stored hashes. Not
 * thread-safe.
 */
final class Slots {
  private static final int SHIFT = 16;
  private static final int MASK = (1 << SHIFT) - 1;
  private static final int LEAST_BITS = 6;
  private static final int MOST_BITS = 30;
  private static final int OVERHEAD = 24;

  private final Reservation reservation;
  private int[][] chunks = {};
  private int bits;
  private int room;
  private long held;

  Slots(Reservation reservation) {
    this.reservation = reservation;
  }

  int mask() {
    return (1 << bits) - 1;
  }

  /** Bytes that growing for so many entries reserves; the old slots are freed before. */
  long growth(int entries) {
    return needsGrowth(entries) ? bytes(bitsFor(entries)) : 0;
  }

  /** Bytes of slots for so many entries. */
  static long bytesFor(int entries) {
    return bytes(bitsFor(entries));
  }

  private static int bitsFor(int entries) {
    int wanted = LEAST_BITS;
    while (wanted < MOST_BITS && room(wanted) < entries) {
      wanted++;
    }
    return wanted;
  }

  private static long bytes(int bits) {
    int size = 1 << bits;
    return 4L * size + (long) OVERHEAD * Math.max(1, size >>> SHIFT);
  }

  /** Whether so many entries are more than the load allows. */
  boolean needsGrowth(int entries) {
    return entries > room;
  }

  /** Makes room for so many entries, and puts those back that are stored. */
  void grow(int entries, Longs hashes, int stored, CancellationToken token) {
    resize(entries);
    long[][] from = hashes.chunks();
    for (int g = 0; g < stored; g++) {
      if ((g & 0xFFFF) == 0) {
        token.check();
      }
      insert(from[g >>> Longs.SHIFT][g & Longs.MASK], g);
    }
  }

  /** Replaces the slots by empty ones with room for so many entries. */
  void resize(int entries) {
    int wanted = bitsFor(entries);
    if (room(wanted) < entries) {
      throw dev.penstock.monitor.PenstockException.limit(
          "too-many-groups",
          "one lane has more than "
              + room(wanted)
              + " different keys; at most so many fit one table");
    }
    chunks = new int[0][];
    reservation.shrink(held);
    held = 0;
    room = 0;
    int size = 1 << wanted;
    long bytes = bytes(wanted);
    reservation.grow(bytes);
    held = bytes;
    int[][] fresh = new int[Math.max(1, size >>> SHIFT)][Math.min(size, 1 << SHIFT)];
    chunks = fresh;
    bits = wanted;
    room = room(wanted);
  }

  private static int room(int bits) {
    return (int) ((1L << bits) * 6 / 10);
  }

  /** Puts an entry that is known to be new. */
  void insert(long hash, int entry) {
    int mask = mask();
    int s = (int) hash & mask;
    int[][] c = chunks;
    while (c[s >>> SHIFT][s & MASK] != 0) {
      s = (s + 1) & mask;
    }
    c[s >>> SHIFT][s & MASK] = (int) (hash >>> 32) & -1 << bits | (entry + 1);
  }

  /**
   * Finds for each row, from its slot on, the first entry with its salt (into {@code out}), or
   * takes the first empty slot for a new entry: those rows are listed in {@code fresh}, numbered
   * from {@code next} on. Returns how many are fresh.
   *
   * @param slot where each row begins to look; set to where it found
   */
  int candidates(
      long[] hashes, int[] rows, int count, int[] slot, int[] out, int next, int[] fresh) {
    int mask = mask();
    int saltMask = -1 << bits;
    int[][] c = chunks;
    int made = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int salt = (int) (hashes[row] >>> 32) & saltMask;
      int s = slot[row];
      int e = c[s >>> SHIFT][s & MASK];
      while (e != 0 && (e & saltMask) != salt) {
        s = (s + 1) & mask;
        e = c[s >>> SHIFT][s & MASK];
      }
      slot[row] = s;
      if (e == 0) {
        int entry = next + made;
        c[s >>> SHIFT][s & MASK] = salt | (entry + 1);
        fresh[made++] = row;
        out[row] = entry;
      } else {
        out[row] = (e & ~saltMask) - 1;
      }
    }
    return made;
  }

  /**
   * The group of each packed key, or a new one, appended to the keys. Returns the number of groups.
   */
  int assign(long[] packed, int from, int count, Longs keys, int groups, int[] out) {
    int mask = mask();
    int saltMask = -1 << bits;
    int[][] c = chunks;
    long[][] stored = keys.chunks();
    int made = groups;
    for (int i = from; i < from + count; i++) {
      long key = packed[i];
      long hash = dev.penstock.batch.kernel.Hashes.of(key);
      int salt = (int) (hash >>> 32) & saltMask;
      int s = (int) hash & mask;
      for (; ; ) {
        int e = c[s >>> SHIFT][s & MASK];
        if (e == 0) {
          c[s >>> SHIFT][s & MASK] = salt | (made + 1);
          stored[made >>> Longs.SHIFT][made & Longs.MASK] = key;
          out[i] = made++;
          break;
        }
        if ((e & saltMask) == salt) {
          int g = (e & ~saltMask) - 1;
          if (stored[g >>> Longs.SHIFT][g & Longs.MASK] == key) {
            out[i] = g;
            break;
          }
        }
        s = (s + 1) & mask;
      }
    }
    return made;
  }

  /** Frees the slots. */
  void clear() {
    chunks = new int[0][];
    room = 0;
    reservation.shrink(held);
    held = 0;
  }
}
