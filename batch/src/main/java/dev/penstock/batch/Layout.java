package dev.penstock.batch;

/** The seven ways in which a flat column lies in memory; each is one {@link Column} class. */
public enum Layout {
  /** {@code long[]} bit words: {@link BitColumn}. */
  BITS,
  /** {@code int[]}: {@link IntColumn}. */
  INTS,
  /** {@code long[]}: {@link LongColumn}. */
  LONGS,
  /** {@code double[]}: {@link DoubleColumn}. */
  DOUBLES,
  /** {@code long[2n]}, hi then lo: {@link PairColumn}. */
  PAIRS,
  /** one {@code byte[]} slab and {@code int[n+1]} offsets: {@link BytesColumn}. */
  BYTES,
  /** {@code Object[]}: {@link ObjectColumn}. */
  OBJECTS
}
