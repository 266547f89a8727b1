package dev.penstock.batch.expr;

import org.jspecify.annotations.Nullable;

/** The six comparisons. */
enum Comparison {
  EQUAL("=", Shape.Op.EQ, 0b010),
  NOT_EQUAL("not=", Shape.Op.NE, 0b101),
  LESS("<", Shape.Op.LT, 0b001),
  AT_MOST("<=", Shape.Op.LE, 0b011),
  GREATER(">", Shape.Op.GT, 0b100),
  AT_LEAST(">=", Shape.Op.GE, 0b110);

  final String function;

  final Shape.Op shape;

  /** Bit 0: true of less, bit 1: of equal, bit 2: of greater. */
  final int accepts;

  Comparison(String function, Shape.Op shape, int accepts) {
    this.function = function;
    this.shape = shape;
    this.accepts = accepts;
  }

  static @Nullable Comparison of(String function) {
    for (Comparison c : values()) {
      if (c.function.equals(function)) {
        return c;
      }
    }
    return null;
  }

  private static Comparison accepting(int accepts) {
    for (Comparison c : values()) {
      if (c.accepts == accepts) {
        return c;
      }
    }
    throw new IllegalArgumentException(Integer.toBinaryString(accepts));
  }

  /** True where this is false. */
  Comparison negate() {
    return accepting(~accepts & 7);
  }

  /** The same with its arguments exchanged. */
  Comparison swap() {
    return accepting((accepts & 2) | (accepts << 2 & 4) | accepts >> 2);
  }
}
