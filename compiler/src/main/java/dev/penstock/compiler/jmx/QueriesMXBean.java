package dev.penstock.compiler.jmx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queries of an engine. Emits a {@link javax.management.Notification} of type {@code
 * penstock.query.STATE} (in lower case) for each change of a query's state, and of type {@code
 * penstock.query.slow} when one runs longer than {@link
 * dev.penstock.compiler.queries.QueryLimits#slow}; its user data is the query's id, its message a
 * line for people.
 */
public interface QueriesMXBean {
  /** Those that have not ended, the oldest first. */
  List<QueryFigures> getRunning();

  /** The last that ended, the latest first. */
  List<QueryFigures> getHistory();

  /** One that runs or is remembered; null: there is none of that id. */
  @Nullable QueryFigures query(long id);

  /** The living graph as text, one line a node and a pipe; empty when there is none. */
  String graph(long id);

  /**
   * Stops a query.
   *
   * @param by who does it, for the message that the query's caller gets
   * @return whether this call stopped it
   */
  boolean cancel(long id, String by);

  /**
   * Another deadline.
   *
   * @param secondsFromNow negative: none
   * @return whether there is such a query under way
   */
  boolean setDeadline(long id, long secondsFromNow);

  /**
   * @param priority LOW, NORMAL or HIGH
   * @return whether there is such a query under way
   */
  boolean setPriority(long id, String priority);
}
