package dev.penstock.cli;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.store.LoadOptions;
import dev.penstock.sparql.store.LoadProgress;
import dev.penstock.sparql.store.LoadReport;
import dev.penstock.sparql.store.TripleStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A line on standard error about a load: how far it is on a terminal, once it takes a second; and
 * at the end how many lines were left out. One thread.
 */
final class LoadLine implements AutoCloseable {
  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final long EVERY_NANOS = 250_000_000L;
  private static final String CLEAR = "\r\033[K";

  private final Streams streams;
  private final long startNanos = System.nanoTime();
  private long nextNanos = startNanos + QUIET_NANOS;
  private boolean shown;

  LoadLine(Streams streams) {
    this.streams = streams;
  }

  /** Loads files, all or nothing; Ctrl-C ends it. */
  void load(TripleStore store, List<Path> files, boolean skipBad, Interrupts interrupts) {
    CancellationToken token = new CancellationToken();
    interrupts.cancels(token);
    LoadOptions options =
        LoadOptions.defaults().withToken(token).withSkipBad(skipBad).withProgress(this::show);
    LoadReport report = store.load(files, options);
    close();
    if (report.skipped() > 0) {
      streams
          .err()
          .println(
              String.format(
                  Locale.ROOT,
                  "penstock: lines that could not be read and were left out: %,d",
                  report.skipped()));
    }
  }

  private void show(LoadProgress p) {
    long now = System.nanoTime();
    if (streams.errIsTerminal() && now >= nextNanos) {
      nextNanos = now + EVERY_NANOS;
      shown = true;
      streams.err().print(CLEAR + text(p, now - startNanos));
      streams.err().flush();
    }
  }

  /** What the line says. */
  static String text(LoadProgress p, long nanos) {
    String doing =
        switch (p.phase()) {
          case READ -> "reading";
          case SPO -> "writing by subject";
          case POS -> "writing by predicate";
          case OSP -> "writing by object";
          case DONE -> "done";
        };
    String share =
        p.phase() == LoadProgress.Phase.READ && p.totalBytes() > 0
            ? " " + 100 * p.readBytes() / p.totalBytes() + " %"
            : "";
    return String.format(
        Locale.ROOT,
        "%.1f s, %s%s, %,d triples%s; Ctrl-C cancels",
        nanos / 1e9,
        doing,
        share,
        p.triples(),
        p.skipped() > 0 ? String.format(Locale.ROOT, ", %,d lines left out", p.skipped()) : "");
  }

  /** Takes the line away. Idempotent. */
  @Override
  public void close() {
    if (shown) {
      shown = false;
      streams.err().print(CLEAR);
      streams.err().flush();
    }
  }
}
