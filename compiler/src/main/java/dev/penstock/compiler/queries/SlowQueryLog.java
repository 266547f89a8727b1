package dev.penstock.compiler.queries;

import dev.penstock.monitor.PenstockException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each slow query. Loaded with the first: without it no logging is looked for. */
public final class SlowQueryLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.penstock.slow");
  private static final int MOST_TEXT = 1000;

  private SlowQueryLog() {}

  static void write(QuerySnapshot query, String planHash) {
    if (LOG.isWarnEnabled()) {
      LOG.warn(line(query, planHash));
    }
  }

  /**
   * The line of a query that has ended: names and figures for programs, its text at the end for
   * people.
   */
  public static String line(QuerySnapshot q, String planHash) {
    PenstockException error = q.error();
    String text = q.text().strip().replaceAll("\\s+", " ");
    return String.format(
        Locale.ROOT,
        "slow query id=%d owner=%s state=%s seconds=%.3f planning=%.3f queued=%.3f busy=%.3f"
            + " rows=%d peak-bytes=%d spilled-bytes=%d plan=%s error=%s text=%s",
        q.id(),
        q.owner().isEmpty() ? "-" : q.owner(),
        q.state(),
        q.elapsedNanos() / 1e9,
        q.planningNanos() / 1e9,
        q.queuedNanos() / 1e9,
        q.busyNanos() / 1e9,
        q.rows(),
        q.peakMemoryBytes(),
        q.spilledBytes(),
        planHash.isEmpty() ? "-" : planHash,
        error == null ? "-" : error.code(),
        text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + " ..." : text);
  }
}
