package dev.penstock.monitor;

import dev.penstock.monitor.PenstockException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One sticky token per query: once cancelled it stays cancelled, with the first cause.
 *
 * <p>Concurrency: {@code end} is written once by compare-and-set from any thread; {@link #check}
 * reads it with volatile semantics. Listeners run once, on the cancelling thread (or at once on the
 * adding thread when the token was cancelled before), outside any lock.
 */
public final class CancellationToken {
  /** Why a query stopped before its end. */
  public enum Reason {
    ERROR,
    PERSON,
    CALLER,
    DEADLINE,
    CLIENT_GONE,
    SHUTDOWN
  }

  /** Why, and what the caller gets: set together. */
  private record End(Reason reason, PenstockException cause) {}

  /** What the present thread works for. */
  private static final ThreadLocal<@Nullable CancellationToken> WORKING = new ThreadLocal<>();

  private final AtomicReference<@Nullable End> end = new AtomicReference<>();
  private final List<Runnable> listeners = new ArrayList<>();

  /**
   * The token of the query that the present thread works for, for code far below that may take long
   * and is handed no token: functions over one value. Null: for none.
   */
  public static @Nullable CancellationToken current() {
    return WORKING.get();
  }

  /** Throws the cause if the query that the present thread works for was cancelled. */
  public static void checkCurrent() {
    CancellationToken token = current();
    if (token != null) {
      token.check();
    }
  }

  /** From now on the present thread works for the query of this token; null: for none. */
  public static void work(@Nullable CancellationToken token) {
    if (token == null) {
      WORKING.remove();
    } else {
      WORKING.set(token);
    }
  }

  /** Cancels with a reason and a message; returns whether this call was the first. */
  public boolean cancel(Reason why, String message) {
    return cancel(why, new PenstockException(Category.CANCELLED, code(why), message));
  }

  /** Cancels because of a failure; the failure becomes the cause. */
  public boolean fail(PenstockException failure) {
    return cancel(Reason.ERROR, failure);
  }

  private boolean cancel(Reason why, PenstockException exception) {
    Objects.requireNonNull(why);
    if (!end.compareAndSet(null, new End(why, exception))) {
      PenstockException first = cause();
      if (first != null && first != exception && why == Reason.ERROR) {
        first.addSuppressed(exception);
      }
      return false;
    }
    List<Runnable> toRun;
    synchronized (listeners) {
      toRun = new ArrayList<>(listeners);
      listeners.clear();
    }
    for (Runnable listener : toRun) {
      listener.run();
    }
    return true;
  }

  /**
   * Is cancelled when another token is, for the same reason and with the same cause; at once if
   * that one was.
   *
   * @return to be run when this token is no longer of use: the other one forgets it
   */
  public Runnable follow(CancellationToken other) {
    Runnable listener =
        () -> {
          End e = other.end.get();
          if (e != null) {
            cancel(e.reason(), e.cause());
          }
        };
    other.onCancel(listener);
    return () -> other.removeListener(listener);
  }

  private static String code(Reason why) {
    return switch (why) {
      case DEADLINE -> "timed-out";
      case SHUTDOWN -> "shutdown";
      default -> "cancelled";
    };
  }

  public boolean isCancelled() {
    return end.get() != null;
  }

  /** The reason, once cancelled. */
  public @Nullable Reason reason() {
    End e = end.get();
    return e == null ? null : e.reason();
  }

  /** What the caller gets, once cancelled. */
  public @Nullable PenstockException cause() {
    End e = end.get();
    return e == null ? null : e.cause();
  }

  /** Throws the cause if this token was cancelled. Cheap: one volatile read. */
  public void check() {
    End e = end.get();
    if (e != null) {
      throw e.cause();
    }
  }

  /**
   * Runs the listener when the token is cancelled; at once if it already is. A listener must not
   * throw or block.
   */
  public void onCancel(Runnable listener) {
    synchronized (listeners) {
      if (end.get() == null) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** Forgets a listener that is no longer of use. */
  public void removeListener(Runnable listener) {
    synchronized (listeners) {
      listeners.remove(listener);
    }
  }
}
