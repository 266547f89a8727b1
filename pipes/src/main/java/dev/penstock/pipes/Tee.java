package dev.penstock.pipes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Many feeds as one: each item goes to each branch. A view, without a queue of its own.
 *
 * <pre>
 *                        +-- feed-- pipe
 *   producers -- Tee ----+-- feed-- pipe
 *              (a feed)  +-- feed-- pipe
 * </pre>
 *
 * A branch that is stopped or in error is left out; when all are, the tee is stopped. The credit is
 * the least of the live branches, so the slowest sets the pace. An item that no live branch is left
 * for is dropped. The branches belong to the tee: nobody else feeds them, and all share the items,
 * which nobody may change.
 *
 * <h2>Concurrency</h2>
 *
 * {@code gate} counts the calls that are putting something into the branches, and carries CLOSED.
 * After {@link #close} no call enters; the last one out closes the branches, so an item that was
 * accepted reaches every branch. Two producers may pass each other between branches: each branch
 * has each producer's items in order, and two branches may differ in how they interleave. A branch
 * has its credit back before its callback looks at the others: of two that drain at once, one sees
 * both.
 */
public final class Tee<T> implements Feed<T> {
  private static final long CLOSED = 1;
  private static final long ONE_INSIDE = 2;
  private static final VarHandle GATE;

  static {
    try {
      GATE = MethodHandles.lookup().findVarHandle(Tee.class, "gate", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Feed<? super T>[] branches;
  private final Callbacks creditCallbacks = new Callbacks(this::callbackThrew);
  private volatile long gate;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Tee(List<? extends Feed<? super T>> branches) {
    this.branches = branches.toArray(new Feed[0]);
    if (this.branches.length == 0) {
      throw new IllegalArgumentException("tee: expected at least one branch, got none");
    }
  }

  /** One feed of many; at least one. */
  public static <T> Tee<T> of(List<? extends Feed<? super T>> branches) {
    Tee<T> tee = new Tee<>(branches);
    for (Feed<? super T> branch : tee.branches) {
      branch.addCreditCallback(tee::branchHasCredit);
    }
    return tee;
  }

  @Override
  public void enqueue(T item) {
    Objects.requireNonNull(item);
    if (!enter(item)) {
      return;
    }
    try {
      for (Feed<? super T> branch : branches) {
        if (!branch.isStopped()) {
          branch.enqueue(item);
        }
      }
    } finally {
      leave();
    }
  }

  @Override
  public void enqueueAll(Collection<? extends T> items) {
    if (items.isEmpty() || !enter(items.iterator().next())) {
      return;
    }
    try {
      for (Feed<? super T> branch : branches) {
        if (!branch.isStopped()) {
          branch.enqueueAll(items);
        }
      }
    } finally {
      leave();
    }
  }

  private boolean enter(T item) {
    long before;
    do {
      before = gate;
      if ((before & CLOSED) != 0) {
        if (isStopped()) {
          return false;
        }
        throw new IllegalStateException(
            "tee of "
                + branches.length
                + " branches: expected no item after close(), got a "
                + item.getClass().getName()
                + "; close a tee only when its last producer has finished");
      }
    } while (!GATE.compareAndSet(this, before, before + ONE_INSIDE));
    return true;
  }

  private void leave() {
    long after = (long) GATE.getAndAdd(this, -ONE_INSIDE) - ONE_INSIDE;
    if (after == CLOSED) {
      closeBranches();
    }
  }

  @Override
  public void close() {
    long before = (long) GATE.getAndBitwiseOr(this, CLOSED);
    if (before == 0) {
      closeBranches();
    }
  }

  private void closeBranches() {
    for (Feed<? super T> branch : branches) {
      branch.close();
    }
  }

  @Override
  public boolean isClosed() {
    return (gate & CLOSED) != 0;
  }

  @Override
  public void error(Throwable cause) {
    Objects.requireNonNull(cause);
    for (Feed<? super T> branch : branches) {
      branch.error(cause);
    }
  }

  @Override
  public boolean isStopped() {
    for (Feed<? super T> branch : branches) {
      if (!branch.isStopped()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public long credit() {
    long least = Long.MAX_VALUE;
    for (Feed<? super T> branch : branches) {
      if (!branch.isStopped()) {
        least = Math.min(least, branch.credit());
      }
    }
    return least;
  }

  @Override
  public Subscription addCreditCallback(Runnable callback) {
    Subscription subscription = creditCallbacks.add(callback);
    if (isStopped()) {
      creditCallbacks.runLate(callback);
    }
    return subscription;
  }

  private void branchHasCredit() {
    if (credit() > 0 || isStopped()) {
      creditCallbacks.run();
    }
  }

  private void callbackThrew(Throwable cause) {
    boolean mayBeDone = isStopped() || isClosed();
    error(cause);
    if (mayBeDone) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }
}
