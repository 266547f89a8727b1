package dev.penstock.batch;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * From the words of a column to host objects and back; the edge of the engine, not for loops over
 * rows.
 */
public final class HostValues {
  private static final long MICROS = 1_000_000L;

  private HostValues() {}

  static Object ofInt(DataType type, int v) {
    return type.kind() == Kind.DATE ? LocalDate.ofEpochDay(v) : (Object) v;
  }

  static Object ofLong(DataType type, long v) {
    return switch (type.kind()) {
      case TIME -> LocalTime.ofNanoOfDay(v * 1000L);
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(
              Math.floorDiv(v, MICROS), (int) Math.floorMod(v, MICROS) * 1000, ZoneOffset.UTC);
      case TIMESTAMPTZ ->
          Instant.ofEpochSecond(Math.floorDiv(v, MICROS), Math.floorMod(v, MICROS) * 1000);
      case DECIMAL -> BigDecimal.valueOf(v, type.scale());
      default -> v;
    };
  }

  static Object ofPair(DataType type, long high, long low) {
    return switch (type.kind()) {
      case INTERVAL -> Interval.of(high, low);
      case UUID -> new UUID(high, low);
      default -> new BigDecimal(toBigInteger(high, low), type.scale());
    };
  }

  /** The 128-bit two's complement number of two words. */
  public static BigInteger toBigInteger(long high, long low) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
    }
    return new BigInteger(bytes);
  }

  /** Microseconds since the epoch. */
  public static long micros(LocalDateTime t) {
    return Math.addExact(
        Math.multiplyExact(t.toEpochSecond(ZoneOffset.UTC), MICROS), t.getNano() / 1000);
  }

  /** Microseconds since the epoch. */
  public static long micros(Instant t) {
    return Math.addExact(Math.multiplyExact(t.getEpochSecond(), MICROS), t.getNano() / 1000);
  }
}
