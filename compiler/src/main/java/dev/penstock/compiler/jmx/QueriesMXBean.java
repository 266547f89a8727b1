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
@Says(
    "The queries of an engine. Notifications: penstock.query.STATE for each change of a state,"
        + " penstock.query.slow; the user data is the id.")
public interface QueriesMXBean {
  /** What the parameters are. */
  String ID = "The id of the query.";

  String BY = "Who does it, for the message that the query's caller gets; may be empty.";

  String SECONDS = "Seconds from now; negative: no deadline.";

  String PRIORITY = "LOW, NORMAL or HIGH.";

  @Says("The queries that have not ended, the oldest first.")
  List<QueryFigures> getRunning();

  @Says(
      "The queries that ended last, the latest first; how many are kept is a limit of the engine.")
  List<QueryFigures> getHistory();

  @Says("A query that runs or is remembered; null if there is none of that id.")
  @Nullable QueryFigures query(@Says(ID) long id);

  @Says("What its nodes and pipes do now, one line for each; empty if there is no graph.")
  String graph(@Says(ID) long id);

  @Says("Stops a query, whatever it is doing; gives whether this call stopped it.")
  boolean cancel(@Says(ID) long id, @Says(BY) String by);

  @Says("Another deadline; gives whether there is such a query under way.")
  boolean setDeadline(@Says(ID) long id, @Says(SECONDS) long secondsFromNow);

  @Says("Another share of the compute threads; gives whether there is such a query under way.")
  boolean setPriority(@Says(ID) long id, @Says(PRIORITY) String priority);
}
