package dev.penstock.sql.differential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an engine says to a query. */
sealed interface Answer {

  /** Rows of host values. */
  record Rows(List<@Nullable Object[]> rows) implements Answer {}

  /**
   * @param refused whether the engine does not know the query, rather than failing on a value
   */
  record Failure(boolean refused, String message) implements Answer {}

  /** It took longer than it may. */
  record Slow() implements Answer {}
}
