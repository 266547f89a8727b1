package dev.penstock.cli;

import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** {@code :queries} and {@code :cancel ID}. */
final class ReplQueries {
  private static final int MOST_ENDED = 20;
  private static final int MOST_TEXT = 60;
  private static final String CANCEL = ":cancel";

  private ReplQueries() {}

  /** Those that run, the oldest first, then the last that ended, the latest first. */
  static void list(Queries queries, PrintWriter out) {
    List<Query> running = queries.running();
    List<Query> ended = queries.history();
    if (running.isEmpty() && ended.isEmpty()) {
      out.println("no query so far");
      return;
    }
    out.printf(
        Locale.ROOT,
        "%6s  %-10s  %9s  %5s  %10s  %9s  %9s  %s%n",
        "id",
        "state",
        "seconds",
        "done",
        "rows",
        "memory",
        "spilled",
        "text");
    running.forEach(query -> line(query, out));
    ended.stream().limit(MOST_ENDED).forEach(query -> line(query, out));
  }

  private static void line(Query query, PrintWriter out) {
    QuerySnapshot q = query.snapshot();
    double share = q.progress().share();
    PenstockException error = q.error();
    out.printf(
        Locale.ROOT,
        "%6d  %-10s  %9.3f  %5s  %10d  %9s  %9s  %s%n",
        q.id(),
        q.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        q.elapsedNanos() / 1e9,
        share < 0 ? "" : Math.round(share * 100) + "%",
        q.rows(),
        bytes(q.state().isEnded() ? q.peakMemoryBytes() : q.memoryBytes()),
        bytes(q.spilledBytes()),
        shortened(q.text()) + (error == null ? "" : ": " + Streams.oneLine(error.getMessage())));
  }

  private static String bytes(long n) {
    return n < 10 << 10
        ? n + " B"
        : n < 10L << 20 ? (n >> 10) + " KB" : n < 10L << 30 ? (n >> 20) + " MB" : (n >> 30) + " GB";
  }

  private static String shortened(String text) {
    String line = Streams.oneLine(text.strip());
    return line.length() <= MOST_TEXT ? line : line.substring(0, MOST_TEXT - 3) + "...";
  }

  /** Whether a line is this command. */
  static boolean isCancel(String line) {
    return line.equals(CANCEL) || line.startsWith(CANCEL + " ");
  }

  static void cancel(Queries queries, String line, PrintWriter out) {
    String id = line.substring(CANCEL.length()).strip();
    if (!id.matches("\\d{1,18}")) {
      out.println("expected :cancel and the id of a query (:queries shows them), got '" + id + "'");
    } else if (queries.cancel(Long.parseLong(id), Reason.PERSON, "cancelled by :cancel")) {
      out.println("query " + id + " is being cancelled");
    } else {
      out.println("no query " + id + " runs; :queries shows those that do");
    }
  }
}
