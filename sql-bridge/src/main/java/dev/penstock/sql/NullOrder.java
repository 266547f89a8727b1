package dev.penstock.sql;

/** Where nulls stand in an order that does not say. */
public enum NullOrder {
  FIRST,
  LAST,
  /** As the smallest value: first in ascending orders, last in descending ones. */
  LOWEST,
  /** As the largest value: last in ascending orders, first in descending ones. */
  HIGHEST
}
