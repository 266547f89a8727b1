package dev.penstock.sparql.lookup;

import java.util.function.UnaryOperator;

/**
 * Joins rows with what is neither a pattern nor a path.
 *
 * @param slots of its variables
 * @param expected rows for one row
 * @param joins from the rows to those that are joined
 */
record RowsPart(int[] slots, double expected, UnaryOperator<Rows> joins) implements Matching.Part {
  @Override
  public boolean touches(boolean[] bound) {
    for (int slot : slots) {
      if (bound[slot]) {
        return true;
      }
    }
    return false;
  }

  @Override
  public double expected(boolean[] bound) {
    return expected;
  }

  @Override
  public Rows join(Rows in, long most) {
    return joins.apply(in);
  }

  @Override
  public void bind(boolean[] bound) {
    for (int slot : slots) {
      bound[slot] = true;
    }
  }
}
