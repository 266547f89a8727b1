package dev.penstock.nodes.table;

import dev.penstock.batch.FlatColumn;

/** Turns the values of one key column into fields of packed keys, and back. */
abstract sealed class Packer permits NumberPacker, CodePacker {
  /** What came of packing. */
  enum Fit {
    /** All values have their fields. */
    YES,
    /** A value is outside the place; a wider one may hold it. */
    WIDER,
    /** A value cannot be packed at all. */
    NEVER
  }

  /**
   * Takes values into account for the next place; NEVER if one cannot be packed.
   *
   * @param shared the values are a dictionary or a constant, whose places are worth remembering
   */
  abstract Fit observe(Located in, int count, boolean shared);

  /** Bits that all observed values need; more than 64 when they do not fit. */
  abstract int neededBits();

  /** A place that holds all observed values, somewhere in its middle. */
  abstract Place place(int shift, int bits);

  /** Ors the fields of the rows into out. */
  abstract Fit pack(Located in, int count, boolean shared, Place place, long[] out);

  /** The values of packed keys. */
  abstract FlatColumn unpack(long[] packed, int count, Place place);
}
