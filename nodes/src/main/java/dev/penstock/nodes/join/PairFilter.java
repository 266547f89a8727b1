package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.Positions;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.batch.kernel.Equality;
import dev.penstock.nodes.rows.RowStore;

/** Tests candidate pairs, column by column. Of one lane. */
final class PairFilter {
  private final JoinShape shape;
  private final RowStore store;
  private final PairColumns columns;
  private int[] kept = {};

  PairFilter(JoinShape shape, RowStore store, PairColumns columns) {
    this.shape = shape;
    this.store = store;
    this.columns = columns;
  }

  private int[] kept(int count) {
    if (kept.length < count) {
      kept = new int[Math.max(count, 2048)];
    }
    return kept;
  }

  /** Keeps the pairs whose keys are equal. */
  void keysEqual(Column[] probeKeys, Pairs pairs) {
    int[] k = kept(pairs.count);
    pairs.keep(k, keysEqual(probeKeys, pairs.at, pairs.ids, pairs.count, k));
  }

  /** Writes the indexes of the pairs whose keys are equal, and returns how many. */
  int keysEqual(Column[] probeKeys, int[] at, int[] ids, int count, int[] out) {
    int[] candidates = Positions.identity(count);
    int n = count;
    for (int k = 0; k < probeKeys.length; k++) {
      Column build = store.gather(shape.firstKey + k, ids, count);
      boolean safe = shape.spec.nullSafe()[k];
      n =
          Equality.narrow(
              probeKeys[k], at, build, Positions.identity(count), candidates, n, safe, out);
      candidates = out;
    }
    return n;
  }

  /** Keeps the pairs of which no key comparison is false: equal, or null on a side. */
  void keysNotFalse(Column[] probeKeys, Pairs pairs) {
    int[] k = kept(pairs.count);
    for (int key = 0; key < probeKeys.length; key++) {
      int count = pairs.count;
      Column probe = probeKeys[key];
      Column build = store.gather(shape.firstKey + key, pairs.ids, count);
      int[] all = Positions.identity(count);
      boolean safe = shape.spec.nullSafe()[key];
      int equal = Equality.narrow(probe, pairs.at, build, all, all, count, safe, k);
      if (!safe && equal < count) {
        int[] merged = new int[count];
        int n = 0;
        int next = 0;
        for (int i = 0; i < count; i++) {
          boolean isEqual = next < equal && k[next] == i;
          next += isEqual ? 1 : 0;
          if (isEqual || probe.isNull(pairs.at[i]) || build.isNull(i)) {
            merged[n++] = i;
          }
        }
        pairs.keep(merged, n);
      } else {
        pairs.keep(k, equal);
      }
    }
  }

  /** Keeps the pairs for which the residual is true. */
  void residualTrue(Batch probe, Pairs pairs) {
    Expr residual = shape.spec.residual();
    if (residual == null || pairs.count == 0) {
      return;
    }
    int[] k = kept(pairs.count);
    Batch input = columns.residualInput(probe, pairs.at, pairs.ids, pairs.count);
    pairs.keep(k, select(residual, input, k));
  }

  /** Writes the positions of the rows for which a boolean expression is true. */
  static int select(Expr condition, Batch input, int[] out) {
    if (condition instanceof Predicate p) {
      return p.select(input, out);
    }
    Column verdict = condition.eval(input);
    BitColumn flat = (BitColumn) verdict.flat(input.selection(), input.count());
    int n = 0;
    for (int i = 0; i < input.count(); i++) {
      int p = input.position(i);
      if (!flat.isNull(p) && flat.get(p)) {
        out[n++] = p;
      }
    }
    return n;
  }

  /** The verdict of the residual for each pair. */
  void residualVerdicts(Batch probe, Pairs pairs, byte[] verdicts) {
    Expr residual = shape.spec.residual();
    if (residual == null) {
      java.util.Arrays.fill(verdicts, 0, pairs.count, Verdict.TRUE);
    } else if (pairs.count > 0) {
      verdicts(residual, columns.residualInput(probe, pairs.at, pairs.ids, pairs.count), verdicts);
    }
  }

  /** The verdict of a boolean expression at each selected position. */
  static void verdicts(Expr condition, Batch input, byte[] out) {
    BitColumn flat = (BitColumn) condition.eval(input).flat(input.selection(), input.count());
    for (int i = 0; i < input.count(); i++) {
      int p = input.position(i);
      out[p] = flat.isNull(p) ? Verdict.UNKNOWN : flat.get(p) ? Verdict.TRUE : Verdict.FALSE;
    }
  }
}
