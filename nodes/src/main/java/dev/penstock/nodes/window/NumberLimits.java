package dev.penstock.nodes.window;

import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.HostValues;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.batch.kernel.Ordering;
import java.math.BigInteger;

/** Limits of numeric keys; offsets of exact ones come in units of the key's scale. */
final class NumberLimits {
  private NumberLimits() {}

  /** Integers, decimals of one word, and dates that are counted in days. */
  static final class Longs implements RangeLimit {
    private final BigInteger exact;
    private final boolean fits;
    private final long units;
    private final boolean minus;
    private long limit;
    private int beyond;

    Longs(BigInteger units, boolean minus) {
      this.exact = units;
      this.fits = exact.bitLength() <= 63;
      this.units = units.longValue();
      this.minus = minus;
    }

    @Override
    public boolean isForward() {
      return exact.signum() >= 0;
    }

    @Override
    public void from(FlatColumn keys, int position) {
      long key = key(keys, position);
      if (fits) {
        limit = minus ? key - units : key + units;
        beyond = (minus ? limit > key : limit < key) ? minus ? -1 : 1 : 0;
        return;
      }
      BigInteger sum = BigInteger.valueOf(key);
      sum = minus ? sum.subtract(exact) : sum.add(exact);
      limit = sum.longValue();
      beyond = sum.bitLength() <= 63 ? 0 : sum.signum();
    }

    private static long key(FlatColumn keys, int position) {
      return keys instanceof LongColumn c
          ? c.values()[position]
          : ((IntColumn) keys).values()[position];
    }

    @Override
    public int compare(FlatColumn keys, int position) {
      return beyond != 0 ? -beyond : Long.compare(key(keys, position), limit);
    }
  }

  /** Decimals of two words. */
  static final class Wide implements RangeLimit {
    private final BigInteger units;
    private final boolean minus;
    private long high;
    private long low;
    private int beyond;

    Wide(BigInteger units, boolean minus) {
      this.units = units;
      this.minus = minus;
    }

    @Override
    public boolean isForward() {
      return units.signum() >= 0;
    }

    @Override
    public void from(FlatColumn keys, int position) {
      PairColumn c = (PairColumn) keys;
      BigInteger key = HostValues.toBigInteger(c.high(position), c.low(position));
      BigInteger sum = minus ? key.subtract(units) : key.add(units);
      beyond = sum.bitLength() <= 127 ? 0 : sum.signum();
      high = sum.shiftRight(64).longValue();
      low = sum.longValue();
    }

    @Override
    public int compare(FlatColumn keys, int position) {
      PairColumn c = (PairColumn) keys;
      return beyond != 0 ? -beyond : Int128.compare(c.high(position), c.low(position), high, low);
    }
  }

  /** Floats; the limits of NaN and of an infinity are these themselves. */
  static final class Floats implements RangeLimit {
    private final double offset;
    private final boolean minus;
    private long limit;

    Floats(double offset, boolean minus) {
      this.offset = offset;
      this.minus = minus;
    }

    @Override
    public boolean isForward() {
      return offset >= 0;
    }

    @Override
    public void from(FlatColumn keys, int position) {
      double key = ((DoubleColumn) keys).values()[position];
      double sum = minus ? key - offset : key + offset;
      limit = Ordering.doubleKey(Double.isFinite(key) ? sum : key);
    }

    @Override
    public int compare(FlatColumn keys, int position) {
      return Long.compare(Ordering.doubleKey(((DoubleColumn) keys).values()[position]), limit);
    }
  }
}
