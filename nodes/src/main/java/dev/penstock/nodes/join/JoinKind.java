package dev.penstock.nodes.join;

import dev.penstock.monitor.PenstockException;

/** What comes out of a join: docs/plan-language.md, section 3. */
public enum JoinKind {
  INNER("inner"),
  LEFT("left"),
  RIGHT("right"),
  FULL("full"),
  SEMI("semi"),
  ANTI("anti"),
  /** NOT IN: left rows for which the condition is false for every right row. */
  NULL_ANTI("null-anti"),
  /**
   * All left rows and whether the condition is true for some right row; null if not, but null for
   * some.
   */
  MARK("mark"),
  /** All pairs; as inner, but without keys. */
  CROSS("cross");

  private final String text;

  JoinKind(String text) {
    this.text = text;
  }

  /** Reads the name of the lowered plan. */
  public static JoinKind parse(String text) {
    for (JoinKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw PenstockException.incorrect(
        "unknown-join-kind", "expected a kind of join such as inner or semi, got '" + text + "'");
  }

  /** Only left rows come out, each at most once. */
  boolean isAboutLeftRows() {
    return this == SEMI || this == ANTI || this == NULL_ANTI || this == MARK;
  }

  /** It matters whether a condition is false or null. */
  boolean isThreeValued() {
    return this == NULL_ANTI || this == MARK;
  }
}
