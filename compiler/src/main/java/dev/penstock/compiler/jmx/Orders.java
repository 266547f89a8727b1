package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.nodes.Priority;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a console can do about a query; null stands for one that is not there. */
final class Orders {
  private Orders() {}

  static boolean cancel(@Nullable Query query, String by) {
    return query != null
        && query.cancel(
            Reason.PERSON, by.isBlank() ? "cancelled through JMX" : "cancelled by " + by);
  }

  static boolean setDeadline(@Nullable Query query, long secondsFromNow) {
    if (query == null || query.state().isEnded()) {
      return false;
    }
    query.setDeadline(secondsFromNow < 0 ? null : Instant.now().plusSeconds(secondsFromNow));
    return true;
  }

  static boolean setPriority(@Nullable Query query, String priority) {
    Priority which;
    try {
      which = Priority.valueOf(priority.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected a priority of LOW, NORMAL, HIGH, got " + priority, e);
    }
    if (query == null || query.state().isEnded()) {
      return false;
    }
    query.setPriority(which);
    return true;
  }
}
