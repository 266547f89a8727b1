package dev.penstock.nodes.table;

/**
 * Where one key column lies in a packed key: {@code (value - base [+ 1]) << shift}, in {@code bits}
 * bits.
 *
 * @param nullable 0 means null, and values begin at 1
 */
record Place(int shift, int bits, long base, boolean nullable) {
  long mask() {
    return bits == 64 ? -1L : (1L << bits) - 1;
  }

  /** The field of this column, moved down. */
  long field(long packed) {
    return packed >>> shift & mask();
  }
}
