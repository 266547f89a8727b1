package dev.penstock.nodes;

/** How often a query has its turn on the compute threads, beside others. */
public enum Priority {
  /** A quarter as often as a normal one, while others have work. */
  LOW,
  NORMAL,
  /** Four times as often as a normal one. */
  HIGH
}
