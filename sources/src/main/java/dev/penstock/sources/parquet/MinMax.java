package dev.penstock.sources.parquet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The smallest and the greatest of some values, in the order that the format defines for them. */
final class MinMax {
  /** How values are ordered. */
  enum Order {
    LONGS,
    DOUBLES,
    UNSIGNED_BYTES,
    /** Big-endian two's complement, all of one length. */
    SIGNED_BYTES,
    NONE
  }

  /** Longer texts have no bounds. */
  private static final int MAX_BYTES = 256;

  private final Order order;
  private boolean any;
  private boolean unusable;
  private long low;
  private long high;
  private double lowest;
  private double highest;
  private byte[] first = {};
  private byte[] last = {};

  MinMax(Order order) {
    this.order = order;
    this.unusable = order == Order.NONE;
  }

  void clear() {
    any = false;
    unusable = order == Order.NONE;
  }

  void add(long v) {
    low = any ? Math.min(low, v) : v;
    high = any ? Math.max(high, v) : v;
    any = true;
  }

  void add(double v) {
    if (Double.isNaN(v)) {
      unusable = true;
      return;
    }
    lowest = any ? Math.min(lowest, v) : v;
    highest = any ? Math.max(highest, v) : v;
    any = true;
  }

  void add(byte[] b, int from, int n) {
    if (unusable) {
      return;
    }
    if (n > MAX_BYTES) {
      unusable = true;
      return;
    }
    if (!any || compare(b, from, n, first) < 0) {
      first = Arrays.copyOfRange(b, from, from + n);
    }
    if (!any || compare(b, from, n, last) > 0) {
      last = Arrays.copyOfRange(b, from, from + n);
    }
    any = true;
  }

  private int compare(byte[] b, int from, int n, byte[] with) {
    if (order == Order.SIGNED_BYTES && n > 0 && with.length > 0 && (b[from] < 0) != (with[0] < 0)) {
      return b[from] < 0 ? -1 : 1;
    }
    return Arrays.compareUnsigned(b, from, from + n, with, 0, with.length);
  }

  void merge(MinMax other) {
    if (other.unusable) {
      unusable = true;
    }
    if (!other.any || unusable) {
      return;
    }
    switch (order) {
      case LONGS -> {
        add(other.low);
        add(other.high);
      }
      case DOUBLES -> {
        add(other.lowest);
        add(other.highest);
      }
      default -> {
        add(other.first, 0, other.first.length);
        add(other.last, 0, other.last.length);
      }
    }
  }

  /** There are bounds: at least one value, and none that the format cannot bound. */
  boolean isKnown() {
    return any && !unusable;
  }

  /** Bounds cannot be given although there are values. */
  boolean isUnusable() {
    return unusable;
  }

  /**
   * The smallest value as statistics write it. Zero of floats is written as -0.0, as the format
   * asks.
   */
  byte @Nullable [] min(int width) {
    if (!isKnown()) {
      return null;
    }
    return switch (order) {
      case LONGS -> number(low, width);
      case DOUBLES -> number(Double.doubleToRawLongBits(lowest == 0 ? -0.0 : lowest), 8);
      default -> first;
    };
  }

  byte @Nullable [] max(int width) {
    if (!isKnown()) {
      return null;
    }
    return switch (order) {
      case LONGS -> number(high, width);
      case DOUBLES -> number(Double.doubleToRawLongBits(highest == 0 ? 0.0 : highest), 8);
      default -> last;
    };
  }

  private static byte[] number(long v, int width) {
    byte[] b = new byte[8];
    LittleEndian.putLong(b, 0, v);
    return Arrays.copyOf(b, Math.max(1, width)); // a boolean takes a byte
  }
}
