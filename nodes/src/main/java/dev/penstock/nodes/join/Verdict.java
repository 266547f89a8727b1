package dev.penstock.nodes.join;

/**
 * What is known of a row: its condition is true for some row of the other side, or null for some,
 * or neither.
 */
final class Verdict {
  static final byte FALSE = 0;
  static final byte TRUE = 1;
  static final byte UNKNOWN = 2;

  private Verdict() {}
}
