package dev.penstock.nodes.table;

import dev.penstock.monitor.Reservation;
import java.util.Arrays;

/**
 * Byte strings that are only added, in slabs. A place is {@code slab number << 32 | offset}; a
 * string lies within one slab. Slabs begin at 1 KB and double up to 256 KB; a longer string gets a
 * slab of its own. Each is reserved before it is allocated. Not thread-safe.
 */
public final class ByteSlabs {
  private static final int FIRST = 1 << 10;
  private static final int LARGEST = (1 << 18) - 64;
  private static final int OVERHEAD = 24;

  private final Reservation reservation;
  private byte[][] slabs = new byte[4][];
  private int count;
  private int current = -1;
  private int used;
  private int size;
  private long held;

  public ByteSlabs(Reservation reservation) {
    this.reservation = reservation;
  }

  /** Copies the bytes in and returns their place. */
  public long add(byte[] from, int start, int length) {
    int slab = current;
    int at = used;
    if (slab < 0 || length > size - used) {
      if (length > LARGEST / 4) {
        slab = open(length);
        System.arraycopy(from, start, slabs[slab], 0, length);
        return (long) slab << 32;
      }
      size = Math.min(LARGEST, Math.max(FIRST, Math.max(size * 2, length)));
      slab = open(size);
      current = slab;
      at = 0;
    }
    System.arraycopy(from, start, slabs[slab], at, length);
    used = at + length;
    return (long) slab << 32 | at;
  }

  /** Bytes that adding strings of so many bytes in all reserves at most. */
  public long growth(long bytes) {
    if (current >= 0 && bytes <= size - used) {
      return 0;
    }
    // What a slab that is left wastes is less than the string that opened the next one.
    return 2 * bytes + Math.min(LARGEST, Math.max(FIRST, 2L * size) + 4 * bytes) + 20L * OVERHEAD;
  }

  private int open(int length) {
    reservation.grow((long) length + OVERHEAD);
    held += (long) length + OVERHEAD;
    if (count == slabs.length) {
      slabs = Arrays.copyOf(slabs, count * 2);
    }
    slabs[count] = new byte[length];
    return count++;
  }

  /** The slab of a place; the string begins at {@code (int) place}. */
  public byte[] slab(long place) {
    return slabs[(int) (place >>> 32)];
  }

  /** Bytes reserved. */
  public long heldBytes() {
    return held;
  }

  /** Frees everything; places begin anew. */
  public void clear() {
    slabs = new byte[4][];
    count = 0;
    current = -1;
    used = 0;
    size = 0;
    reservation.shrink(held);
    held = 0;
  }
}
