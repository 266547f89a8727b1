package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.rows.RowStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The probe side of a join without keys, of one lane: every probe row with every build row, the
 * residual as the condition (none: all pairs match). The build side is a {@link JoinBuild} without
 * keys.
 *
 * <p>One side of the loop is a whole vector: usually the probe batch, with the build row as
 * constants; for small batches a segment of the build side, with the probe row as constants. Few
 * matches are collected into pairs and gathered; many go on behind a selection.
 */
public final class NestedLoopJoin extends ProbeStep {
  private static final int SMALL_BATCH = 64;
  private static final int MANY = 256;
  private static final int PAIRS_PER_CALL = 1 << 16;

  private final @Nullable Expr residual;
  private boolean byBuildRow;
  private boolean concluded;
  private int segment;
  private int position;
  private int row;
  private Column[] segmentColumns = {};

  /**
   * Matches of the last round that are not yet pairs: probe positions with one id, or ids with one
   * probe position.
   */
  private int[] found = {};

  private int foundCount;
  private int foundNext;
  private int fixed;
  private byte[] roundVerdicts = {};

  /**
   * @param table of a {@link JoinBuild} without keys
   */
  public NestedLoopJoin(QueryContext query, JoinTable table) {
    super(query, table);
    if (shape.keys != 0) {
      throw new IllegalArgumentException("a nested-loop join has no keys; " + shape.keys + " came");
    }
    this.residual = shape.spec.residual();
  }

  @Override
  void begin(Batch batch) {
    byBuildRow = batch.count() >= SMALL_BATCH || store.rows() <= batch.count();
    int longest = Math.max(batch.length(), RowStore.SEGMENT_ROWS);
    if (found.length < longest) {
      found = new int[longest];
      roundVerdicts = new byte[longest];
    }
    concluded = false;
    segment = 0;
    position = 0;
    row = 0;
    segmentColumns = new Column[0];
    foundCount = 0;
    foundNext = 0;
    pairs.count = 0;
  }

  @Override
  @Nullable Batch next(Batch batch) {
    for (int done = 0; done < PAIRS_PER_CALL; ) {
      while (foundNext < foundCount && pairs.count < pairs.capacity()) {
        int f = found[foundNext++];
        pairs.add(byBuildRow ? f : fixed, byBuildRow ? fixed : f);
      }
      if (pairs.count == pairs.capacity()) {
        return flush(batch);
      }
      if (segment == store.segments()) {
        if (pairs.count > 0) {
          return flush(batch);
        }
        if (concluded) {
          return null;
        }
        concluded = true;
        return concluding(batch);
      }
      query.token().check();
      done += Math.max(1, byBuildRow ? batch.count() : store.segmentRows(segment));
      Batch direct = byBuildRow ? buildRow(batch) : probeRow(batch);
      if (direct != null) {
        return direct;
      }
    }
    return NOTHING;
  }

  private Batch flush(Batch batch) {
    Batch out = columns.pairs(batch, pairs.at, pairs.ids, pairs.count);
    pairs.count = 0;
    return out;
  }

  /** All open probe rows with the next build row. */
  private @Nullable Batch buildRow(Batch batch) {
    int id = (segment << RowStore.SEGMENT_BITS) + position;
    if (++position == store.segmentRows(segment)) {
      segment++;
      position = 0;
    }
    if (shape.aboutBuild && JoinTable.get(table.matched, id)) {
      return null;
    }
    Batch live = open(batch);
    if (live.isEmpty()) {
      segment = store.segments();
      return null;
    }
    Column[] build = columns.buildRow(id);
    fixed = id;
    foundNext = 0;
    foundCount = 0;
    if (shape.pairs && residual == null) {
      note(live.positions(), live.count());
      return columns.besideOne(batch, build);
    }
    int n = test(residual == null ? live : columns.residualInput(live, build));
    if (!shape.pairs) {
      return null;
    }
    note(found, n);
    if (n >= MANY) {
      return columns.besideOne(batch, build).withSelection(Arrays.copyOf(found, n), n);
    }
    foundCount = n;
    return null;
  }

  /** The next probe row with all rows of a segment. */
  private @Nullable Batch probeRow(Batch batch) {
    int rows = store.segmentRows(segment);
    int first = segment << RowStore.SEGMENT_BITS;
    if (segmentColumns.length == 0 && shape.stored.length > 0) {
      segmentColumns = new Column[shape.stored.length];
      for (int c = 0; c < segmentColumns.length; c++) {
        segmentColumns[c] = store.segment(c, segment);
      }
    }
    int at = batch.position(row);
    if (++row == batch.count()) {
      row = 0;
      segment++;
    }
    foundNext = 0;
    foundCount = 0;
    fixed = at;
    if (!shape.aboutProbe || verdicts[at] != Verdict.TRUE) {
      Batch input =
          residual == null
              ? Batch.of(rows)
              : columns.residualInput(batch, at, segmentColumns, rows);
      int n = test(input, first);
      if (shape.pairs) {
        note(found, n);
        foundCount = n;
      }
    }
    if (row == 0) {
      segmentColumns = new Column[0];
    }
    return null;
  }

  private int test(Batch input) {
    return test(input, 0);
  }

  /**
   * The condition for all rows of the input: found positions (plus an offset), unless only verdicts
   * matter: those are noted at once.
   */
  private int test(Batch input, int offset) {
    int n;
    if (residual == null) {
      n = input.count();
      System.arraycopy(input.positions(), 0, found, 0, n);
    } else if (shape.kind.isThreeValued()) {
      PairFilter.verdicts(residual, input, roundVerdicts);
      for (int i = 0; i < input.count(); i++) {
        int p = input.position(i);
        if (roundVerdicts[p] != Verdict.FALSE) {
          note(byBuildRow ? p : fixed, byBuildRow ? fixed : p + offset, roundVerdicts[p]);
        }
      }
      return 0;
    } else {
      n = PairFilter.select(residual, input, found);
    }
    if (offset != 0) {
      for (int i = 0; i < n; i++) {
        found[i] += offset;
      }
    }
    if (!shape.pairs) {
      for (int i = 0; i < n; i++) {
        note(byBuildRow ? found[i] : fixed, byBuildRow ? fixed : found[i], Verdict.TRUE);
      }
    }
    return n;
  }

  /** Notes matches of pairs that come out. */
  private void note(int[] matches, int count) {
    if (shape.keepsProbe) {
      for (int i = 0; i < count; i++) {
        verdicts[byBuildRow ? matches[i] : fixed] = Verdict.TRUE;
      }
    }
    if (shape.keepsBuild) {
      for (int i = 0; i < count; i++) {
        JoinTable.set(table.matched, byBuildRow ? fixed : matches[i]);
      }
    }
  }

  /** The rows that are not settled yet. */
  private Batch open(Batch batch) {
    if (!shape.aboutProbe) {
      return batch;
    }
    int[] selection = new int[batch.count()];
    int n = 0;
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      selection[n] = p;
      n += verdicts[p] == Verdict.TRUE ? 0 : 1;
    }
    return n == batch.count() ? batch : batch.withSelection(selection, n);
  }
}
