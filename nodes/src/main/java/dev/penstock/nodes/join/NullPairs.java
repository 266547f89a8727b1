package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.nodes.rows.RowStore;

/**
 * The candidate pairs that may make a row unknown: a probe row with a null key and every build row,
 * any other probe row and the build rows with a null key. Rows that are settled are left out. Of
 * one lane, for one batch.
 */
final class NullPairs {
  private final ProbeStep step;
  private final JoinTable table;
  private final Batch batch;
  private final Column[] keys;
  private int row;
  private int segment;
  private int position;

  NullPairs(ProbeStep step, Batch batch, Column[] keys) {
    this.step = step;
    this.table = step.table;
    this.batch = batch;
    this.keys = keys;
  }

  /** Fills the step's buffer of pairs; false when there are no more. */
  boolean fill() {
    Pairs pairs = step.pairs;
    pairs.count = 0;
    while (row < batch.count() && pairs.count < pairs.capacity()) {
      step.query.token().check();
      int at = batch.position(row);
      boolean more =
          !isSettled(at)
              && (table.isNullKey(keys, at) ? fillAll(pairs, at) : fillNullKeys(pairs, at));
      if (!more) {
        row++;
        segment = 0;
        position = 0;
      }
    }
    return pairs.count > 0;
  }

  private boolean isSettled(int at) {
    return table.shape.aboutProbe && step.verdicts[at] != Verdict.FALSE;
  }

  private boolean isOpen(int id) {
    return table.shape.aboutProbe
        || (!JoinTable.get(table.matched, id) && !JoinTable.get(table.unknown, id));
  }

  /** True if the buffer was full before the end. */
  private boolean fillAll(Pairs pairs, int at) {
    RowStore store = table.store;
    for (; segment < store.segments(); segment++) {
      int first = segment << RowStore.SEGMENT_BITS;
      int rows = store.segmentRows(segment);
      for (; position < rows; position++) {
        if (pairs.count == pairs.capacity()) {
          return true;
        }
        if (isOpen(first + position)) {
          pairs.add(at, first + position);
        }
      }
      position = 0;
    }
    return false;
  }

  private boolean fillNullKeys(Pairs pairs, int at) {
    int[] ids = table.nullKeyIds;
    for (; position < ids.length; position++) {
      if (pairs.count == pairs.capacity()) {
        return true;
      }
      if (isOpen(ids[position])) {
        pairs.add(at, ids[position]);
      }
    }
    return false;
  }
}
