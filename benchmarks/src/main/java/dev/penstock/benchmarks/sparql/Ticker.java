package dev.penstock.benchmarks.sparql;

import org.jspecify.annotations.Nullable;

/**
 * What is done now, and for how many seconds, in the last line of a terminal.
 *
 * <p><b>Concurrency.</b> The bench's thread writes {@code now}, a thread that draws each second
 * reads it: volatile, and a line may be a second late.
 */
final class Ticker implements AutoCloseable {
  private static final String CLEAR = "\r\033[K";

  private record Doing(String what, long since) {}

  private final boolean shown;
  private final Thread drawing = new Thread(this::draw, "ticker");
  private volatile @Nullable Doing now;

  Ticker(boolean shown) {
    this.shown = shown;
    drawing.setDaemon(true);
    drawing.start();
  }

  void doing(String what) {
    now = new Doing(what, System.nanoTime());
  }

  /** A line that stays. */
  void done(String line) {
    now = null;
    System.err.println((shown ? CLEAR : "") + line);
  }

  private void draw() {
    try {
      while (shown) {
        Thread.sleep(1000);
        Doing doing = now;
        if (doing != null) {
          long seconds = (System.nanoTime() - doing.since()) / 1_000_000_000;
          System.err.print(CLEAR + doing.what() + ": " + seconds + " s");
        }
      }
    } catch (InterruptedException e) {
      System.err.print(CLEAR);
    }
  }

  @Override
  public void close() {
    drawing.interrupt();
  }
}
