package dev.penstock.nodes.spill;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workspaces of an engine that hold something they could spill. Whoever lacks memory asks the
 * one that holds most; it spills at its own next safe point, never inside the asker's stack.
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

  public Relief() {
    this(0);
  }

  /**
   * For tests: operators spill now and then though there is memory.
   *
   * @param refuseEvery every so many questions are answered with no; 0: none
   */
  public Relief(int refuseEvery) {
    this.refuseEvery = refuseEvery;
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
