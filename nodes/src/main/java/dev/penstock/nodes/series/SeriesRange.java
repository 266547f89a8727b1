package dev.penstock.nodes.series;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * From a start to a stop by a step: int64 by int64, dates by days or an interval, timestamps by an
 * interval. In units of the type: numbers, days, microseconds. Immutable.
 *
 * <p>A step with months is walked, each value from the one before (January 31st, February 28th,
 * March 28th); other values are reached directly.
 */
final class SeriesRange {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final DataType type;
  private final long start;
  private final long stop;
  private final long months;

  /** What is added after the months, in units. */
  private final long units;

  private final boolean forward;
  private final boolean exclusive;

  private SeriesRange(
      DataType type, long start, long stop, long months, long units, boolean exclusive) {
    this.type = type;
    this.start = start;
    this.stop = stop;
    this.months = months;
    this.units = units;
    this.forward = months > 0 || units > 0;
    this.exclusive = exclusive;
  }

  /**
   * The series of the values at a position; null when one of them is null.
   *
   * @param from of the type of the series, as is {@code to}
   * @param by int64, or an interval
   */
  static @Nullable SeriesRange of(
      FlatColumn from, FlatColumn to, FlatColumn by, int position, boolean exclusive) {
    if (from.isNull(position) || to.isNull(position) || by.isNull(position)) {
      return null;
    }
    DataType type = from.type();
    long months = 0;
    long units;
    if (by instanceof PairColumn c) {
      Interval step = Interval.of(c.high(position), c.low(position));
      boolean date = type.kind() == Kind.DATE;
      int signs = signs(step.months()) | signs(step.days()) | signs(step.micros());
      if (signs == 0 || signs == 3 || (date && step.micros() != 0)) {
        throw badStep(step, type);
      }
      months = step.months();
      units = date ? step.days() : step.days() * MICROS_PER_DAY + step.micros();
    } else {
      units = ((LongColumn) by).values()[position];
      if (units == 0) {
        throw badStep(0L, type);
      }
    }
    return new SeriesRange(
        type, units(from, position), units(to, position), months, units, exclusive);
  }

  /** Bit 0: positive, bit 1: negative. */
  private static int signs(long part) {
    return part > 0 ? 1 : part < 0 ? 2 : 0;
  }

  private static PenstockException badStep(Object step, DataType type) {
    return PenstockException.incorrect(
        "bad-series",
        "a series of "
            + type
            + " expects a step that is not zero, all its parts in one direction"
            + (type.kind() == Kind.DATE ? " and none smaller than a day" : "")
            + "; got "
            + step);
  }

  private static long units(FlatColumn column, int position) {
    return column instanceof IntColumn c
        ? c.values()[position]
        : ((LongColumn) column).values()[position];
  }

  DataType type() {
    return type;
  }

  /** Whether a value can be reached without the ones before it. */
  boolean isDirect() {
    return months == 0;
  }

  /** How many values there are, for a direct one; at most Long.MAX_VALUE. */
  long count() {
    if (!within(start)) {
      return 0;
    }
    // Up to 2^64 - 1, as unsigned.
    long distance = forward ? stop - start : start - stop;
    long step = forward ? units : -units;
    long steps = Long.divideUnsigned(distance, step);
    if (exclusive && Long.remainderUnsigned(distance, step) == 0) {
      steps--;
    }
    return steps < 0 || steps == Long.MAX_VALUE ? Long.MAX_VALUE : steps + 1;
  }

  /** A value of a direct one. */
  long at(long index) {
    return start + index * units;
  }

  private boolean within(long value) {
    if (value == stop) {
      return !exclusive;
    }
    return forward ? value < stop : value > stop;
  }

  /** A walk over the values from an index on; 0 unless they are direct. */
  Walk walk(long index) {
    return isDirect() ? new DirectWalk(index) : new MonthWalk();
  }

  /** Walks over the values, in order. */
  interface Walk {
    /** Writes the next values to {@code out[from]} until {@code out[to]}; returns their end. */
    int take(long[] out, int from, int to);
  }

  private final class DirectWalk implements Walk {
    private long value;
    private long left;

    private DirectWalk(long index) {
      this.value = at(index);
      this.left = count() - index;
    }

    @Override
    public int take(long[] out, int from, int to) {
      int end = from + (int) Math.min(to - from, left);
      long next = value;
      for (int i = from; i < end; i++) {
        out[i] = next;
        next += units;
      }
      value = next; // beyond the last one it may have wrapped; nobody reads it then
      left -= end - from;
      return end;
    }
  }

  private final class MonthWalk implements Walk {
    private long value = start;
    private boolean ended = !within(start);

    @Override
    public int take(long[] out, int from, int to) {
      int n = from;
      while (n < to && !ended) {
        out[n++] = value;
        advance();
      }
      return n;
    }

    private void advance() {
      long next;
      try {
        next = Math.addExact(plusMonths(value), units);
      } catch (ArithmeticException e) {
        // Beyond every value of the type, and so beyond the stop.
        ended = true;
        return;
      }
      ended = !within(next);
      value = next;
    }
  }

  private long plusMonths(long value) {
    boolean date = type.kind() == Kind.DATE;
    long day = date ? value : Math.floorDiv(value, MICROS_PER_DAY);
    long moved = LocalDate.ofEpochDay(day).plusMonths(months).toEpochDay();
    return date
        ? moved
        : Math.addExact(
            Math.multiplyExact(moved, MICROS_PER_DAY), Math.floorMod(value, MICROS_PER_DAY));
  }

  /** A column of values. */
  static FlatColumn column(DataType type, long[] values, int count) {
    if (type.kind() != Kind.DATE) {
      return new LongColumn(type, java.util.Arrays.copyOf(values, count), null, count);
    }
    int[] days = new int[count];
    for (int i = 0; i < count; i++) {
      days[i] = (int) values[i];
    }
    return new IntColumn(type, days, null, count);
  }
}
