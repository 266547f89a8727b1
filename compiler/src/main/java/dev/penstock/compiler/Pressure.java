package dev.penstock.compiler;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.HeapMonitor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether what queries hold is wanted elsewhere: by the host, whose heap is tight, or by queries
 * that wait for memory. Those who can do something about it are told when it begins.
 *
 * <p>Concurrency: {@code waiting} is written by the admission, the heap by its monitor; listeners
 * are a concurrent set. A listener that is added while pressure begins may be told or not: it looks
 * for itself after it was added.
 */
final class Pressure implements AutoCloseable {
  /** Of the heap, for all that grows while it is tight. */
  private static final int ALLOWANCE_SHARE = 32;

  private static final long LEAST_SHARE_BYTES = 2L << 20;

  /** Classes, plans, and what is on its way between operators. */
  private static final long FIXED_BYTES = 40L << 20;

  private final HeapMonitor monitor;
  private final BooleanSupplier tight;
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private volatile int waiting;

  /**
   * @param watches whether anything can be done about a tight heap: something can be spilled
   * @param engine the budget of all queries
   * @param forced says that the heap is tight whatever it is: for tests; else null
   */
  Pressure(boolean watches, Budget engine, @Nullable BooleanSupplier forced) {
    monitor = watches ? HeapMonitor.start(engine) : HeapMonitor.idle();
    tight = forced == null ? monitor::isTight : forced;
    monitor.whenTight(this::begins);
  }

  boolean isTight() {
    return tight.getAsBoolean();
  }

  boolean isOn() {
    return waiting > 0 || tight.getAsBoolean();
  }

  /** So many queries wait for memory now. */
  void waiting(int queries) {
    boolean first = waiting == 0 && queries > 0;
    waiting = queries;
    if (first) {
      begins();
    }
  }

  /** Tells the listeners. */
  void begins() {
    listeners.forEach(Runnable::run);
  }

  /**
   * Adds what runs, on any thread, when pressure begins; quick, and it must not throw. What is
   * given takes it out again.
   */
  Runnable whenItBegins(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  HeapMonitor.Figures heap() {
    return monitor.figures();
  }

  /** What a query that begins now met, to be asked later. */
  Supplier<Profile.Pressure> met(Pipes pipes) {
    long before = monitor.tightness().nanos();
    return () -> {
      long nanos = monitor.tightness().nanos() - before;
      HeapMonitor.Figures heap = nanos == 0 ? null : monitor.figures();
      return new Profile.Pressure(
          nanos,
          heap == null ? "" : heap.pool(),
          heap == null ? 0 : heap.tightBytes(),
          pipes.outOfHeapBytes(),
          pipes.outOfHeapName());
    };
  }

  /** By so much operators may grow in all while the heap is tight. */
  static long allowanceBytes() {
    return Runtime.getRuntime().maxMemory() / ALLOWANCE_SHARE;
  }

  /**
   * Of a cap that is nearly all of the heap, so much is not taken by what can be spilled: a
   * collector that has a fifth of the heap free works less than one that has nothing.
   */
  static long spareBytes(long capBytes) {
    long roomy = (Runtime.getRuntime().maxMemory() - FIXED_BYTES) * 4 / 5;
    return Math.max(0, Math.min(capBytes / 4, capBytes - roomy));
  }

  /** But each lane by so much. */
  static long leastShareBytes() {
    return LEAST_SHARE_BYTES;
  }

  @Override
  public void close() {
    monitor.close();
    listeners.clear();
  }
}
