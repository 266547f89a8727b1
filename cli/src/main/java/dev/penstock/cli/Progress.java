package dev.penstock.cli;

import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.QueryProgress;
import dev.penstock.nodes.Node;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A line on standard error about a query that takes its time; only on a terminal, only after a
 * second.
 *
 * <p>Concurrency: the timer's thread draws, the query's thread takes the line away; both under this
 * object's lock, for the time of a write.
 */
final class Progress implements AutoCloseable {
  private static final long EVERY_MILLIS = 250;
  private static final long QUIET_MILLIS = 1000;
  private static final String CLEAR = "\r\033[K";

  private final Result result;
  private final PrintStream err;
  private final long startNanos = System.nanoTime();
  private final @Nullable ScheduledExecutorService timer;
  private final @Nullable ScheduledFuture<?> ticks;
  private boolean shown;
  private boolean closed;

  private Progress(Result result, PrintStream err, boolean terminal) {
    this.result = result;
    this.err = err;
    if (!terminal) {
      timer = null;
      ticks = null;
      return;
    }
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread t = new Thread(task, "penstock-progress");
              t.setDaemon(true);
              return t;
            });
    ticks =
        timer.scheduleAtFixedRate(this::show, QUIET_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  static Progress start(Result result, Streams streams) {
    return new Progress(result, streams.err(), streams.errIsTerminal());
  }

  /** For the terminal of the REPL. */
  static Progress start(Result result, PrintStream err, boolean terminal) {
    return new Progress(result, err, terminal);
  }

  private synchronized void show() {
    if (closed) {
      return;
    }
    shown = true;
    err.print(CLEAR + text(result, System.nanoTime() - startNanos));
    err.flush();
  }

  /** What the line says: how far it is, rows that scans gave, rows that the last node gave. */
  static String text(Result result, long nanos) {
    long read = 0;
    long given = 0;
    for (Node node : result.nodes()) {
      if (node.name().startsWith("scan")) {
        read += node.meter().rows();
      }
      given = node.meter().rows();
    }
    return String.format(
        Locale.ROOT,
        "%.1f s, %s%s%s%,d MiB of memory; Ctrl-C cancels",
        nanos / 1e9,
        far(result.query().progress()),
        read > 0 ? String.format(Locale.ROOT, "%,d rows read, ", read) : "",
        given > 0 ? String.format(Locale.ROOT, "%,d rows out, ", given) : "",
        result.memoryBytes() >> 20);
  }

  private static String far(QueryProgress progress) {
    if (progress.share() < 0) {
      return "";
    }
    Duration left = progress.left();
    return Math.round(progress.share() * 100)
        + " %"
        + (left == null ? "" : " (about " + Math.max(1, left.toSeconds()) + " s left)")
        + ", ";
  }

  /** Takes the line away. Idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (ticks != null && timer != null) {
      ticks.cancel(false);
      timer.shutdown();
    }
    if (shown) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
