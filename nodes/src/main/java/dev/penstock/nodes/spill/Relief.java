package dev.penstock.nodes.spill;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The workspaces of an engine that hold something they could spill. Whoever lacks memory asks the
 * one that holds most; it spills at its own next safe point, never inside the asker's stack.
 *
 * <p>While the heap is tight, all of them share an allowance, whatever their budgets say: a lane
 * that has grown by its share spills.
 *
 * <p>Concurrency: thread-safe; asking sets a flag, nothing waits.
 */
public final class Relief {
  private final Set<Workspace> workspaces = ConcurrentHashMap.newKeySet();

  /**
   * Every so many questions {@link Workspace#fits} is answered with no, needed or not; 0: never.
   */
  private final int refuseEvery;

  private final AtomicInteger questions = new AtomicInteger();
  private final BooleanSupplier tight;
  private final long allowanceBytes;
  private final long leastShareBytes;
  private final long spareBytes;

  /** A heap that is never tight. */
  public Relief() {
    this(0);
  }

  /**
   * For tests: operators spill now and then though there is memory.
   *
   * @param refuseEvery every so many questions are answered with no; 0: none
   */
  public Relief(int refuseEvery) {
    this(refuseEvery, () -> false, 0, 0, 0);
  }

  /**
   * @param refuseEvery every so many questions are answered with no; 0: none
   * @param tight whether the heap is short of room; asked for each batch
   * @param allowanceBytes by so much all lanes may grow in all while the heap is tight
   * @param leastShareBytes but each by at least so much, so that what is written at once has a good
   *     size
   * @param spareBytes of the cap, so much is left to those who cannot spill
   */
  public Relief(
      int refuseEvery,
      BooleanSupplier tight,
      long allowanceBytes,
      long leastShareBytes,
      long spareBytes) {
    this.refuseEvery = refuseEvery;
    this.tight = tight;
    this.allowanceBytes = allowanceBytes;
    this.leastShareBytes = leastShareBytes;
    this.spareBytes = spareBytes;
  }

  /** Whether the heap is short of room. */
  public boolean isTight() {
    return tight.getAsBoolean();
  }

  /** By so much a lane may grow while the heap is tight. */
  long shareBytes() {
    return Math.max(leastShareBytes, allowanceBytes / Math.max(1, workspaces.size()));
  }

  /** So much of the cap those who can spill do not take. */
  public long spareBytes() {
    return spareBytes;
  }

  /** A lane may hold so much though nothing is to spare. */
  long leastHeldBytes() {
    return spareBytes / 16;
  }

  boolean refuses() {
    return refuseEvery > 0 && questions.incrementAndGet() % refuseEvery == 0;
  }

  void add(Workspace workspace) {
    workspaces.add(workspace);
  }

  void remove(Workspace workspace) {
    workspaces.remove(workspace);
  }

  /** Asks the workspace that holds most to spill, if that is much more than the asker holds. */
  void ask(Workspace asker) {
    Workspace largest = null;
    long most = 2 * asker.reclaimableBytes();
    for (Workspace w : workspaces) {
      long bytes = w == asker ? 0 : w.reclaimableBytes();
      if (bytes > most) {
        most = bytes;
        largest = w;
      }
    }
    if (largest != null) {
      largest.askToSpill();
    }
  }
}
