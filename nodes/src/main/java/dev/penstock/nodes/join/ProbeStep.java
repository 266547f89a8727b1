package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Offer;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * The probe side of a join, of one lane: takes a batch, makes pairs of it piece by piece, and when
 * the input of all lanes has ended, the last lane gives the rest of the build side.
 */
abstract class ProbeStep implements Step<Batch> {
  /** A move without a batch to give. */
  static final Batch NOTHING = Batch.of(0);

  final QueryContext query;
  final JoinTable table;
  final JoinShape shape;
  final RowStore store;
  final PairColumns columns;
  final PairFilter filter;
  final Pairs pairs;

  /** By position of the current batch; only for kinds that need it. */
  byte[] verdicts = {};

  private final Offer offer = new Offer();
  private byte[] pairVerdicts = {};
  private @Nullable Batch current;
  private boolean drained;
  private @Nullable BuildRest rest;
  private final @Nullable ProbeSpill away;
  private final @Nullable Workspace space;
  private @Nullable PartJoin joining;
  private boolean partTaken;

  /** What passes over other build rows have found about the rows of the batch. */
  private @Nullable BitColumn carried;

  /** There will be a pass over more build rows. */
  private boolean goesOn;

  ProbeStep(QueryContext query, JoinTable table) {
    this.query = query;
    this.table = table;
    this.shape = table.shape;
    this.store = table.store;
    this.columns = new PairColumns(shape, store);
    this.filter = new PairFilter(shape, store, columns);
    this.pairs = new Pairs(Math.max(1, query.batchRows()));
    JoinSpill spill = table.spill;
    this.space = spill == null ? null : spill.laneSpace();
    this.away = space == null ? null : new ProbeSpill(table, table.spill, space);
  }

  /** Begins a batch (not empty). */
  abstract void begin(Batch batch);

  /**
   * The next piece of output of the batch; {@link #NOTHING} (or another empty batch) when there is
   * more to do; null at its end.
   */
  abstract @Nullable Batch next(Batch batch);

