package dev.penstock.nodes.table;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;

/** Finds the group of a packed key. New keys are appended to {@code keys}. */
abstract sealed class PackedIndex {
  /** The keys by group, shared with the owner. */
  final Longs keys;

  int groups;

  PackedIndex(Longs keys) {
    this.keys = keys;
  }

  /**
   * Writes the groups of keys {@code from} until {@code to}; returns the first that it cannot take
   * because this index does not suit the keys, or {@code to}.
   */
  abstract int assign(long[] packed, int from, int to, int[] out);

  abstract void free();

  /** An array with an entry for each possible key. */
  static final class Direct extends PackedIndex {
    private final Reservation reservation;
    private int[] table;

    Direct(Longs keys, int bits, Reservation reservation) {
      super(keys);
      this.reservation = reservation;
      reservation.grow(4L << bits);
      this.table = new int[1 << bits];
    }

    @Override
    int assign(long[] packed, int from, int to, int[] out) {
      int[] t = table;
      int made = groups;
      for (int i = from; i < to; i++) {
        int g = t[(int) packed[i]] - 1;
        if (g < 0) {
          g = made++;
          keys.ensure(made);
          keys.set(g, packed[i]);
          t[(int) packed[i]] = made;
        }
        out[i] = g;
      }
      groups = made;
      return to;
    }

    @Override
    void free() {
      reservation.shrink(4L * table.length);
      table = new int[0];
    }
  }

  /**
   * An array in pages, made where keys are: for one integer-like column whose values lie close
   * together.
   */
  static final class Paged extends PackedIndex {
    private static final int SHIFT = 13;
    private static final int SIZE = 1 << SHIFT;
    private static final int MASK = SIZE - 1;
    private static final int PAGE_BYTES = 4 * SIZE + 24;
    private static final int MOST_SPAN = 1 << 16;

    /** Slots for each group that are paid for pages, beyond the first 4 MB. */
    private static final int SLOTS_PER_GROUP = 8;

    private static final int FREE_PAGES = 128;

    private final Reservation reservation;
    private int[][] pages = {};
    private long first;
    private int used;
    private boolean closed;

    Paged(Longs keys, Reservation reservation) {
      super(keys);
      this.reservation = reservation;
    }

    @Override
    int assign(long[] packed, int from, int to, int[] out) {
      int made = groups;
      keys.ensure(made + 1);
      for (int i = from; i < to; i++) {
        long key = packed[i];
        long p = (key >>> SHIFT) - first;
        if (p < 0 || p >= pages.length || pages[(int) p] == null) {
          groups = made;
          if (!open(key >>> SHIFT)) {
            return i;
          }
          p = (key >>> SHIFT) - first;
        }
        int[] page = pages[(int) p];
        int g = page[(int) key & MASK] - 1;
        if (g < 0) {
          g = made++;
          keys.ensure(made);
          keys.set(g, key);
          page[(int) key & MASK] = made;
        }
        out[i] = g;
      }
      groups = made;
      return to;
    }

    /** No page is made any more; the next key that needs one ends this index. */
    void close() {
      closed = true;
    }

    /** Bytes of pages that so many keys more may open, and of their directory. */
    long growth(int count) {
      return closed ? 0 : Math.max(0, pagesFor(groups, count) - (long) used * PAGE_BYTES);
    }

    /** Bytes of all pages that so many groups and count keys more may have. */
    static long pagesFor(int groups, int count) {
      long most = ((long) SLOTS_PER_GROUP * (groups + count) >>> SHIFT) + FREE_PAGES + 1;
      return Math.min(most, (long) groups + count) * PAGE_BYTES + 16L * MOST_SPAN;
    }

    /** Makes a page if the pages are not too sparse and there is memory. */
    private boolean open(long page) {
      if (closed) {
        return false;
      }
      if ((long) used * SIZE > (long) SLOTS_PER_GROUP * groups + FREE_PAGES * SIZE) {
        return false;
      }
      if (pages.length == 0) {
        first = page;
      }
      long low = Math.min(first, page);
      long high = Math.max(first + pages.length, page + 1);
      if (high - low > MOST_SPAN) {
        return false;
      }
      if (high - low > pages.length && !span(low, high)) {
        return false;
      }
      if (!reservation.tryGrow(PAGE_BYTES)) {
        return false;
      }
      pages[(int) (page - first)] = new int[SIZE];
      used++;
      return true;
    }

    /** Makes the directory reach from low to high, and half as far again on the side that grew. */
    private boolean span(long low, long high) {
      long from = low;
      long to = high;
      if (pages.length > 0 && high - low < MOST_SPAN / 2) {
        long more = (high - low) / 2;
        from = low < first ? Math.max(0, low - more) : low;
        to = high > first + pages.length ? high + more : high;
      }
      int length = (int) (to - from);
      if (!reservation.tryGrow(8L * length)) {
        return false;
      }
      int[][] wider = new int[length][];
      System.arraycopy(pages, 0, wider, (int) (first - from), pages.length);
      reservation.shrink(8L * pages.length);
      pages = wider;
      first = from;
      return true;
    }

    @Override
    void free() {
      reservation.shrink((long) used * PAGE_BYTES + 8L * pages.length);
      pages = new int[0][];
      used = 0;
    }
  }

  /** An open-addressing table. */
  static final class Hashed extends PackedIndex {
    private static final int STRIDE = 2048;

    private final Slots slots;
    private final CancellationToken token;

    Hashed(Longs keys, Reservation reservation, CancellationToken token) {
      super(keys);
      this.slots = new Slots(reservation);
      this.token = token;
    }

    @Override
    int assign(long[] packed, int from, int to, int[] out) {
      for (int i = from; i < to; ) {
        int n = Math.min(STRIDE, to - i);
        if (slots.needsGrowth(groups + n)) {
          token.check();
          rebuild(groups + n);
        }
        keys.ensure(groups + n);
        groups = slots.assign(packed, i, n, keys, groups, out);
        i += n;
      }
      return to;
    }

    boolean willGrow(int more) {
      return slots.needsGrowth(groups + more);
    }

    long growth(int more) {
      return slots.growth(groups + more);
    }

    private void rebuild(int entries) {
      slots.resize(entries);
      long[][] from = keys.chunks();
      for (int g = 0; g < groups; g++) {
        if ((g & 0xFFFF) == 0) {
          token.check();
        }
        slots.insert(
            dev.penstock.batch.kernel.Hashes.of(from[g >>> Longs.SHIFT][g & Longs.MASK]), g);
      }
    }

    /** Takes the first n of the keys as they are; they are distinct. */
    void adopt(int n) {
      groups = n;
      rebuild(Math.max(n, 16));
    }

    @Override
    void free() {
      slots.clear();
    }
  }

  /** The groups 0, 1, ... of keys that are known to be distinct and are stored already. */
  static int[] ascending(int from, int count) {
    int[] out = new int[count];
    Arrays.setAll(out, i -> from + i);
    return out;
  }
}
