package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * sum and avg of integers and decimals. Sums are exact numbers of 192 bits, which no number of rows
 * can overflow, so that what leaves a frame is taken off again; only a sum that is given must fit
 * its type.
 */
final class ExactSums extends FrameAggregate {
  private static final long MOST_EXACT = 1L << 53;

  private final String name;
  private final DataType type;
  private final int scale;
  private final ArgumentCursor entering;
  private final ArgumentCursor leaving;
  private long sumTop;
  private long sumHigh;
  private long sumLow;
  private long values;
  private long[] longs = {};
  private double[] doubles = {};

  ExactSums(String name, DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    super(frame);
    this.name = name;
    this.type = type;
    this.scale = argument.type().scale();
    this.entering = new ArgumentCursor(rows, argument);
    this.leaving = new ArgumentCursor(rows, argument);
  }

  @Override
  void open(int count) {
    if (type.kind() == Kind.FLOAT64) {
      doubles = new double[count];
    } else {
      longs = new long[type.layout() == Layout.PAIRS ? 2 * count : count];
    }
  }

  @Override
  void clear(int at) {
    sumTop = 0;
    sumHigh = 0;
    sumLow = 0;
    values = 0;
  }

  @Override
  void enter(int from, int to) {
    change(entering, from, to, false);
  }

  @Override
  void leave(int from, int to) {
    change(leaving, from, to, true);
  }

  private void change(ArgumentCursor cursor, int from, int to, boolean minus) {
    for (int row = from; row < to; ) {
      cursor.seek(row);
      int at = row - cursor.from;
      int end = Math.min(to, cursor.to) - cursor.from;
      row += end - at;
      FlatColumn column = cursor.column;
      if (column instanceof PairColumn c) {
        pairs(c, at, end, minus);
      } else if (column instanceof LongColumn c) {
        longs(c, at, end, minus);
      } else {
        ints((IntColumn) column, at, end, minus);
      }
    }
  }

  private void ints(IntColumn c, int from, int to, boolean minus) {
    int[] v = c.values();
    boolean nulls = c.mayHaveNulls();
    long sum = 0;
    int n = 0;
    for (int i = from; i < to; i++) {
      if (!nulls || !c.isNull(i)) {
        sum += v[i];
        n++;
      }
    }
    add(minus ? -sum : sum);
    values += minus ? -n : n;
  }

  private void longs(LongColumn c, int from, int to, boolean minus) {
    long[] v = c.values();
    boolean nulls = c.mayHaveNulls();
    for (int i = from; i < to; i++) {
      if (nulls && c.isNull(i)) {
        continue;
      }
      long x = v[i];
      values += minus ? -1 : 1;
      if (minus) {
        add(x == 0 ? 0 : ~(x >> 63), -x);
      } else {
        add(x >> 63, x);
      }
    }
  }

  private void pairs(PairColumn c, int from, int to, boolean minus) {
    for (int i = from; i < to; i++) {
      if (!c.isNull(i)) {
        long h = c.high(i);
        long l = c.low(i);
        values += minus ? -1 : 1;
        if (minus) {
          add(Int128.negateHigh(h, l), -l);
        } else {
          add(h, l);
        }
      }
    }
  }

  private void add(long v) {
    add(v >> 63, v);
  }

  private void add(long h, long l) {
    long newLow = sumLow + l;
    long carry = Long.compareUnsigned(newLow, l) < 0 ? 1 : 0;
    long sum = sumHigh + h;
    long carries = Long.compareUnsigned(sum, h) < 0 ? 1 : 0;
    long newHigh = sum + carry;
    carries += Long.compareUnsigned(newHigh, carry) < 0 ? 1 : 0;
    sumTop += (h >> 63) + carries;
    sumHigh = newHigh;
    sumLow = newLow;
  }

  private BigInteger big() {
    return BigInteger.valueOf(sumTop)
        .shiftLeft(128)
        .add(new BigInteger(Long.toUnsignedString(sumHigh)).shiftLeft(64))
        .add(new BigInteger(Long.toUnsignedString(sumLow)));
  }

  @Override
  void give(int i) {
    if (values == 0) {
      setNull(i);
      return;
    }
    boolean is128 = sumTop == sumHigh >> 63;
    switch (type.layout()) {
      case DOUBLES -> doubles[i] = average(is128);
      case PAIRS -> {
        if (!is128 || !Int128.fitsDigits(sumHigh, sumLow, type.precision())) {
          throw overflow();
        }
        longs[2 * i] = sumHigh;
        longs[2 * i + 1] = sumLow;
      }
      default -> {
        if (!is128 || !Int128.fitsLong(sumHigh, sumLow)) {
          throw overflow();
        }
        longs[i] = sumLow;
      }
    }
  }

  private double average(boolean is128) {
    if (is128 && Int128.fitsLong(sumHigh, sumLow)) {
      long sum = sumLow;
      // All exact doubles: one division rounds once.
      if (sum > -MOST_EXACT
          && sum < MOST_EXACT
          && scale <= 15
          && values < MOST_EXACT / Int128.ten(scale)) {
        return (double) sum / (values * Int128.ten(scale));
      }
    }
    return new BigDecimal(big(), scale)
        .divide(BigDecimal.valueOf(values), new MathContext(60))
        .doubleValue();
  }

  private PenstockException overflow() {
    return PenstockException.incorrect(
        "overflow",
        name
            + " gives "
            + new BigDecimal(big(), type.scale()).toPlainString()
            + ", which does not fit "
            + type
            + "; cast the argument to "
            + (type.isDecimal() ? "float64" : "decimal(38,0) or float64"));
  }

  @Override
  Column column(long @Nullable [] nullBits, int count) {
    return switch (type.layout()) {
      case DOUBLES -> new DoubleColumn(type, doubles, nullBits, count);
      case PAIRS -> new PairColumn(type, longs, nullBits, count);
      default -> new LongColumn(type, longs, nullBits, count);
    };
  }
}
