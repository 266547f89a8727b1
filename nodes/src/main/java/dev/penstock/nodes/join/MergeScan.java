package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Offer;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.SortedSource;
import dev.penstock.nodes.Step;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A merge join of the batches of one lane with a source that lies in the order of the key: inner,
 * left, semi and anti. Nothing of the source is kept; its finder goes along with the keys.
 *
 * <pre>
 * probe    3 3 4 | 9 9 12          any flow; fast if its keys ascend
 *          | |     |
 * source   3 3 . . 9 . . 13        rows with one key: [0, count) at hand in the finder
 * </pre>
 *
 * <p>The build side of the spec is the source. A probe batch is kept until all its pairs are given,
 * so a row with a million matches takes many calls.
 */
public final class MergeScan implements Step<Batch> {
  private final QueryContext query;
  private final JoinShape shape;
  private final SortedSource.Finder finder;
  private final Reservation memory;
  private final int[] pairsAt;
  private final Offer offer = new Offer();

  private @Nullable Batch current;
  private LongColumn keys = new LongColumn(DataType.INT64, new long[0], null, 0);
  private int row;

  /** Of the rows at hand: how many were given to the probe row. */
  private long given;

  private boolean found;
  private long key;
  private long matches;

  /**
   * Takes the memory of the finder, or throws LIMIT.
   *
   * @param spec its build keys and columns are those of the source
   * @param columns for each column of the build side its ordinal in the source
   */
  public MergeScan(QueryContext query, JoinSpec spec, SortedSource source, int[] columns) {
    int key = columns[keyOrdinal(spec)];
    this.query = query;
    this.shape = new JoinShape(spec);
    this.pairsAt = new int[Math.max(1, query.batchRows())];
    int[] copied = new int[shape.stored.length];
    for (int i = 0; i < copied.length; i++) {
      copied[i] = columns[shape.stored[i]];
    }
    this.memory = query.budget().open("a finder of a merge join");
    this.memory.grow(source.finderBytes(copied.length));
    try {
      this.finder = source.finder(key, copied);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** Bytes that each lane holds. */
  public static long bytes(JoinSpec spec, SortedSource source) {
    return source.finderBytes(new JoinShape(spec).stored.length);
  }

  private static int keyOrdinal(JoinSpec spec) {
    JoinKind kind = spec.kind();
    boolean able =
        kind == JoinKind.INNER
            || (spec.buildIsRight()
                && (kind == JoinKind.LEFT || kind == JoinKind.SEMI || kind == JoinKind.ANTI));
    if (!able
        || spec.residual() != null
        || spec.buildKeys().size() != 1
        || !(spec.buildKeys().get(0) instanceof ColumnExpr column)) {
      throw PenstockException.unsupported(
          "merge-scan",
          "a merge join with a sorted source is inner, left, semi or anti (the source its right"
              + " side unless it is inner), on one column and nothing else; a "
              + kind
              + " join with "
              + spec.buildKeys().size()
              + " keys came; use a hash join");
    }
    return column.index();
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
    }
    query.token().check();
    Batch batch = current;
    if (batch == null) {
      batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      if (!batch.isEmpty()) {
        current = batch;
        keys = (LongColumn) KeyColumns.of(shape.spec.probeKeys(), true, batch)[0];
        row = 0;
        given = 0;
      }
      return Progress.MOVED;
    }
    Batch give = shape.pairs ? pairs(batch) : chosen(batch);
    if (row == batch.count()) {
      current = null;
    }
    return offer.give(give, out);
  }

  /** How many rows of the source a probe row meets. */
  private long matches(int at) {
    if (keys.isNull(at)) {
      return 0;
    }
    long wanted = keys.values()[at];
    if (!found || wanted != key) {
      matches = finder.find(wanted);
      key = wanted;
      found = true;
    }
    return matches;
  }

  /** Semi and anti: all rows of the batch that come out. */
  private Batch chosen(Batch batch) {
    boolean wanted = shape.kind == JoinKind.SEMI;
    int count = batch.count();
    int[] positions = batch.positions();
    int[] kept = new int[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      kept[n] = p;
      n += matches(p) > 0 == wanted ? 1 : 0;
    }
    row = count;
    return n == 0 ? ProbeStep.NOTHING : probeRows(batch, kept, n, new Column[0]);
  }

  /** The next pairs, and probe rows that meet nothing if they come out. */
  private Batch pairs(Batch batch) {
    int count = batch.count();
    int[] positions = batch.positions();
    int[] at = pairsAt;
    long[][] values = new long[shape.stored.length][];
    long[] nulls = null;
    boolean repeats = false;
    int n = 0;
    while (row < count && n < at.length) {
      int p = positions[row];
      long all = matches(p);
      if (all > 0) {
        int some = (int) Math.min(all - given, at.length - n);
        for (int i = 0; i < values.length; i++) {
          values[i] = values[i] == null ? new long[at.length] : values[i];
          finder.copy(i, given, some, values[i], n);
        }
        Arrays.fill(at, n, n + some, p);
        n += some;
        given += some;
        repeats |= some > 1;
      } else if (shape.keepsProbe) {
        nulls = nulls == null ? new long[Bits.words(at.length)] : nulls;
        Bits.set(nulls, n);
        at[n++] = p;
      }
      if (given == all) {
        row++;
        given = 0;
      }
    }
    if (n == 0) {
      return ProbeStep.NOTHING;
    }
    Column[] copied = new Column[values.length];
    for (int i = 0; i < copied.length; i++) {
      copied[i] = column(values[i], nulls, n);
    }
    if (!repeats && (copied.length == 0 || n == batch.length())) {
      return probeRows(batch, Arrays.copyOf(at, n), n, copied);
    }
    Column[] out = new Column[shape.output.length];
    for (int i = 0; i < out.length; i++) {
      int o = shape.output[i];
      out[i] = o >= 0 ? batch.column(o).gather(at, n) : copied[~o];
    }
    return Batch.of(n, out);
  }

  /** The first values, null where nothing was met; few ones do not keep a long array alive. */
  private static LongColumn column(long @Nullable [] values, long @Nullable [] nulls, int n) {
    long[] all = values == null ? new long[n] : values;
    return new LongColumn(
        DataType.INT64, 2 * n < all.length ? Arrays.copyOf(all, n) : all, nulls, n);
  }

  /** Some rows of the batch, once each, with columns of as many positions beside them. */
  private Batch probeRows(Batch batch, int[] kept, int n, Column[] beside) {
    Column[] out = new Column[shape.output.length];
    for (int i = 0; i < out.length; i++) {
      int o = shape.output[i];
      out[i] = o >= 0 ? batch.column(o) : beside[~o];
    }
    Batch all = batch.withColumns(out);
    return n == batch.count() ? all : all.withSelection(kept, n);
  }

  @Override
  public void close() {
    memory.close();
  }
}
