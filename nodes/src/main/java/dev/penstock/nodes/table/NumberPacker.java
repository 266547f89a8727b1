package dev.penstock.nodes.table;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;

/**
 * Integers and what lies in memory like them (dates, times, decimals, booleans), by their distance
 * from a base; and strings of at most seven bytes, as {@code bytes, little-endian << 3 | size}.
 */
final class NumberPacker extends Packer {
  /** Strings up to this size have a number. */
  static final int SHORT = 7;

  private final DataType type;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;
  private boolean nulls;
  private long[] numbers = {};

  NumberPacker(DataType type) {
    this.type = type;
  }

  @Override
  Fit observe(Located in, int count, boolean shared) {
    if (!number(in, count)) {
      return Fit.NEVER;
    }
    nulls |= in.hasNulls();
    int[] at = in.at();
    long[] v = numbers;
    long lo = least;
    long hi = greatest;
    for (int i = 0; i < count; i++) {
      if (at[i] >= 0) {
        lo = Math.min(lo, v[i]);
        hi = Math.max(hi, v[i]);
      }
    }
    least = lo;
    greatest = hi;
    return Fit.YES;
  }

  private long range() {
    return least > greatest ? 0 : greatest - least;
  }

  @Override
  int neededBits() {
    long most = range();
    if (nulls) {
      if (most == -1L) {
        return 65;
      }
      most++;
    }
    return Math.max(1, 64 - Long.numberOfLeadingZeros(most));
  }

  @Override
  Place place(int shift, int bits) {
    long most = bits == 64 ? -1L : (1L << bits) - 1;
    long slack = most - range() - (nulls ? 1 : 0);
    long low = least > greatest ? 0 : least;
    return new Place(shift, bits, low - (slack >>> 1), nulls);
  }

  @Override
  Fit pack(Located in, int count, boolean shared, Place place, long[] out) {
    if (in.hasNulls() && !place.nullable()) {
      return Fit.WIDER;
    }
    if (!number(in, count)) {
      return Fit.NEVER;
    }
    long base = place.nullable() ? place.base() - 1 : place.base();
    return in.hasNulls()
        ? packNulls(in.at(), count, base, place, out)
        : packAll(count, base, place, out);
  }

  private Fit packAll(int count, long base, Place place, long[] out) {
    long[] v = numbers;
    long beyond = ~place.mask();
    int shift = place.shift();
    long bad = 0;
    for (int i = 0; i < count; i++) {
      long d = v[i] - base;
      bad |= d & beyond;
      out[i] |= d << shift;
    }
    if (place.nullable()) {
      for (int i = 0; i < count; i++) {
        bad |= v[i] == base ? 1 : 0;
      }
    }
    return bad == 0 ? Fit.YES : Fit.WIDER;
  }

  private Fit packNulls(int[] at, int count, long base, Place place, long[] out) {
    long[] v = numbers;
    long beyond = ~place.mask();
    int shift = place.shift();
    long bad = 0;
    for (int i = 0; i < count; i++) {
      if (at[i] >= 0) {
        long d = v[i] - base;
        bad |= d & beyond | (d == 0 ? 1 : 0);
        out[i] |= d << shift;
      }
    }
    return bad == 0 ? Fit.YES : Fit.WIDER;
  }

  /** Fills {@link #numbers}; false when a string is too long. Nulls get whatever. */
  private boolean number(Located in, int count) {
    if (numbers.length < count) {
      numbers = new long[Math.max(count, 2048)];
    }
    int[] at = in.at();
    FlatColumn column = in.values();
    if (column.length() == 0) {
      return true;
    }
    if (column instanceof IntColumn c) {
      ints(c.values(), at, count, in.hasNulls());
    } else if (column instanceof LongColumn c) {
      longs(c.values(), at, count, in.hasNulls());
    } else if (column instanceof BitColumn c) {
      for (int i = 0; i < count; i++) {
        numbers[i] = at[i] >= 0 && Bits.get(c.words(), at[i]) ? 1 : 0;
      }
    } else {
      return texts((BytesColumn) column, at, count);
    }
    return true;
  }

  private void ints(int[] values, int[] at, int count, boolean nullsIn) {
    long[] out = numbers;
    if (nullsIn) {
      for (int i = 0; i < count; i++) {
        out[i] = values[Math.max(0, at[i])];
      }
    } else {
      for (int i = 0; i < count; i++) {
        out[i] = values[at[i]];
      }
    }
  }

  private void longs(long[] values, int[] at, int count, boolean nullsIn) {
    long[] out = numbers;
    if (nullsIn) {
      for (int i = 0; i < count; i++) {
        out[i] = values[Math.max(0, at[i])];
      }
    } else {
      for (int i = 0; i < count; i++) {
        out[i] = values[at[i]];
      }
    }
  }

  private boolean texts(BytesColumn column, int[] at, int count) {
    byte[] slab = column.slab();
    int[] offsets = column.offsets();
    long[] out = numbers;
    for (int i = 0; i < count; i++) {
      int p = at[i];
      if (p >= 0) {
        int start = offsets[p];
        int size = offsets[p + 1] - start;
        if (size > SHORT) {
          return false;
        }
        long v = 0;
        for (int k = size - 1; k >= 0; k--) {
          v = v << 8 | (slab[start + k] & 0xFF);
        }
        out[i] = v << 3 | size;
      }
    }
    return true;
  }

  @Override
  FlatColumn unpack(long[] packed, int count, Place place) {
    long[] v = new long[count];
    long[] bits = null;
    long base = place.nullable() ? place.base() - 1 : place.base();
    for (int i = 0; i < count; i++) {
      long d = place.field(packed[i]);
      if (d == 0 && place.nullable()) {
        if (bits == null) {
          bits = new long[Bits.words(count)];
        }
        Bits.set(bits, i);
      } else {
        v[i] = d + base;
      }
    }
    switch (type.layout()) {
      case BITS -> {
        long[] words = new long[Bits.words(count)];
        for (int i = 0; i < count; i++) {
          words[i >> 6] |= (v[i] & 1) << i;
        }
        return new BitColumn(type, words, bits, count);
      }
      case INTS -> {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
          ints[i] = (int) v[i];
        }
        return new IntColumn(type, ints, bits, count);
      }
      case LONGS -> {
        return new LongColumn(type, v, bits, count);
      }
      default -> {
        byte[] slab = new byte[SHORT * count];
        int[] offsets = new int[count + 1];
        int used = 0;
        for (int i = 0; i < count; i++) {
          int size = (int) v[i] & 7;
          for (int k = 0; k < size; k++) {
            slab[used++] = (byte) (v[i] >>> (3 + 8 * k));
          }
          offsets[i + 1] = used;
        }
        return new BytesColumn(type, slab, offsets, bits, count);
      }
    }
  }
}
