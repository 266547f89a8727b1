package dev.penstock.sources;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import org.jspecify.annotations.Nullable;

/** Applies the filter of a request to the batches of a scan. Stateless; any thread. */
public final class ScanFilter {
  /**
   * Below this share of survivors the batch is copied together: the bytes it pins are worth more
   * than the copy.
   */
  private static final int COMPACT_BELOW = 4;

  private ScanFilter() {}

  /** The rows of the batch for which the filter is true; all when it is null. May be empty. */
  public static Batch apply(Batch batch, @Nullable Expr filter) {
    if (filter == null || batch.isEmpty()) {
      return batch;
    }
    int[] out = new int[batch.count()];
    int n = filter instanceof Predicate p ? p.select(batch, out) : select(batch, filter, out);
    if (n == batch.count()) {
      return batch;
    }
    Batch kept = batch.withSelection(out, n);
    return n * COMPACT_BELOW < batch.length() ? kept.compact() : kept;
  }

  private static int select(Batch batch, Expr filter, int[] out) {
    BitColumn truth = (BitColumn) filter.eval(batch).flat(batch.selection(), batch.count());
    long[] words = truth.words();
    long[] nulls = truth.nulls();
    int n = 0;
    for (int row = 0; row < batch.count(); row++) {
      int p = batch.position(row);
      if (Bits.get(words, p) && (nulls == null || !Bits.get(nulls, p))) {
        out[n++] = p;
      }
    }
    return n;
  }

  /** At most so many rows of the batch. */
  public static Batch first(Batch batch, long rows) {
    return rows >= batch.count() ? batch : batch.slice(0, (int) rows);
  }
}
