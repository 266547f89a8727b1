package dev.penstock.batch;

import java.time.Duration;
import java.time.Period;

/**
 * A span of time: months, days and microseconds are kept apart, as their lengths differ by
 * calendar.
 */
public record Interval(int months, int days, long micros) {

  /** ISO-8601 text, {@code P1Y2M3DT4H5M6.5S}. */
  @Override
  public String toString() {
    String date = Period.of(months / 12, months % 12, days).toString();
    if (micros == 0) {
      return date;
    }
    long seconds = Math.floorDiv(micros, 1_000_000L);
    long nanos = Math.floorMod(micros, 1_000_000L) * 1000L;
    String time = Duration.ofSeconds(seconds, nanos).toString().substring(1);
    return (months == 0 && days == 0 ? "P" : date) + time;
  }

  /** The high word of the PAIRS layout. */
  public long high() {
    return ((long) months << 32) | (days & 0xFFFF_FFFFL);
  }

  /** Reads the PAIRS layout. */
  public static Interval of(long high, long low) {
    return new Interval((int) (high >> 32), (int) high, low);
  }
}
