package dev.penstock.nodes;

import dev.penstock.monitor.PenstockException;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a pipe from a blocking source, on I/O threads: opens the scan, reads morsels while the pipe
 * has credit, gives its thread back when there is none, and stops when the consumer does.
 *
 * <p>Concurrency: {@code signals} counts wishes to run; the one that moves it from 0 submits the
 * task, and the task runs until it has seen them all. So at most one thread is in the scan's {@code
 * next}. Closing the scan may happen beside it.
 */
public final class Pump {
  private static final long MORSEL_BYTES = 32L << 20;

  private final QueryRun run;
  private final Supplier<Source.Scan> opener;
  private final Feed<Source.Morsel> feed;
  private final List<Cell<?>> gates;
  private final Cell<Source.Scan> opened = new Cell<>();
  private final AtomicInteger signals = new AtomicInteger();
  private boolean ended;

  private Pump(
      QueryRun run, Supplier<Source.Scan> opener, Feed<Source.Morsel> feed, List<Cell<?>> gates) {
    this.run = run;
    this.opener = opener;
    this.feed = feed;
    this.gates = List.copyOf(gates);
  }

  /**
   * Adds a pump to the query.
   *
   * @param opener opens the scan; called once on an I/O thread, after the gates are open
   */
  public static Pump add(
      QueryRun run, Supplier<Source.Scan> opener, Feed<Source.Morsel> feed, List<Cell<?>> gates) {
    Pump pump = new Pump(run, opener, feed, gates);
    run.add(pump);
    return pump;
  }

  /** A pipe for morsels, bounded by their bytes. */
  public static Pipe<Source.Morsel> morsels(String name) {
    return QueuePipe.ofBytes(name, MORSEL_BYTES, Source.Morsel::sizeBytes);
  }

  /** Set when the scan is open: the gate of the node that decodes its morsels. */
  public Cell<Source.Scan> opened() {
    return opened;
  }

  void start() {
    run.token().onCancel(this::cancelled);
    feed.addCreditCallback(this::signal);
    for (Cell<?> gate : gates) {
      gate.onSet(this::signal);
    }
    signal();
  }

  private void cancelled() {
    if (opened.isSet()) {
      // Closing makes a blocked read end; it may block itself, and this thread may be a worker.
      run.io().execute(this::closeScan);
    }
    signal();
  }

  private void closeScan() {
    try {
      opened.get().close();
    } catch (RuntimeException e) {
      run.fail(e);
    }
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      try {
        run.io().execute(this::turn);
      } catch (RuntimeException e) {
        run.fail(e);
      }
    }
  }

  private void turn() {
    int seen;
    do {
      seen = signals.get();
      if (!ended && (run.token().isCancelled() || gatesOpen())) {
        pump();
      }
    } while (!signals.compareAndSet(seen, 0));
  }

  private boolean gatesOpen() {
    for (Cell<?> gate : gates) {
      if (!gate.isSet()) {
        return false;
      }
    }
    return true;
  }

  private void pump() {
    try {
      run.token().check();
      if (!opened.isSet()) {
        Source.Scan scan = opener.get();
        run.closeLater(scan);
        opened.set(scan);
      }
      Source.Scan scan = opened.get();
      while (feed.credit() > 0) {
        run.token().check();
        if (feed.isStopped()) {
          end(null);
          return;
        }
        Source.Morsel morsel = scan.next();
        if (morsel == null) {
          end(null);
          return;
        }
        feed.enqueue(morsel);
      }
      if (feed.isStopped()) {
        end(null);
      }
    } catch (Throwable t) {
      run.fail(t);
      end(run.token().cause());
    }
  }

  private void end(@Nullable PenstockException failure) {
    ended = true;
    if (failure == null) {
      feed.close();
    } else {
      feed.error(failure);
    }
    if (opened.isSet()) {
      closeScanUnlessDecoding();
    }
    run.pumpEnded();
  }

  /**
   * Decoders may still work on morsels: the scan itself is closed with the query, or at once when
   * it was cancelled.
   */
  private void closeScanUnlessDecoding() {
    if (run.token().isCancelled()) {
      closeScan();
    }
  }
}
