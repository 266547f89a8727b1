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

  /**
   * @param count of rows that it gives or changes; -1: any
   * @param session runs it; empty: the first
   * @param message lines of the expected error; empty: any will do
   */
  record Statement(
      int line,
      List<Condition> conditions,
      End end,
      long count,
      String session,
      String sql,
      List<String> message)
      implements Item {}

  /**
   * @param types one letter a column
   * @param label queries of one label have the same result; empty: none
   * @param session runs it; empty: the first
   * @param expected the lines below {@code ----}; null: there is none, any result will do
   */
  record Query(
      int line,
      List<Condition> conditions,
      String types,
      Sort sort,
      String label,
      String session,
      String sql,
      @Nullable List<String> expected)
      implements Item {}

  /**
   * @param variables one name, or some whose values stand with commas between them
   * @param range are the values the bounds of a range of whole numbers?
   * @param values of each round
   */
  record Loop(
      int line,
      List<Condition> conditions,
      List<String> variables,
      boolean range,
      List<String> values,
      List<Item> body)
      implements Item {}

  /** Any other line: {@code require}, {@code mode}, {@code halt} ... */
  record Directive(int line, List<Condition> conditions, List<String> words) implements Item {}
}
