package dev.penstock.nodes.table;

import dev.penstock.monitor.Reservation;
import java.util.Arrays;

/**
 * A growing array of ints in chunks.
 *
 * <pre>
 * entry i = chunks()[i >>> SHIFT][i & MASK]
 * </pre>
 *
 * <p>The first chunk begins small and is replaced while it grows; later ones are full from the
 * start, and are never copied. Each is reserved before it is allocated. Not thread-safe.
 */
public final class Ints {
  /** Entries of a full chunk, as a power of two; the same as in {@link Longs}. */
  public static final int SHIFT = Longs.SHIFT;

  public static final int SIZE = 1 << SHIFT;
  public static final int MASK = SIZE - 1;
  private static final int OVERHEAD = 24;

  private final Reservation reservation;
  private final int fill;
  private int[][] chunks = {};
  private int capacity;

  /**
   * @param fill what entries hold before they are written
   */
  public Ints(Reservation reservation, int fill) {
    this.reservation = reservation;
    this.fill = fill;
  }

  public Ints(Reservation reservation) {
    this(reservation, 0);
  }

  /** Makes room for entries 0 until n. */
  public void ensure(int n) {
    if (n > capacity) {
      grow(n);
    }
  }

  private void grow(int n) {
    if (capacity < SIZE) {
      int wanted = Math.min(SIZE, Math.max(16, Integer.highestOneBit(Math.max(1, n - 1)) << 1));
      reservation.grow(bytes(wanted));
      int[] first = new int[wanted];
      int used = 0;
      if (chunks.length > 0) {
        used = chunks[0].length;
        System.arraycopy(chunks[0], 0, first, 0, used);
        reservation.shrink(bytes(capacity));
      }
      if (fill != 0) {
        Arrays.fill(first, used, first.length, fill);
      }
      chunks = new int[][] {first};
      capacity = wanted;
    }
    while (capacity < n) {
      reservation.grow(bytes(SIZE));
      int[] chunk = new int[SIZE];
      if (fill != 0) {
        Arrays.fill(chunk, fill);
      }
      int used = capacity >>> SHIFT;
      if (used == chunks.length) {
        chunks = Arrays.copyOf(chunks, used * 2);
      }
      chunks[used] = chunk;
      capacity += SIZE;
    }
  }

  /** Bytes that {@link #ensure} reserves at most, in any number of calls, for entries 0 until n. */
  public long growth(int n) {
    if (n <= capacity) {
      return 0;
    }
    int known = Math.max(SIZE, capacity);
    long chunks = n <= known ? 0 : (n - known + (long) MASK) >>> SHIFT;
    long first =
        capacity >= SIZE
            ? 0
            : 2
                * bytes(
                    Math.min(SIZE, Math.max(16, Integer.highestOneBit(Math.max(1, n - 1)) << 1)));
    return first + chunks * bytes(SIZE);
  }

  /** The same for a new array. */
  public static long bytesFor(int n) {
    long entries =
        n <= SIZE
            ? 2L * Math.max(16, Integer.highestOneBit(Math.max(1, n - 1)) << 1)
            : (long) n + 3 * SIZE;
    return 2 * OVERHEAD + 4L * entries + n / 16;
  }

  private long bytes(int entries) {
    return OVERHEAD + 4L * entries;
  }

  /** The chunks; replaced when {@link #ensure} grows. */
  public int[][] chunks() {
    return chunks;
  }

  /** Whether one chunk holds everything: loops over it need no division of the index. */
  public boolean single() {
    return capacity <= SIZE;
  }

  public int get(int i) {
    return chunks[i >>> SHIFT][i & MASK];
  }

  public void set(int i, int v) {
    chunks[i >>> SHIFT][i & MASK] = v;
  }

  /** Frees everything; entries begin again at 0. */
  public void clear() {
    if (capacity > 0) {
      long held = capacity <= SIZE ? bytes(capacity) : (long) (capacity >>> SHIFT) * bytes(SIZE);
      chunks = new int[0][];
      capacity = 0;
      reservation.shrink(held);
    }
  }
}
