package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.batch.expr.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One part of a filter that must be true.
 *
 * @param columns the requested columns that it reads, ascending
 */
record Conjunct(Expr expr, int[] columns) {
  /** The parts of a filter in their order; none for no filter. */
  static Conjunct[] of(@Nullable Expr filter, int requested) {
    List<Conjunct> out = new ArrayList<>();
    if (filter != null) {
      add(filter, requested, out);
    }
    return out.toArray(new Conjunct[0]);
  }

  private static void add(Expr e, int requested, List<Conjunct> out) {
    if (e.shape() instanceof Shape.And and) {
      for (Expr part : and.parts()) {
        add(part, requested, out);
      }
      return;
    }
    TreeSet<Integer> columns = new TreeSet<>();
    if (!collect(e, columns)) {
      for (int i = 0; i < requested; i++) {
        columns.add(i);
      }
    }
    out.add(new Conjunct(e, columns.stream().mapToInt(Integer::intValue).toArray()));
  }

  private static boolean collect(Expr e, TreeSet<Integer> into) {
    if (e instanceof ColumnExpr c) {
      into.add(c.index());
      return true;
    }
    List<? extends Expr> inputs = e.inputs();
    if (inputs == null) {
      return false;
    }
    for (Expr i : inputs) {
      if (!collect(i, into)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the positions of the batch's rows for which it is true; returns how many. */
  int select(Batch batch, int[] out) {
    if (expr instanceof Predicate p) {
      return p.select(batch, out);
    }
    Column c = expr.eval(batch).flat(batch.selection(), batch.count());
    BitColumn bits = (BitColumn) c;
    long[] words = bits.words();
    int n = 0;
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (Bits.get(words, p) && !bits.isNull(p)) {
        out[n++] = p;
      }
    }
    return n;
  }
}
