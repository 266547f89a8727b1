package dev.penstock.sparql.term;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import java.util.Objects;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * The terms that one query makes, by index: the first ones on the heap, reserved in the budget;
 * from where that is refused, or they take their share of the cap, all new ones in mapped scratch
 * files. Where there is no place for these, a refusal is the error.
 *
 * <p>Concurrency: any thread adds and reads, {@link #rest} and {@link #resume} while nobody does.
 * What is on the heap is found without a monitor; what is in files, and what is new, under it. The
 * indices of terms in files follow those of the heap, which has no new ones from then on.
 */
final class OwnTerms implements AutoCloseable {
  /** System property for whole test suites: all go to the files. */
  static final String ALL_FAR = "penstock.test.far-terms";

  /** So much of the cap may be taken on the heap. */
  private static final int SHARE = 16;

  private static final long LEAST_BYTES = 1 << 16;

  private final Dictionary near;
  private final @Nullable DirectorySpill spill;
  private final long nearBytes;
  private volatile @Nullable FarTerms far;

  /**
   * @param spill null: there is no place
   */
  OwnTerms(Budget budget, @Nullable DirectorySpill spill) {
    this.near = new Dictionary(budget.open(FarTerms.WHAT));
    this.spill = spill;
    this.nearBytes =
        Boolean.getBoolean(ALL_FAR) ? 0 : Math.max(LEAST_BYTES, budget.pathCapBytes() / SHARE);
  }

  /** How many there are. */
  int size() {
    FarTerms files = far;
    return near.size() + (files == null ? 0 : files.size());
  }

  /** Whether all are on the heap. */
  boolean isNear() {
    return far == null;
  }

  Node get(int index) {
    FarTerms files = far;
    if (files == null || index < near.size()) {
      return near.get(index);
    }
    byte[] bytes = files.get(index - near.size());
    return TermBytes.node(bytes, bytes.length);
  }

  /** The index of a term, which is added if it is new. */
  int add(Node term) {
    boolean isFrozen = far != null; // before it is looked for
    int found = near.find(term);
    if (found >= 0) {
      return found;
    }
    DirectorySpill space = spill;
    if (space == null) {
      return near.add(term);
    }
    found = isFrozen ? -1 : addNear(term, space);
    return found >= 0 ? found : addFar(term);
  }

  /** -1: it belongs into the files, which are there now. */
  private synchronized int addNear(Node term, DirectorySpill space) {
    if (far != null) {
      return near.find(term);
    }
    int index = near.tryAdd(term, nearBytes);
    if (index < 0) {
      far = new FarTerms(space);
    }
    return index;
  }

  private int addFar(Node term) {
    byte[] bytes = TermBytes.of(term);
    byte[] key = TermBytes.key(bytes);
    long hash = TermBytes.hash(key);
    synchronized (this) {
      FarTerms files = Objects.requireNonNull(far);
      int number = files.find(key, hash);
      return near.size() + (number >= 0 ? number : files.add(bytes, hash));
    }
  }

  /**
   * Forgets the terms from an index on, which is one of the heap, and reserves nothing for the
   * others: nobody uses them for a while.
   */
  synchronized void rest(int to) {
    FarTerms files = far;
    far = null;
    if (files != null) {
      files.close();
    }
    near.truncate(to);
    near.rest();
  }

  /** Reserves again what the terms take. */
  void resume() {
    near.resume();
  }

  @Override
  public synchronized void close() {
    FarTerms files = far;
    if (files != null) {
      files.close();
    }
    near.close();
  }
}
