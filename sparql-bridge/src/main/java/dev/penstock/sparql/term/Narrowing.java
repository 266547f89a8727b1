package dev.penstock.sparql.term;

import org.jspecify.annotations.Nullable;

/** A condition between a term and a constant that only some ids can pass. */
public interface Narrowing {
  /**
   * The ids for which it may be true; null: any.
   *
   * @param constant the id of the constant
   * @param first whether the constant is the first argument
   */
  @Nullable IdRanges passing(long constant, boolean first);
}
