package dev.penstock.batch.kernel;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;

/**
 * The order of the values of a type: numbers by value (-0.0 equals 0.0, NaN equals NaN and is
 * greatest), false before true, strings and binaries by unsigned bytes, points in time by time,
 * uuids as unsigned 128 bits, intervals by length with a month of 30 days.
 *
 * <p>Only non-null positions may be compared: where nulls go is the caller's choice. Two types may
 * be compared by one ordering if they share layout and scale. Stateless.
 */
public abstract class Ordering {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private Ordering() {}

  /** Compares positions of flat columns, as {@link java.util.Comparator#compare}. */
  public abstract int compareFlat(FlatColumn a, int i, FlatColumn b, int j);

  /** Compares positions of any columns of the type, neither of which is null. */
  public final int compare(Column a, int i, Column b, int j) {
    if (a instanceof FlatColumn fa && b instanceof FlatColumn fb) {
      return compareFlat(fa, i, fb, j);
    }
    return compareFlat(base(a), index(a, i), base(b), index(b, j));
  }

  private static FlatColumn base(Column c) {
    if (c instanceof DictionaryColumn d) {
      return d.dictionary();
    } else if (c instanceof ConstantColumn k) {
      return k.single();
    }
    return (FlatColumn) c;
  }

  private static int index(Column c, int i) {
    if (c instanceof DictionaryColumn d) {
      return d.ids()[i];
    }
    return c instanceof ConstantColumn ? 0 : i;
  }

  /** The ordering of a type; {@code any} has none and is an UNSUPPORTED error. */
  public static Ordering of(DataType type) {
    return switch (type.layout()) {
      case BITS -> BITS;
      case INTS -> INTS;
      case LONGS -> LONGS;
      case DOUBLES -> DOUBLES;
      case BYTES -> BYTES;
      case PAIRS ->
          switch (type.kind()) {
            case INTERVAL -> INTERVALS;
            case UUID -> UNSIGNED_PAIRS;
            default -> PAIRS;
          };
      case OBJECTS ->
          throw PenstockException.unsupported(
              "no-order",
              "values of type " + type + " have no order; expected a type such as int64");
    };
  }

  /**
   * The place of a float in the order, as a long compared as signed: equal floats have equal keys.
   */
  public static long doubleKey(double v) {
    long bits = Double.doubleToLongBits(v + 0.0); // -0.0 + 0.0 is 0.0; one NaN
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  /** Compares intervals in their PAIRS layout. */
  public static int compareIntervals(long ah, long al, long bh, long bl) {
    long da = (ah >> 32) * 30 + (int) ah + Math.floorDiv(al, MICROS_PER_DAY);
    long db = (bh >> 32) * 30 + (int) bh + Math.floorDiv(bl, MICROS_PER_DAY);
    return da != db
        ? Long.compare(da, db)
        : Long.compare(Math.floorMod(al, MICROS_PER_DAY), Math.floorMod(bl, MICROS_PER_DAY));
  }

  private static final Ordering BITS =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          return Boolean.compare(((BitColumn) a).get(i), ((BitColumn) b).get(j));
        }
      };

  private static final Ordering INTS =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          return Integer.compare(((IntColumn) a).values()[i], ((IntColumn) b).values()[j]);
        }
      };

  private static final Ordering LONGS =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          return Long.compare(((LongColumn) a).values()[i], ((LongColumn) b).values()[j]);
        }
      };

  private static final Ordering DOUBLES =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          return Long.compare(
              doubleKey(((DoubleColumn) a).values()[i]), doubleKey(((DoubleColumn) b).values()[j]));
        }
      };

  private static final Ordering BYTES =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          BytesColumn x = (BytesColumn) a;
          BytesColumn y = (BytesColumn) b;
          return Arrays.compareUnsigned(
              x.slab(), x.start(i), x.start(i + 1), y.slab(), y.start(j), y.start(j + 1));
        }
      };

  private static final Ordering PAIRS =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          PairColumn x = (PairColumn) a;
          PairColumn y = (PairColumn) b;
          return Int128.compare(x.high(i), x.low(i), y.high(j), y.low(j));
        }
      };

  private static final Ordering UNSIGNED_PAIRS =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          PairColumn x = (PairColumn) a;
          PairColumn y = (PairColumn) b;
          return x.high(i) != y.high(j)
              ? Long.compareUnsigned(x.high(i), y.high(j))
              : Long.compareUnsigned(x.low(i), y.low(j));
        }
      };

  private static final Ordering INTERVALS =
      new Ordering() {
        @Override
        public int compareFlat(FlatColumn a, int i, FlatColumn b, int j) {
          PairColumn x = (PairColumn) a;
          PairColumn y = (PairColumn) b;
          return compareIntervals(x.high(i), x.low(i), y.high(j), y.low(j));
        }
      };
}
