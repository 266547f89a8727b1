package dev.penstock.nodes.window;

/** Which rows of its partition a row's aggregate is over. */
public record Frame(Mode mode, Bound start, Bound end, Exclude exclude) {
  public Frame(Mode mode, Bound start, Bound end) {
    this(mode, start, end, Exclude.NO_OTHERS);
  }

  /** The default without an order. */
  public static final Frame WHOLE_PARTITION =
      new Frame(Mode.ROWS, Bound.UNBOUNDED_PRECEDING, Bound.UNBOUNDED_FOLLOWING);

  /** The default with an order: up to the last row that is equal in the order. */
  public static final Frame TO_CURRENT_PEERS =
      new Frame(Mode.RANGE, Bound.UNBOUNDED_PRECEDING, Bound.CURRENT_ROW);

  /** What offsets count, and what the current row means. */
  public enum Mode {
    /** Rows; the current row is itself. */
    ROWS,
    /** Values of the order key; the current row is all rows that are equal in the order. */
    RANGE,
    /** Groups of rows that are equal in the order; the current row is its group. */
    GROUPS
  }

  /** Which rows near the current one are left out. */
  public enum Exclude {
    NO_OTHERS,
    CURRENT_ROW,
    /** The current row and those that are equal to it in the order. */
    GROUP,
    /** Those that are equal to it, but not itself. */
    TIES
  }
}
