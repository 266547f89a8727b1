package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.rows.RowStore;
import org.jspecify.annotations.Nullable;

/**
 * What the build side gives after the probe: rows without a match, or the left rows of a semi, anti
 * or mark join. Of one lane.
 */
final class BuildRest {
  private final JoinTable table;
  private final JoinShape shape;
  private final PairColumns columns;
  private final int[] ids;
  private final byte[] verdicts;
  private int segment;
  private int position;

  BuildRest(JoinTable table, PairColumns columns, int batchRows) {
    this.table = table;
    this.shape = table.shape;
    this.columns = columns;
    this.ids = new int[batchRows];
    this.verdicts = new byte[batchRows];
  }

  /** The next batch, or null at the end. */
  @Nullable Batch next() {
    RowStore store = table.store;
    int n = 0;
    while (n < ids.length && segment < store.segments()) {
      n = fill(n, store.segmentRows(segment));
    }
    if (n == 0) {
      return null;
    }
    Column mark = null;
    if (shape.kind == JoinKind.MARK) {
      long[] words = new long[Bits.words(n)];
      long[] nulls = new long[Bits.words(n)];
      for (int i = 0; i < n; i++) {
        words[i >> 6] |= (verdicts[i] == Verdict.TRUE ? 1L : 0L) << i;
        nulls[i >> 6] |= (verdicts[i] == Verdict.UNKNOWN ? 1L : 0L) << i;
      }
      mark = new BitColumn(DataType.BOOLEAN, words, nulls, n);
    }
    return columns.buildRows(ids, n, mark);
  }

  private int fill(int count, int rows) {
    int n = count;
    boolean all = shape.kind == JoinKind.MARK;
    byte wanted = shape.kind == JoinKind.SEMI ? Verdict.TRUE : Verdict.FALSE;
    Column key = shape.simpleNulls ? table.store.segment(shape.firstKey, segment) : null;
    int first = segment << RowStore.SEGMENT_BITS;
    for (; position < rows && n < ids.length; position++) {
      byte verdict = verdict(first + position, key);
      if (all || verdict == wanted) {
        verdicts[n] = verdict;
        ids[n++] = first + position;
      }
    }
    if (position == rows) {
      segment++;
      position = 0;
    }
    return n;
  }

  private byte verdict(int id, @Nullable Column key) {
    if (JoinTable.get(table.matched, id)) {
      return Verdict.TRUE;
    }
    if (key != null) {
      boolean isNull = key.isNull(id & RowStore.SEGMENT_ROWS - 1);
      return (isNull ? table.facts.probeSeen() : table.facts.nullProbeSeen())
          ? Verdict.UNKNOWN
          : Verdict.FALSE;
    }
    return table.unknown.length > 0 && JoinTable.get(table.unknown, id)
        ? Verdict.UNKNOWN
        : Verdict.FALSE;
  }
}
