package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import java.time.LocalDate;

/**
 * Limits of dates and timestamps: an interval away, months by the calendar, kept as days and
 * microseconds of the day.
 */
final class CalendarLimit implements RangeLimit {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final boolean date;
  private final boolean forward;
  private final long months;
  private final long days;
  private final long micros;
  private long limitDay;
  private long limitMicros;

  CalendarLimit(DataType type, Interval offset, boolean minus) {
    int sign = minus ? -1 : 1;
    this.date = type.kind() == Kind.DATE;
    this.forward = offset.months() >= 0 && offset.days() >= 0 && offset.micros() >= 0;
    this.months = (long) sign * offset.months();
    long whole = offset.micros() / MICROS_PER_DAY;
    this.days = sign * (offset.days() + whole);
    this.micros = sign * (offset.micros() % MICROS_PER_DAY);
  }

  @Override
  public boolean isForward() {
    return forward;
  }

  private long day(FlatColumn keys, int position) {
    return date
        ? ((IntColumn) keys).values()[position]
        : Math.floorDiv(((LongColumn) keys).values()[position], MICROS_PER_DAY);
  }

  private long microsOfDay(FlatColumn keys, int position) {
    return date ? 0 : Math.floorMod(((LongColumn) keys).values()[position], MICROS_PER_DAY);
  }

  @Override
  public void from(FlatColumn keys, int position) {
    long day = day(keys, position);
    if (months != 0) {
      day = LocalDate.ofEpochDay(day).plusMonths(months).toEpochDay();
    }
    long rest = microsOfDay(keys, position) + micros;
    limitDay = day + days + Math.floorDiv(rest, MICROS_PER_DAY);
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
