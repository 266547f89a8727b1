package dev.penstock.nodes.group;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;

/**
 * Values of a row as bytes, one after another in a buffer that grows.
 *
 * <pre>
 * sort key   one byte for null or not, then bytes whose unsigned order is that of the values (inverted when descending);
 *            byte strings end in 00 00, a 00 within them is 00 FF: no key is the beginning of another
 * value      as it lies in its column, big-endian; {@link ValueColumn} reads it
 * </pre>
 */
final class RowBytes {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private byte[] bytes = new byte[64];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  private void room(int more) {
    if (more > bytes.length - size) {
      long wanted = Math.max(bytes.length * 2L, (long) size + more);
      if ((long) size + more > Integer.MAX_VALUE - 16) {
        throw PenstockException.limit("value-too-long", "a value is longer than 2 GiB");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
  }

  /** Appends bytes as they are. */
  void raw(byte[] from, int start, int length) {
    room(length);
    System.arraycopy(from, start, bytes, size, length);
    size += length;
  }

  void oneByte(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  /** Appends eight bytes. */
  void word(long v) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (v >>> shift);
    }
  }

  private void half(int v) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (v >>> shift);
    }
  }

  /**
   * Appends a sort key.
   *
   * @param at negative for null
   */
  void key(FlatColumn column, int at, boolean descending, boolean nullsFirst) {
    oneByte(at >= 0 ? 1 : nullsFirst ? 0 : 2);
    if (at < 0) {
      return;
    }
    int from = size;
    orderedValue(column, at);
    if (descending) {
      for (int i = from; i < size; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
    }
  }

  private void orderedValue(FlatColumn column, int at) {
    if (column instanceof IntColumn c) {
      half(c.values()[at] ^ Integer.MIN_VALUE);
    } else if (column instanceof LongColumn c) {
      word(c.values()[at] ^ Long.MIN_VALUE);
    } else if (column instanceof DoubleColumn c) {
      word(Ordering.doubleKey(c.values()[at]) ^ Long.MIN_VALUE);
    } else if (column instanceof BitColumn c) {
      oneByte(c.get(at) ? 1 : 0);
    } else if (column instanceof BytesColumn c) {
      escaped(c.slab(), c.start(at), c.size(at));
    } else if (column instanceof PairColumn c) {
      pair(c, at);
    } else {
      throw PenstockException.unsupported(
          "no-order",
          "values of type " + column.type() + " have no order; expected a type such as int64");
    }
  }

  private void pair(PairColumn c, int at) {
    long high = c.high(at);
    long low = c.low(at);
    if (c.type().kind() == Kind.UUID) {
      word(high);
      word(low);
    } else if (c.type().kind() == Kind.INTERVAL) {
      long days = (high >> 32) * 30 + (int) high + Math.floorDiv(low, MICROS_PER_DAY);
      word(days ^ Long.MIN_VALUE);
      word(Math.floorMod(low, MICROS_PER_DAY));
    } else {
      word(high ^ Long.MIN_VALUE);
      word(low);
    }
  }

  private void escaped(byte[] slab, int start, int length) {
    room(length + 2);
    for (int i = start; i < start + length; i++) {
      byte b = slab[i];
      if (b == 0) {
        room(start + length - i + 4);
        bytes[size++] = 0;
        b = -1;
      }
      bytes[size++] = b;
    }
    room(2);
    bytes[size++] = 0;
    bytes[size++] = 0;
  }

  /** Reads what {@link #value} wrote of a number. */
  static long number(byte[] from, int start, int size) {
    long v = 0;
    for (int i = start; i < start + size; i++) {
      v = v << 8 | from[i] & 0xFF;
    }
    return v;
  }

  /**
   * Bytes of sort keys, or of values, of these rows: at most so many.
   *
   * @param at negative for null
   */
  static long bound(FlatColumn column, int[] at, int count) {
    if (!(column instanceof BytesColumn c)) {
      return 18L * count;
    }
    int[] offsets = c.offsets();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      if (at[i] >= 0) {
        sum += offsets[at[i] + 1] - offsets[at[i]];
      }
    }
    return 2 * sum + 4L * count;
  }

  /** Appends a value that is not null. */
  void value(FlatColumn column, int at) {
    if (column instanceof IntColumn c) {
      half(c.values()[at]);
    } else if (column instanceof LongColumn c) {
      word(c.values()[at]);
    } else if (column instanceof DoubleColumn c) {
      word(Double.doubleToRawLongBits(c.values()[at]));
    } else if (column instanceof BitColumn c) {
      oneByte(c.get(at) ? 1 : 0);
    } else if (column instanceof BytesColumn c) {
      raw(c.slab(), c.start(at), c.size(at));
    } else if (column instanceof PairColumn c) {
      word(c.high(at));
      word(c.low(at));
    } else if (column instanceof ObjectColumn) {
      throw PenstockException.unsupported(
          "opaque-values", "values of type any cannot be kept by this aggregate");
    }
  }
}
