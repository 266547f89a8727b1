package dev.penstock.pipes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of one end of a pipe, for those who implement pipes: a copy-on-write array, run on
 * the calling thread with bounded recursion.
 *
 * <p>A run that is asked for while this thread already runs these callbacks, or runs callbacks
 * {@value #MAX_NESTED} deep, is put off: the outermost run of the thread does it before it returns.
 * Runs that are put off twice are done once. So two pipes whose callbacks enqueue into each other
 * need a bounded stack, and no callback is entered again while it runs on the same thread.
 *
 * <p>What a callback throws goes to {@code thrown}; the other callbacks run all the same.
 *
 * <h2>Concurrency</h2>
 *
 * {@link #callbacks} is replaced by CAS and read volatile: a callback added before a run starts is
 * in that run. The nesting of a thread is kept in a thread-local array of JDK types only, so that a
 * thread of the host pins no class of this library; its slots are null whenever no callback runs on
 * the thread.
 */
public final class Callbacks {
  /** How deep callbacks may run within callbacks on one thread. */
  static final int MAX_NESTED = 16;

  private static final Runnable[] NONE = {};
  private static final VarHandle CALLBACKS;

  /** Slots 0 to MAX_NESTED - 1: what runs, outermost first; the last: the set that is put off. */
  private static final ThreadLocal<@Nullable Object[]> NESTING =
      ThreadLocal.withInitial(() -> new Object[MAX_NESTED + 1]);

  static {
    try {
      CALLBACKS =
          MethodHandles.lookup().findVarHandle(Callbacks.class, "callbacks", Runnable[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Runnable[] callbacks = NONE;
  private final Consumer<Throwable> thrown;

  /**
   * @param thrown hears what callbacks throw, on the thread that ran them; must not throw
   */
  public Callbacks(Consumer<Throwable> thrown) {
    this.thrown = Objects.requireNonNull(thrown);
  }

  /** Whether there is no callback; a volatile read. */
  public boolean isEmpty() {
    return callbacks.length == 0;
  }

  /** Adds a callback; the same one may be added several times. */
  public Subscription add(Runnable callback) {
    // a wrapper of its own, so that two subscriptions of one callback are cancelled one by one
    Runnable entry = Objects.requireNonNull(callback)::run;
    Runnable[] before;
    Runnable[] after;
    do {
      before = callbacks;
      after = new Runnable[before.length + 1];
      System.arraycopy(before, 0, after, 0, before.length);
      after[before.length] = entry;
    } while (!CALLBACKS.compareAndSet(this, before, after));
    return () -> remove(entry);
  }

  private void remove(Runnable entry) {
    Runnable[] before;
    Runnable[] after;
    do {
      before = callbacks;
      int at = indexOf(before, entry);
      if (at < 0) {
        return;
      }
      after = new Runnable[before.length - 1];
      System.arraycopy(before, 0, after, 0, at);
      System.arraycopy(before, at + 1, after, at, after.length - at);
    } while (!CALLBACKS.compareAndSet(this, before, after));
  }

  private static int indexOf(Runnable[] entries, Runnable entry) {
    for (int i = 0; i < entries.length; i++) {
      if (entries[i] == entry) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Runs every callback on this thread, now or, when nested too deep, before the outermost run
   * ends.
   */
  public void run() {
    if (callbacks.length > 0) {
      enter(null);
    }
  }

  /** Runs only {@code late}, which has just been added; when it must be put off, all run. */
  public void runLate(Runnable late) {
    enter(late);
  }

  private void enter(@Nullable Runnable only) {
    @Nullable Object[] nesting = NESTING.get();
    int depth = 0;
    while (depth < MAX_NESTED && nesting[depth] != null) {
      if (nesting[depth] == this) {
        putOff(nesting);
        return;
      }
      depth++;
    }
    if (depth == MAX_NESTED) {
      putOff(nesting);
      return;
    }
    nesting[depth] = this;
    try {
      runEach(only);
    } finally {
      nesting[depth] = null;
    }
    if (depth == 0 && nesting[MAX_NESTED] != null) {
      runPutOff(nesting);
    }
  }

  private void runEach(@Nullable Runnable only) {
    if (only != null) {
      runOne(only);
      return;
    }
    for (Runnable callback : callbacks) {
      runOne(callback);
    }
  }

  private void runOne(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable t) {
      thrown.accept(t);
    }
  }

  @SuppressWarnings("unchecked")
  private void putOff(@Nullable Object[] nesting) {
    LinkedHashSet<Callbacks> putOff = (LinkedHashSet<Callbacks>) nesting[MAX_NESTED];
    if (putOff == null) {
      putOff = new LinkedHashSet<>();
      nesting[MAX_NESTED] = putOff;
    }
    putOff.add(this);
  }

  @SuppressWarnings("unchecked")
  private static void runPutOff(@Nullable Object[] nesting) {
    LinkedHashSet<Callbacks> putOff = (LinkedHashSet<Callbacks>) nesting[MAX_NESTED];
    while (putOff != null && !putOff.isEmpty()) {
      Callbacks next = putOff.iterator().next();
      putOff.remove(next);
      nesting[0] = next;
      next.runEach(null);
      nesting[0] = null;
    }
    nesting[MAX_NESTED] = null;
  }
}
