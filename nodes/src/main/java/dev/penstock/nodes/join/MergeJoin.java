package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Joint;
import dev.penstock.nodes.Offer;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A join of two inputs that are both sorted by their keys, ascending, nulls last: inner, left, semi
 * and anti. It keeps one batch of either side, and of the right side all rows with the current key.
 *
 * <pre>
 * left   1 2 2 3 | 4        right   1 | 2 2 2 | 2 3
 *            ^                          group: ids [from, to) in the window, with the batch that is read
 * </pre>
 *
 * <p>Right rows of one key that do not fit go to disk, and the left rows pass over them block by
 * block ({@link LongGroup}). A right batch that does not fit is taken in pieces.
 *
 * <p>One lane. Keys are spec.probeKeys over the left and spec.buildKeys over the right columns;
 * buildIsRight is true.
 */
public final class MergeJoin implements Joint {
  /** With which rows of both sides pass. */
  private static final long MINIMUM_BYTES = 384 << 10;

  private final QueryContext query;
  private final JoinShape shape;
  private final KeyOrder order;
  private final Workspace workspace;
  private final Reservation memory;
  private final DataType[] windowTypes;
  private final Pairs pairs;
  private final boolean needsPairs;
  private final LongGroup longGroup;
  private byte[] verdicts = {};

  private RowStore window;
  private PairColumns columns;
  private PairFilter filter;

  private @Nullable Batch left;
  private Column[] leftKeys = {};
  private int leftRow;

  private @Nullable Batch right;
  private Column[] rightKeys = {};
  private int rightRow;

  /** The id in the window of the first row of the right batch. */
  private int rightBase;

  /** What is left of a right batch that is taken in pieces. */
  private @Nullable Batch rightRest;

  private boolean rightDone;

  private boolean grouped;
  private boolean groupComplete;
  private Column[] groupKeys = {};
  private int groupAt;
  private int from;
  private int to;
  private int nextOfGroup;

  private final Offer offer = new Offer();
  private boolean done;
  private boolean closed;

