package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;

/**
 * Limits of intervals, by their length with months of 30 days, and of times of a day, which end at
 * no midnight; kept as days and microseconds of the day.
 */
final class LengthLimit implements RangeLimit {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final boolean intervals;
  private final boolean forward;
  private final long days;
  private final long micros;
  private long limitDay;
  private long limitMicros;

  LengthLimit(DataType type, Interval offset, boolean minus) {
    int sign = minus ? -1 : 1;
    this.intervals = type.kind() == Kind.INTERVAL;
    this.forward = offset.months() >= 0 && offset.days() >= 0 && offset.micros() >= 0;
    this.days = sign * (offset.months() * 30L + offset.days() + offset.micros() / MICROS_PER_DAY);
    this.micros = sign * (offset.micros() % MICROS_PER_DAY);
  }

  @Override
  public boolean isForward() {
    return forward;
  }

  private long day(FlatColumn keys, int position) {
    if (!intervals) {
      return 0;
    }
    PairColumn c = (PairColumn) keys;
    long high = c.high(position);
    return (high >> 32) * 30 + (int) high + Math.floorDiv(c.low(position), MICROS_PER_DAY);
  }

  private long microsOfDay(FlatColumn keys, int position) {
    return intervals
        ? Math.floorMod(((PairColumn) keys).low(position), MICROS_PER_DAY)
        : ((LongColumn) keys).values()[position];
  }

  @Override
  public void from(FlatColumn keys, int position) {
    long rest = microsOfDay(keys, position) + micros;
    limitDay = day(keys, position) + days + Math.floorDiv(rest, MICROS_PER_DAY);
    limitMicros = Math.floorMod(rest, MICROS_PER_DAY);
  }

  @Override
  public int compare(FlatColumn keys, int position) {
    long day = day(keys, position);
    return day != limitDay
        ? Long.compare(day, limitDay)
        : Long.compare(microsOfDay(keys, position), limitMicros);
  }
}
