package dev.penstock.compiler;

import clojure.lang.Cons;
import clojure.lang.IPersistentList;
import clojure.lang.ISeq;
import clojure.lang.Keyword;
import clojure.lang.LazySeq;
import clojure.lang.Symbol;
import dev.penstock.batch.ObjectBytes;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts an object that functions of a plan make and change. Nobody can divide it, so it stays in
 * memory, and what does not fit ends the query with LIMIT.
 *
 * <p>The object is weighed from time to time: when what was put in since, at most, is as much as it
 * weighed. Until then what was put in counts whole. So weighing costs no more than the putting in,
 * and a small object that eats a large stream holds little.
 *
 * <p>Concurrency: one thread at a time.
 */
final class HeldObject implements AutoCloseable {
  private static final long SMALL_BYTES = 256L << 10;

  /** So much is there for each object from the start: counters, small maps. */
  private static final long LEAST_BYTES = 64L << 10;

  static {
    ObjectBytes.know(HeldObject::parts);
  }

  private final Reservation memory;
  private long weight;
  private long since;

  HeldObject(Budget budget, String what) {
    this.memory = budget.open(what + " (values of functions cannot be spilled)");
  }

  /**
   * The budget of so many objects, with the least memory for them, or throws LIMIT. To be opened
   * when the graph is built, so that the least memory of a query counts them.
   */
  static Budget room(QueryContext query, String what, int objects) {
    Budget room = query.budget().child(what);
    if (query.spill() != null) {
      room.keep(objects * LEAST_BYTES, what);
    }
    return room;
  }

  /** Of lists of Clojure what is there already; what is shared by everybody weighs nothing. */
  private static @Nullable Iterable<?> parts(Object object) {
    if (object instanceof Keyword || object instanceof Symbol) {
      return List.of();
    }
    if (object instanceof IPersistentList list) {
      return (Iterable<?>) list;
    }
    if (object instanceof LazySeq || object instanceof Cons) {
      List<@Nullable Object> there = new ArrayList<>();
      Object at = object;
      while (at instanceof Cons || (at instanceof LazySeq lazy && lazy.isRealized())) {
        ISeq seq = at instanceof LazySeq lazy ? lazy.seq() : (ISeq) at;
        if (!(seq instanceof Cons)) {
          break;
        }
        there.add(seq.first());
        at = seq.more();
      }
      return there;
    }
    return null;
  }

  /** Rows as maps, at most about. */
  static long itemBytes(long batchBytes, int rows, int columns) {
    return 2 * batchBytes + rows * (64L + 64L * columns);
  }

  /** So many bytes may have been put into the object, or throws LIMIT. */
  void put(@Nullable Object object, long bytes) {
    since += bytes;
    if (since > Math.max(SMALL_BYTES, weight)) {
      weigh(object);
    } else if (weight > SMALL_BYTES && !memory.tryGrow(weight + since - memory.heldBytes())) {
      weigh(object);
    }
  }

  /** Counts the object as it is now, or throws LIMIT. */
  void weigh(@Nullable Object object) {
    weight = ObjectBytes.of(object);
    since = 0;
    memory.resize(weight);
  }

  /** Nothing is held any more. */
  void clear() {
    weight = 0;
    since = 0;
    memory.resize(0);
  }

  @Override
  public void close() {
    memory.close();
  }
}