  /** Takes the least memory that it needs, or throws LIMIT. */
  public MergeJoin(QueryContext query, JoinSpec spec) {
    JoinKind kind = spec.kind();
    boolean able =
        kind == JoinKind.INNER
            || kind == JoinKind.LEFT
            || kind == JoinKind.SEMI
            || kind == JoinKind.ANTI;
    if (!able || !spec.buildIsRight() || spec.buildKeys().isEmpty()) {
      throw PenstockException.unsupported(
          "merge-join",
          "a merge join is inner, left, semi or anti, with keys, its build side the right; a "
              + kind
              + " join with "
              + spec.buildKeys().size()
              + " keys came; use a hash join");
    }
    this.query = query;
    this.shape = new JoinShape(spec);
    this.order = new KeyOrder(spec);
    this.workspace = Workspace.open(query, "merge join", MINIMUM_BYTES);
    this.memory = workspace.query().budget().open("the window of a merge join");
    this.windowTypes = Arrays.copyOf(shape.storeTypes, shape.stored.length);
    this.pairs = new Pairs(Math.max(1, query.batchRows()));
    this.needsPairs = shape.pairs || spec.residual() != null;
    this.window = new RowStore(windowTypes, memory);
    this.columns = new PairColumns(shape, window);
    this.filter = new PairFilter(shape, window, columns);
    try {
      this.longGroup = new LongGroup(query, shape, windowTypes, workspace);
    } catch (RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  @Override
  public Progress step(Inlet<? extends Batch> leftIn, Inlet<? extends Batch> rightIn, Outlet out) {
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
    }
    query.token().check();
    Batch give = advance(leftIn, rightIn);
    if (give == null) {
      return done ? Progress.DONE : Progress.STUCK;
    }
    return offer.give(give, out);
  }

  /** Null when stuck or done, an empty batch for a move without output. */
  private @Nullable Batch advance(Inlet<? extends Batch> leftIn, Inlet<? extends Batch> rightIn) {
    Batch l = left;
    if (l == null) {
      return takeLeft(leftIn);
    }
    while (leftRow < l.count()) {
      if (longGroup.isPassing()) {
        if (longGroup.fill(l, pairs, verdicts)) {
          return flush(l, longGroup.columns(), longGroup.filter());
        }
        leftRow = longGroup.end();
        continue;
      }
      if (pairs.count == pairs.capacity()) {
        return flush(l);
      }
      int at = l.position(leftRow);
      if (order.isNullKey(leftKeys, at)) {
        leftRow++;
        continue;
      }
      if (!grouped) {
        int found = seek(at);
        if (found < 0) {
          leftRow++;
          continue;
        }
        if (found > 0) {
          if (rightDone) {
            leftRow = l.count();
            continue;
          }
          return pairs.count > 0 ? flush(l) : takeRight(rightIn);
        }
      }
      int c = order.compare(leftKeys, at, groupKeys, groupAt);
      if (c > 0) {
        endGroup();
      } else if (c < 0) {
        leftRow++;
      } else if (!needsPairs) {
        verdicts[at] = Verdict.TRUE;
        leftRow++;
      } else if (!groupComplete) {
        return pairs.count > 0 ? flush(l) : takeRight(rightIn);
      } else if (longGroup.isOpen()) {
        longGroup.begin(leftRow, endOfKey(l));
      } else {
        match(at);
      }
    }
    if (pairs.count > 0) {
      return flush(l);
    }
    left = null;
    return shape.aboutProbe || shape.keepsProbe
        ? columns.concluded(l, verdicts)
        : ProbeStep.NOTHING;
  }

  private void endGroup() {
    grouped = false;
    if (longGroup.isOpen()) {
      longGroup.clear();
    }
  }

  /** Where the left rows with the key of the group end. */
  private int endOfKey(Batch l) {
    int end = leftRow + 1;
    while (end < l.count()
        && !order.isNullKey(leftKeys, l.position(end))
        && order.compare(leftKeys, l.position(end), groupKeys, groupAt) == 0) {
      end++;
    }
    return end;
  }

  private @Nullable Batch takeLeft(Inlet<? extends Batch> in) {
    Batch batch = in.poll();
    if (batch == null) {
      done = in.isDone();
      return null;
    }
    if (!batch.isEmpty()) {
      left = batch;
      leftKeys = KeyColumns.of(shape.spec.probeKeys(), false, batch);
      leftRow = 0;
      nextOfGroup = from;
      verdicts = Verdict.cleared(verdicts, batch);
    }
    return ProbeStep.NOTHING;
  }

  /**
   * Goes on in the right batch to the key of a left row: 0 if a group with it begins, -1 if there
   * is none, 1 if the batch has ended before.
   */
  private int seek(int at) {
    Batch r = right;
    if (r == null) {
      return 1;
    }
    for (; rightRow < r.count(); rightRow++) {
      int p = r.position(rightRow);
      if (order.isNullKey(rightKeys, p)) {
        continue;
      }
      int c = order.compare(leftKeys, at, rightKeys, p);
      if (c < 0) {
        return -1;
      }
      if (c == 0) {
        grouped = true;
        groupKeys = rightKeys;
        groupAt = p;
        from = rightBase + rightRow;
        nextOfGroup = from;
        extend(r);
        return 0;
      }
    }
    return 1;
  }

  /** Takes rows of the right batch into the group as long as they have its key. */
  private void extend(Batch r) {
    while (rightRow < r.count()
        && order.compare(groupKeys, groupAt, rightKeys, r.position(rightRow)) == 0) {
      rightRow++;
    }
    to = rightBase + rightRow;
    groupComplete = rightRow < r.count() || rightDone;
  }

  private void match(int at) {
    int n = pairs.count;
    int id = nextOfGroup;
    while (id < to && n < pairs.capacity()) {
      pairs.at[n] = at;
      pairs.ids[n++] = id++;
    }
    pairs.count = n;
    nextOfGroup = id;
    if (id == to) {
      nextOfGroup = from;
      leftRow++;
    }
  }

  private Batch flush(Batch l) {
    return flush(l, columns, filter);
  }

  private Batch flush(Batch l, PairColumns columns, PairFilter filter) {
    filter.residualTrue(l, pairs);
    for (int i = 0; i < pairs.count; i++) {
      verdicts[pairs.at[i]] = Verdict.TRUE;
    }
    Batch out =
        shape.pairs && pairs.count > 0
            ? columns.pairs(l, pairs.at, pairs.ids, pairs.count)
            : ProbeStep.NOTHING;
    pairs.count = 0;
    return out;
  }

  /** Reads the next right rows into the window; no pair refers to the window now. */
  private @Nullable Batch takeRight(Inlet<? extends Batch> in) {
    Batch batch = rightRest;
    rightRest = null;
    if (batch == null) {
      batch = in.poll();
    }
    if (batch == null) {
      if (!in.isDone()) {
        return null;
      }
      rightDone = true;
      completeGroup();
      return ProbeStep.NOTHING;
    }
    if (batch.isEmpty()) {
      return ProbeStep.NOTHING;
    }
    if (longGroup.isOpen()) {
      takeLong(batch);
      return ProbeStep.NOTHING;
    }
    if (needsPairs && !intoWindow(batch)) {
      rightRest = batch;
      writeGroup();
      return ProbeStep.NOTHING;
    }
    if (!needsPairs) {
      setRight(batch);
    }
    if (grouped) {
      extend(java.util.Objects.requireNonNull(right));
    }
    return ProbeStep.NOTHING;
  }

  private void setRight(Batch batch) {
    right = batch;
    rightKeys = KeyColumns.of(shape.spec.buildKeys(), false, batch);
    rightRow = 0;
  }

  private void completeGroup() {
    groupComplete = true;
    if (longGroup.isOpen()) {
      longGroup.complete();
    }
  }

  /**
   * Takes the batch, or what fits of it, to the window; false if rows of the group are there and
   * there is no memory for more.
   */
  private boolean intoWindow(Batch batch) {
    int kept = grouped ? to - from : 0;
    if (2L * kept <= window.rows()) {
      if (kept > 0 && !workspace.fits(2 * window.sizeBytes())) {
        return false;
      }
      moveWindow(kept);
    }
    Batch rows = stored(batch);
    if (kept > 0 && !workspace.fits(window.growth(rows))) {
      return false;
    }
    Batch piece = kept > 0 ? rows : LongGroup.fitting(rows, window, workspace);
    int n = piece.count();
    rightRest = n == batch.count() ? null : batch.slice(n, batch.count());
    rightBase = window.idLimit();
    window.append(piece);
    setRight(n == batch.count() ? batch : batch.slice(0, n));
    return true;
  }

  /** The columns of a right batch that the window has. */
  private Batch stored(Batch batch) {
    Column[] payload = new Column[shape.stored.length];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = batch.column(shape.stored[i]);
    }
    return batch.withColumns(payload);
  }

