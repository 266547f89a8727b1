package dev.penstock.pipes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Many taps as one. A view, without a queue of its own: it takes from its inputs in turn, so each
 * keeps its own order, capacity and credit.
 *
 * <pre>
 *   pipe --tap--+
 *   pipe --tap--+-- Mux (a tap) -- consumers
 *   pipe --tap--+
 * </pre>
 *
 * Closed and done when all inputs are. The error of any input is the error of the mux, which then
 * stops the other inputs; so does a callback of the mux that throws. {@link #stop} stops them all.
 * Callbacks run on the thread that fed the input. The inputs belong to the mux: nobody else takes
 * from them.
 *
 * <h2>Concurrency</h2>
 *
 * {@code outcome} is set once by CAS: the end of the mux before its inputs are done. An input that
 * has failed counts from the moment when it is done, even before its callback says so: {@link
 * #isDone} and {@link #error} look at the inputs themselves, so no consumer takes a failed mux for
 * a finished one. {@code next} is a hint where to look first, written and read by all consumers: a
 * benign race that costs fairness for one call. An input publishes its item before its callback
 * reads {@code callbacks}; {@link #addCallback} writes {@code callbacks} before it runs the new
 * one, which looks at the inputs: one of the two sees the other.
 */
public final class Mux<T> implements Tap<T> {
  private static final Object STOPPED = new Object();
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(Mux.class, "outcome", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Tap<? extends T>[] inputs;
  private final Callbacks callbacks = new Callbacks(this::callbackThrew);

  /** Null while it runs, else STOPPED or the first error. */
  private volatile @Nullable Object outcome;

  private int next;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Mux(List<? extends Tap<? extends T>> inputs) {
    this.inputs = inputs.toArray(new Tap[0]);
  }

  /** One tap of many; of none, it is done at once. */
  public static <T> Mux<T> of(List<? extends Tap<? extends T>> inputs) {
    Mux<T> mux = new Mux<>(inputs);
    for (Tap<? extends T> input : mux.inputs) {
      input.addCallback(() -> mux.told(input));
    }
    return mux;
  }

  /** The taps that it is made of, in their order: for people to look at. */
  public List<Tap<? extends T>> inputs() {
    return List.of(inputs);
  }

  private void told(Tap<? extends T> input) {
    Throwable cause = input.error();
    if (cause == null) {
      callbacks.run();
    } else {
      fail(cause);
    }
  }

  /** Whether the cause is now the error of the mux or suppressed onto it. */
  private boolean fail(Throwable cause) {
    Throwable first = adopt(cause);
    if (first == cause) {
      stopInputs();
      callbacks.run();
    } else if (first != null && !Arrays.asList(first.getSuppressed()).contains(cause)) {
      first.addSuppressed(cause);
    }
    return first != null;
  }

  /** The first error, which this one becomes when there is none; null when the mux was stopped. */
  private @Nullable Throwable adopt(Throwable cause) {
    OUTCOME.compareAndSet(this, null, cause);
    return outcome instanceof Throwable first ? first : null;
  }

  private void callbackThrew(Throwable cause) {
    if (isDone() && !isError() || !fail(cause)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }

  private void stopInputs() {
    for (Tap<? extends T> input : inputs) {
      input.stop();
    }
  }

  @Override
  public @Nullable T dequeue() {
    if (outcome != null) {
      return null;
    }
    int at = next;
    for (int i = 0; i < inputs.length; i++) {
      if (at >= inputs.length) {
        at = 0;
      }
      T item = inputs[at++].dequeue();
      if (item != null) {
        next = at;
        return item;
      }
    }
    return null;
  }

  @Override
  public int dequeueAll(Collection<? super T> into, int max) {
    Objects.requireNonNull(into);
    if (outcome != null) {
      return 0;
    }
    int taken = 0;
    int at = next;
    for (int i = 0; i < inputs.length && taken < max; i++) {
      if (at >= inputs.length) {
        at = 0;
      }
      taken += inputs[at++].dequeueAll(into, max - taken);
    }
    next = at;
    return taken;
  }

  @Override
  public boolean isClosed() {
    for (Tap<? extends T> input : inputs) {
      if (!input.isClosed()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isDone() {
    if (outcome != null) {
      return true;
    }
    for (Tap<? extends T> input : inputs) {
      if (!input.isDone() || input.isError()) {
        return isError();
      }
    }
    return true;
  }

  @Override
  public boolean isError() {
    return error() != null;
  }

  @Override
  public @Nullable Throwable error() {
    Object seen = outcome;
    if (seen != null) {
      return seen instanceof Throwable first ? first : null;
    }
    for (Tap<? extends T> input : inputs) {
      Throwable cause = input.error();
      if (cause != null) {
        return adopt(cause);
      }
    }
    return null;
  }

  @Override
  public void stop() {
    if (!isDone() && OUTCOME.compareAndSet(this, null, STOPPED)) {
      stopInputs();
    }
  }

  @Override
  public Subscription addCallback(Runnable callback) {
    Subscription subscription = callbacks.add(callback);
    callbacks.runLate(callback);
    return subscription;
  }
}
