package dev.penstock.nodes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that is set once and that nodes wait for without blocking: the hash table of a join, the
 * bounds of a filter. Setting it happens-before every read that sees it set.
 *
 * <p>Concurrency: {@code value} is volatile, written once under the lock of {@code callbacks};
 * callbacks run once, on the setting thread (or at once on a late adder), outside the lock.
 */
public final class Cell<T> {
  private final List<Runnable> callbacks = new ArrayList<>();
  private final String name;
  private volatile @Nullable T value;

  /**
   * @param name for people, as EXPLAIN shows it
   */
  public Cell(String name) {
    this.name = name;
  }

  /** A cell that EXPLAIN does not speak of. */
  public Cell() {
    this("");
  }

  public String name() {
    return name;
  }

  /** Sets the value; the second time is a defect. */
  public void set(T newValue) {
    List<Runnable> toRun;
    synchronized (callbacks) {
      if (value != null) {
        throw new IllegalStateException("a cell is set once");
      }
      value = newValue;
      toRun = new ArrayList<>(callbacks);
      callbacks.clear();
    }
    for (Runnable callback : toRun) {
      callback.run();
    }
  }

  public boolean isSet() {
    return value != null;
  }

  /** The value; only after {@link #isSet}. */
  public T get() {
    T v = value;
    if (v == null) {
      throw new IllegalStateException("a cell was read before it was set");
    }
    return v;
  }

  /** Runs the callback when the value is set; at once if it is. */
  public void onSet(Runnable callback) {
    synchronized (callbacks) {
      if (value == null) {
        callbacks.add(callback);
        return;
      }
    }
    callback.run();
  }
}
