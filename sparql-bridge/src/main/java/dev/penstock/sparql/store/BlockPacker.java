package dev.penstock.sparql.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Packs the columns of a {@link Block}. One thread. */
final class BlockPacker {
  private static final int MOST_BASES = 256;
  private static final int SLOTS = 1024;

  /** Values that share their upper bits share a base: whole values, tag and a part, the tag. */
  private static final int[] SHIFTS = {0, 32, 56};

  private static final int MOST_BYTES =
      Block.HEADER + 3 * (4 + 8 * MOST_BASES + 9 * Block.ROWS) + Block.SLACK;

  private final ByteBuffer out = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final short[] slots = new short[SLOTS];
  private final long[] keys = new long[MOST_BASES];
  private final long[] bases = new long[MOST_BASES];
  private final byte[] which = new byte[Block.ROWS];

  /** What it holds while it lives. */
  static final long HEAP_BYTES = MOST_BYTES + 2 * SLOTS + 16 * MOST_BASES + Block.ROWS;

  /** The bytes of the block that was packed last. */
  byte[] bytes() {
    return out.array();
  }

  /** Packs rows; gives the number of bytes. */
  int pack(long[][] columns, int rows) {
    out.clear();
    out.putInt(rows).putInt(0).putInt(0).putInt(0);
    for (int c = 0; c < columns.length; c++) {
      if (c > 0) {
        out.putInt(4 * c, out.position());
      }
      pack(columns[c], rows);
    }
    out.putLong(0);
    return out.position();
  }

  private void pack(long[] v, int rows) {
    long low = v[0];
    long high = v[0];
    for (int i = 1; i < rows; i++) {
      low = Math.min(low, v[i]);
      high = Math.max(high, v[i]);
    }
    int width = width(high - low);
    int best = -1;
    int bytes = rows * width;
    for (int s = 0; s < SHIFTS.length && width > 1; s++) {
      if (low >> SHIFTS[s] == high >> SHIFTS[s]) {
        break; // one group: a byte a row for nothing
      }
      int groups = groups(v, rows, SHIFTS[s]);
      if (groups > 0) {
        int size = 8 * groups + rows * (1 + rest(v, rows));
        if (size < bytes) {
          bytes = size;
          best = s;
        }
      }
    }
    if (best < 0) {
      out.put((byte) width).put((byte) 0).putShort((short) 1).putLong(low);
      put(v, rows, width, low);
      return;
    }
    int groups = groups(v, rows, SHIFTS[best]);
    int rest = rest(v, rows);
    out.put((byte) rest).put((byte) 0).putShort((short) groups);
    for (int g = 0; g < groups; g++) {
      out.putLong(bases[g]);
    }
    out.put(which, 0, rows);
    for (int i = 0; i < rows && rest > 0; i++) {
      put(v[i] - bases[which[i] & 255], rest);
    }
  }

  /** Bytes that a difference needs, as a number without a sign. */
  private static int width(long difference) {
    return (71 - Long.numberOfLeadingZeros(difference)) >>> 3;
  }

  private void put(long[] v, int rows, int width, long base) {
    for (int i = 0; i < rows && width > 0; i++) {
      put(v[i] - base, width);
    }
  }

  private void put(long v, int width) {
    int at = out.position();
    out.putLong(at, v);
    out.position(at + width);
  }

  /** Groups values by their upper bits, with the least of each; 0 when there are too many. */
  private int groups(long[] v, int rows, int shift) {
    Arrays.fill(slots, (short) 0);
    int groups = 0;
    for (int i = 0; i < rows; i++) {
      long key = v[i] >> shift;
      int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 54);
      while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
        slot = (slot + 1) & (SLOTS - 1);
      }
      int group = slots[slot] - 1;
      if (group < 0) {
        if (groups == MOST_BASES) {
          return 0;
        }
        group = groups++;
        slots[slot] = (short) groups;
        keys[group] = key;
        bases[group] = v[i];
      }
      bases[group] = Math.min(bases[group], v[i]);
      which[i] = (byte) group;
    }
    return groups;
  }

  /** The bytes that the rests of the groups need. */
  private int rest(long[] v, int rows) {
    long all = 0;
    for (int i = 0; i < rows; i++) {
      all |= v[i] - bases[which[i] & 255];
    }
    return width(all);
  }
}
