package dev.penstock.nodes.window;

import org.jspecify.annotations.Nullable;

/**
 * One end of a frame.
 *
 * @param offset of PRECEDING and FOLLOWING, not negative: rows as a Long; for ranges a Long,
 *     Double, BigDecimal or {@link dev.penstock.batch.Interval}; else null
 */
public record Bound(Kind kind, @Nullable Object offset) {
  public static final Bound UNBOUNDED_PRECEDING = new Bound(Kind.UNBOUNDED_PRECEDING, null);
  public static final Bound CURRENT_ROW = new Bound(Kind.CURRENT_ROW, null);
  public static final Bound UNBOUNDED_FOLLOWING = new Bound(Kind.UNBOUNDED_FOLLOWING, null);

  /** Where the end lies. */
  public enum Kind {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  public static Bound preceding(Object offset) {
    return new Bound(Kind.PRECEDING, offset);
  }

  public static Bound following(Object offset) {
    return new Bound(Kind.FOLLOWING, offset);
  }
}