  /** The rows of the group, all that is wanted of the window, go to disk. */
  private void writeGroup() {
    int[] all = windowColumns();
    for (int id = from; id < to; ) {
      query.token().check();
      int n = Math.min(to - id, Math.max(1, query.batchRows()));
      longGroup.add(window.gather(all, ids(id, n), n));
      id += n;
    }
    right = null;
    from = 0;
    to = 0;
    moveWindow(0);
    workspace.trim();
  }

  /** Right rows when the group is on disk. */
  private void takeLong(Batch batch) {
    Column[] keys = KeyColumns.of(shape.spec.buildKeys(), false, batch);
    int n = 0;
    while (n < batch.count() && order.compare(groupKeys, groupAt, keys, batch.position(n)) == 0) {
      n++;
    }
    if (n > 0) {
      longGroup.add(stored(batch.slice(0, n)));
    }
    if (n < batch.count()) {
      rightRest = batch.slice(n, batch.count());
      completeGroup();
    }
  }

  private static int[] ids(int first, int count) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = first + i;
    }
    return ids;
  }

  private int[] windowColumns() {
    int[] all = new int[windowTypes.length];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /** A new window that begins with the rows of the group. */
  private void moveWindow(int kept) {
    RowStore next = new RowStore(windowTypes, memory);
    int[] all = windowColumns();
    for (int done = 0; done < kept; ) {
      int n = Math.min(kept - done, Batch.ROWS);
      next.append(window.gather(all, ids(from + done, n), n));
      done += n;
    }
    nextOfGroup -= from;
    from = 0;
    to = kept;
    window.close();
    window = next;
    columns = new PairColumns(shape, window);
    filter = new PairFilter(shape, window, columns);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      longGroup.close();
    } finally {
      window.close();
      memory.close();
      workspace.close();
    }
  }
}
