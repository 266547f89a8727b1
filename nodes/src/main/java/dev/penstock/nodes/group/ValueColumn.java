package dev.penstock.nodes.group;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Builds a column of values that {@link RowBytes#value} wrote, in order. */
final class ValueColumn {
  private final DataType type;
  private final int count;

  /** For all but byte strings: one or two words each. */
  private final long[] words;

  private final int[] offsets;
  private byte[] bytes = {};
  private long @Nullable [] nulls;
  private int length;

  ValueColumn(DataType type, int count) {
    this.type = type;
    this.count = count;
    this.words =
        switch (type.layout()) {
          case BYTES, OBJECTS -> new long[0];
          case PAIRS -> new long[2 * count];
          default -> new long[count];
        };
    this.offsets =
        switch (type.layout()) {
          case BYTES, OBJECTS -> new int[count + 1];
          default -> new int[0];
        };
  }

  void appendNull() {
    long[] bits = nulls;
    if (bits == null) {
      bits = new long[Bits.words(count)];
      nulls = bits;
    }
    Bits.set(bits, length);
    if (offsets.length > 0) {
      offsets[length + 1] = offsets[length];
    }
    length++;
  }

  void append(byte[] from, int start, int size) {
    switch (type.layout()) {
      case BITS -> words[length] = from[start];
      case INTS -> words[length] = RowBytes.number(from, start, 4) << 32 >> 32;
      case LONGS, DOUBLES -> words[length] = RowBytes.number(from, start, 8);
      case PAIRS -> {
        words[2 * length] = RowBytes.number(from, start, 8);
        words[2 * length + 1] = RowBytes.number(from, start + 8, 8);
      }
      case BYTES, OBJECTS -> appendBytes(from, start, size);
    }
    length++;
  }

  private void appendBytes(byte[] from, int start, int size) {
    long end = (long) offsets[length] + size;
    if (end > Integer.MAX_VALUE - 16) {
      throw PenstockException.limit("batch-too-wide", "strings of one batch hold more than 2 GiB");
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end, 2L * end)));
    }
    System.arraycopy(from, start, bytes, offsets[length], size);
    offsets[length + 1] = (int) end;
  }

  FlatColumn build() {
    return switch (type.layout()) {
      case BYTES, OBJECTS -> new BytesColumn(type, bytes, offsets, nulls, count);
      case PAIRS -> new PairColumn(type, words, nulls, count);
      default -> ofWords(type, words, nulls, count);
    };
  }

  /** A column of values of one word: doubles as their raw bits, booleans as 0 and 1. */
  static FlatColumn ofWords(DataType type, long[] words, long @Nullable [] nulls, int count) {
    switch (type.layout()) {
      case BITS -> {
        long[] bits = new long[Bits.words(count)];
        for (int i = 0; i < count; i++) {
          bits[i >> 6] |= (words[i] & 1) << i;
        }
        return new BitColumn(type, bits, nulls, count);
      }
      case INTS -> {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
          ints[i] = (int) words[i];
        }
        return new IntColumn(type, ints, nulls, count);
      }
      case DOUBLES -> {
        double[] doubles = new double[count];
        for (int i = 0; i < count; i++) {
          doubles[i] = Double.longBitsToDouble(words[i]);
        }
        return new DoubleColumn(type, doubles, nulls, count);
      }
      default -> {
        return new LongColumn(type, words, nulls, count);
      }
    }
  }
}
