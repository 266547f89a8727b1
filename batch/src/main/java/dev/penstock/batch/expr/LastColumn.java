package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The column that an expression gave for the batch it saw last, for expressions that stand at
 * several places of one node: the node evaluates them one after another for one batch.
 *
 * <p>Concurrency: a few slots of immutable entries, one for each thread as far as they go round.
 * Entries are read and written without a fence (a benign race): whoever sees an old entry, or
 * another thread's, finds another batch in it and computes. A batch is held weakly; at most one
 * column a slot is kept alive, until the next batch.
 */
final class LastColumn {
  private static final int SLOTS = 8;

  private static final class Entry {
    final WeakReference<Batch> batch;
    final Column column;

    Entry(Batch batch, Column column) {
      this.batch = new WeakReference<>(batch);
      this.column = column;
    }
  }

  private final @Nullable Entry[] entries = new Entry[SLOTS];

  private static int slot() {
    return (int) Thread.currentThread().getId() & SLOTS - 1;
  }

  @Nullable Column get(Batch batch) {
    Entry e = entries[slot()];
    return e != null && e.batch.refersTo(batch) ? e.column : null;
  }

  void set(Batch batch, Column column) {
    entries[slot()] = new Entry(batch, column);
  }
}
