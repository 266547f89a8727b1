package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Offer;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The probe side of a join whose build side is kept on disk, of one lane and for few rows: a batch
 * is joined at once, with the partitions that its rows belong to, one after another.
 */
public final class KeptProbe implements Step<Batch> {
  /** With so much it can join block by block. */
  private static final long MINIMUM_BYTES = 512L << 10;

  private final QueryContext query;
  private final KeptParts kept;
  private final Workspace space;
  private final Reservation memory;
  private final JoinTable whole;
  private final PartJoin join;
  private final Offer offer = new Offer();

  // The batch at hand: its rows by partition, and the next of them.
  private @Nullable Batch batch;
  private long[] rows = {};
  private int next;
  private boolean joining;
  private boolean closed;

  /** Takes the least memory that it needs, or throws LIMIT. */
  public KeptProbe(QueryContext query, KeptParts kept) {
    this.query = query;
    this.kept = kept;
    this.space = Workspace.open(query, "a lane of a join", MINIMUM_BYTES);
    this.memory = space.query().budget().open("few rows of a join");
    RowStore none = new RowStore(kept.shape.storeTypes, memory);
    this.whole = new JoinTable(kept.shape, none, null, null, kept.facts, 1, null, () -> {}, memory);
    this.join = new PartJoin(query, whole, space);
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
    }
    query.token().check();
    if (joining) {
      Batch give = join.next();
      joining = give != null;
      return give == null ? Progress.MOVED : offer.give(give, out);
    }
    if (batch != null) {
      beginPart(batch);
      return Progress.MOVED;
    }
    Batch taken = in.poll();
    if (taken == null) {
      return in.isDone() ? Progress.DONE : Progress.STUCK;
    }
    take(taken);
    return Progress.MOVED;
  }

  /** Sorts the rows by partition. */
  private void take(Batch taken) {
    int n = taken.count();
    if (n == 0) {
      return;
    }
    int[] positions = taken.positions();
    int[] partOf = new int[n];
    kept.by.of(whole.probeKeys(taken), positions, n, new long[n], partOf);
    long[] keyed = new long[n];
    for (int i = 0; i < n; i++) {
      keyed[i] = (long) partOf[i] << 32 | positions[i];
    }
    Arrays.sort(keyed);
    rows = keyed;
    next = 0;
    int[] stored = kept.shape.probeStored;
    Column[] columns = new Column[stored.length];
    for (int c = 0; c < stored.length; c++) {
      columns[c] = taken.column(stored[c]);
    }
    batch = taken.withColumns(columns);
  }

  /** The rows of one partition. */
  private void beginPart(Batch of) {
    int part = (int) (rows[next] >>> 32);
    int end = next;
    while (end < rows.length && (int) (rows[end] >>> 32) == part) {
      end++;
    }
    int[] at = new int[end - next];
    for (int i = 0; i < at.length; i++) {
      at[i] = (int) rows[next + i];
    }
    next = end;
    if (end == rows.length) {
      batch = null;
    }
    Column[] columns = new Column[of.columns().length];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = of.column(c).flat(at, at.length).gather(at, at.length);
    }
    SpilledPart probe = new SpilledPart();
    probe.add(SpilledPart.held(Batch.of(at.length, columns)));
    join.begin(kept.part(part), probe, kept.by);
    joining = true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    batch = null;
    join.close();
    memory.close();
    space.close();
  }
}