  @Override
  public final Progress step(Inlet<? extends Batch> in, Outlet out) {
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
    }
    query.token().check();
    if (current == null && !drained) {
      Batch batch = table.endsEarly() ? null : in.poll();
      if (batch != null) {
        take(batch);
        return Progress.MOVED;
      }
      if (!table.endsEarly() && !in.isDone()) {
        return Progress.STUCK;
      }
      drained();
    }
    if (current != null) {
      Batch give = next(current);
      if (give == null) {
        current = null;
        return Progress.MOVED;
      }
      return offer.give(give, out);
    }
    Batch give = rest == null ? null : rest.next();
    if (give == null) {
      rest = null;
      if (away != null && !table.endsEarly() && !table.spill.isProbed()) {
        in.poll();
        return Progress.STUCK;
      }
      give = joined();
    }
    if (give == null) {
      table.probeLaneEnded();
      return Progress.DONE;
    }
    return offer.give(give, out);
  }

  private void take(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    Batch here = away == null ? batch : away.split(batch);
    if (!here.isEmpty()) {
      start(here);
    }
  }

  private void drained() {
    drained = true;
    if (away != null) {
      away.end();
    }
    if (table.probeLaneRead() && shape.hasRest()) {
      rest = new BuildRest(table, columns, Math.max(1, query.batchRows()));
    }
  }

  /** The next batch of the partitions on disk, or null when none is left. */
  private @Nullable Batch joined() {
    JoinSpill spill = table.spill;
    if (spill == null || space == null || table.endsEarly()) {
      return null;
    }
    PartJoin join = joining;
    if (join == null) {
      join = new PartJoin(query, table, space);
      joining = join;
    }
    if (!partTaken) {
      int part = spill.take();
      if (part < 0) {
        join.close();
        joining = null;
        return null;
      }
      partTaken = true;
      join.begin(spill.build(part), spill.probe(part), spill.parts());
    }
    Batch batch = join.next();
    if (batch == null) {
      partTaken = false;
      spill.joined();
      return NOTHING;
    }
    return batch;
  }

  private void start(Batch batch) {
    if (shape.aboutProbe || shape.keepsProbe) {
      verdicts = Verdict.cleared(verdicts, batch);
      BitColumn before = carried;
      if (before != null) {
        for (int i = 0; i < batch.count(); i++) {
          verdicts[i] =
              before.isNull(i) ? Verdict.UNKNOWN : before.get(i) ? Verdict.TRUE : Verdict.FALSE;
        }
      }
    }
    begin(batch);
    current = batch;
  }

  /**
   * Begins a batch (without a selection) in one of several passes over it, each over other build
   * rows; go on with {@link #next}.
   *
   * @param before what the passes before have found: {@link #found} of them
   * @param more whether there will be another pass: then nothing is concluded
   */
  final void pass(Batch batch, @Nullable BitColumn before, boolean more) {
    carried = before;
    goesOn = more;
    start(batch);
  }

  /** One of several passes. */
  final boolean isPass() {
    return carried != null || goesOn;
  }

  /** The verdicts of the batch's rows: true, false, null for unknown. */
  final Column found(Batch batch) {
    return PairColumns.mark(verdicts, batch.positions(), batch.count(), batch.length());
  }

  @Override
  public void close() {
    if (joining != null) {
      joining.close();
    }
    if (away != null) {
      if (!drained) {
        // Nobody wants what this lane has left; the others must not wait for it.
        away.giveUp();
      }
      away.close();
    }
  }

  /**
   * Takes the candidate pairs, whose keys are equal, through the residual; notes matches; the
   * output if pairs come out.
   */
  final Batch settle(Batch probe) {
    if (shape.kind.isThreeValued() && shape.spec.residual() != null) {
      if (pairVerdicts.length < pairs.count) {
        pairVerdicts = new byte[pairs.capacity()];
      }
      filter.residualVerdicts(probe, pairs, pairVerdicts);
      for (int i = 0; i < pairs.count; i++) {
        if (pairVerdicts[i] != Verdict.FALSE) {
          note(pairs.at[i], pairs.ids[i], pairVerdicts[i]);
        }
      }
      return NOTHING;
    }
    filter.residualTrue(probe, pairs);
    noteMatches(pairs.at, pairs.ids, pairs.count);
    return shape.pairs && pairs.count > 0
        ? columns.pairs(probe, pairs.at, pairs.ids, pairs.count)
        : NOTHING;
  }

  /**
   * Pairs whose keys are not all equal, but not false either: with a residual that is not false
   * they make a row unknown.
   */
  final void settleUnknown(Batch probe) {
    if (pairVerdicts.length < pairs.count) {
      pairVerdicts = new byte[pairs.capacity()];
    }
    filter.residualVerdicts(probe, pairs, pairVerdicts);
    for (int i = 0; i < pairs.count; i++) {
      if (pairVerdicts[i] != Verdict.FALSE) {
        note(pairs.at[i], pairs.ids[i], Verdict.UNKNOWN);
      }
    }
  }

  final void noteMatches(int[] at, int[] ids, int count) {
    if (shape.aboutProbe || shape.keepsProbe) {
      byte[] v = verdicts;
      for (int i = 0; i < count; i++) {
        v[at[i]] = Verdict.TRUE;
      }
    }
    if (shape.hasRest()) {
      byte[][] m = table.matched;
      for (int i = 0; i < count; i++) {
        JoinTable.set(m, ids[i]);
      }
    }
  }

  final void note(int at, int id, byte verdict) {
    if (shape.aboutProbe) {
      if (verdicts[at] != Verdict.TRUE) {
        verdicts[at] = verdict;
      }
    } else {
      JoinTable.set(verdict == Verdict.TRUE ? table.matched : table.unknown, id);
    }
  }

  /** What the verdicts of the batch's rows say: its last output, perhaps empty. */
  final Batch concluding(Batch batch) {
    return !goesOn && (shape.aboutProbe || shape.keepsProbe)
        ? columns.concluded(batch, verdicts)
        : NOTHING;
  }
}
