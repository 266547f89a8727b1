package dev.penstock.sources.parquet;

/**
 * Two's complement numbers of any length, most significant byte first. Eight bytes behind the
 * number must be readable.
 */
final class BigEndianDecimal {
  private BigEndianDecimal() {}

  static long toLong(byte[] b, int at, int width) {
    if (width <= 8) {
      return width == 0 ? 0 : LittleEndian.getBigEndianLong(b, at) >> (64 - 8 * width);
    }
    long low = LittleEndian.getBigEndianLong(b, at + width - 8);
    extension(b, at, width - 8, low < 0 ? -1 : 0);
    return low;
  }

  /** The low word of 128 bits. */
  static long low(byte[] b, int at, int width) {
    return width <= 8 ? toLong(b, at, width) : LittleEndian.getBigEndianLong(b, at + width - 8);
  }

  /** The high word of 128 bits. */
  static long high(byte[] b, int at, int width) {
    if (width <= 8) {
      return toLong(b, at, width) >> 63;
    }
    return toLong(b, at, width - 8);
  }

  private static void extension(byte[] b, int at, int n, int sign) {
    for (int i = 0; i < n; i++) {
      if (b[at + i] != sign) {
        throw new IllegalArgumentException("a decimal has more digits than its type");
      }
    }
  }
}
