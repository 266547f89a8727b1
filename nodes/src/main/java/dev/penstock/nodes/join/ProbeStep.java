package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.rows.RowStore;
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

  private byte[] pairVerdicts = {};
  private @Nullable Batch current;
  private @Nullable Batch waiting;
  private boolean drained;
  private @Nullable BuildRest rest;

  ProbeStep(QueryContext query, JoinTable table) {
    this.query = query;
    this.table = table;
    this.shape = table.shape;
    this.store = table.store;
    this.columns = new PairColumns(shape, store);
    this.filter = new PairFilter(shape, store, columns);
    this.pairs = new Pairs(Math.max(1, query.batchRows()));
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
    Batch give = waiting;
    if (give == null) {
      query.token().check();
      if (current == null && !drained) {
        Batch batch = table.endsEarly() ? null : in.poll();
        if (batch != null) {
          if (!batch.isEmpty()) {
            start(batch);
          }
          return Progress.MOVED;
        }
        if (!table.endsEarly() && !in.isDone()) {
          return Progress.STUCK;
        }
        drained = true;
        if (table.probeLaneEnded() && shape.hasRest()) {
          rest = new BuildRest(table, columns, Math.max(1, query.batchRows()));
        }
      }
      give = current != null ? next(current) : rest == null ? null : rest.next();
      if (give == null) {
        if (current == null) {
          return Progress.DONE;
        }
        current = null;
        return Progress.MOVED;
      }
      if (give.isEmpty()) {
        return Progress.MOVED;
      }
    }
    boolean again = waiting != null;
    if (out.offer(give)) {
      waiting = null;
      return Progress.MOVED;
    }
    waiting = give;
    return again ? Progress.STUCK : Progress.MOVED;
  }

  private void start(Batch batch) {
    if (shape.aboutProbe || shape.keepsProbe) {
      verdicts = Verdict.cleared(verdicts, batch);
    }
    begin(batch);
    current = batch;
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
  final Batch concluded(Batch batch) {
    return shape.aboutProbe || shape.keepsProbe ? columns.concluded(batch, verdicts) : NOTHING;
  }
}
