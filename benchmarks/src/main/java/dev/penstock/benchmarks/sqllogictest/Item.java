package dev.penstock.benchmarks.sqllogictest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script is made of. Variables are still in the texts. */
sealed interface Item {
  /** The line (from 1) where it begins. */
  int line();

  /** {@code skipif X}, {@code onlyif X}. */
  record Condition(boolean only, String what) {}

  /** How a statement is to end. */
  enum End {
    OK,
    ERROR,
    EITHER
  }

  /** The order in which results are compared. */
  enum Sort {
    NONE,
    ROWS,
    VALUES
  }

  record Statement(int line, List<Condition> conditions, End end, String sql) implements Item {}

  /**
   * @param types one letter a column
   * @param label queries of one label have the same result; empty: none
   * @param expected the lines below {@code ----}; null: there is none, any result will do
   */
  record Query(
      int line,
      List<Condition> conditions,
      String types,
      Sort sort,
      String label,
      String sql,
      @Nullable List<String> expected)
      implements Item {}

  /**
   * @param variables one name, or some whose values stand with commas between them
   * @param values of each round
   */
  record Loop(
      int line,
      List<Condition> conditions,
      boolean concurrent,
      List<String> variables,
      List<String> values,
      List<Item> body)
      implements Item {}

  /** Any other line: {@code require}, {@code mode}, {@code halt} ... */
  record Directive(int line, List<Condition> conditions, List<String> words) implements Item {}
}
