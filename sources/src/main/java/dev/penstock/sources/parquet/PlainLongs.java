package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import org.jspecify.annotations.Nullable;

/** Everything of a fixed width that becomes a long. */
final class PlainLongs extends PlainFixed {
  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final long JULIAN_EPOCH = 2_440_588;

  private final DataType type;
  private final Conversion conversion;
  private long[] out = {};

  PlainLongs(DataType type, Conversion conversion, int width) {
    super(width);
    this.type = type;
    this.conversion = conversion;
  }

  @Override
  void start(int capacity) {
    out = new long[capacity];
  }

  @Override
  void read(int to, int n) {
    int p = take(n);
    byte[] b = in;
    long[] o = out;
    if (conversion == Conversion.INT64) {
      for (int i = 0; i < n; i++) {
        o[to + i] = LittleEndian.getLong(b, p + 8 * i);
      }
    } else if (conversion == Conversion.INT32_TO_LONG) {
      for (int i = 0; i < n; i++) {
        o[to + i] = LittleEndian.getInt(b, p + 4 * i);
      }
    } else {
      for (int i = 0; i < n; i++) {
        o[to + i] = convert(b, p + width * i);
      }
    }
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    int p = take(n);
    byte[] b = in;
    long[] o = out;
    if (conversion == Conversion.INT64) {
      for (int i = 0; i < k; i++) {
        o[to + i] = LittleEndian.getLong(b, p + 8 * picks[i]);
      }
    } else {
      for (int i = 0; i < k; i++) {
        o[to + i] = convert(b, p + width * picks[i]);
      }
    }
  }

  private long convert(byte[] b, int p) {
    return switch (conversion) {
      case INT32_TO_LONG -> LittleEndian.getInt(b, p);
      case UNSIGNED_INT32_TO_LONG -> LittleEndian.getInt(b, p) & 0xFFFF_FFFFL;
      case INT32_MILLIS_TO_MICROS -> LittleEndian.getInt(b, p) * 1000L;
      case INT64_MILLIS_TO_MICROS -> millis(LittleEndian.getLong(b, p));
      case INT64_NANOS_TO_MICROS -> Math.floorDiv(LittleEndian.getLong(b, p), 1000L);
      case INT96_TO_MICROS -> int96(b, p);
      case DECIMAL_TO_LONG -> BigEndianDecimal.toLong(b, p, width);
      default -> LittleEndian.getLong(b, p);
    };
  }

  private static long millis(long v) {
    if (v > Long.MAX_VALUE / 1000 || v < Long.MIN_VALUE / 1000) {
      throw new IllegalArgumentException(
          v + " milliseconds do not fit into 64 bits of microseconds");
    }
    return v * 1000;
  }

  private static long int96(byte[] b, int p) {
    long days = LittleEndian.getInt(b, p + 8) - JULIAN_EPOCH;
    if (Math.abs(days) > Long.MAX_VALUE / MICROS_OF_DAY - 1) {
      throw new IllegalArgumentException("an INT96 timestamp of day " + days + " is out of range");
    }
    return days * MICROS_OF_DAY + Math.floorDiv(LittleEndian.getLong(b, p), 1000L);
  }

  @Override
  void spread(int to, int rows, int values, long[] nulls) {
    long[] o = out;
    int k = to + values;
    for (int i = to + rows - 1; i >= to && k - 1 < i; i--) {
      if (!Bits.get(nulls, i)) {
        o[i] = o[--k];
      }
    }
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    return new LongColumn(type, out, nulls, length);
  }
}
