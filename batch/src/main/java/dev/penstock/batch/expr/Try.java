package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import java.util.Arrays;
import java.util.List;

/**
 * {@code (try e)}: null where e raises an error of a value. Rows without errors cost nothing more;
 * a batch with one is halved until the bad rows stand alone.
 */
record Try(Expr arg) implements Expr {
  @Override
  public DataType type() {
    return arg.type();
  }

  @Override
  public List<Expr> inputs() {
    return List.of(arg);
  }

  @Override
  public Column eval(Batch batch) {
    try {
      return arg.eval(batch);
    } catch (PenstockException e) {
      check(e);
    }
    Merge merge = new Merge(type(), batch.length(), batch.count());
    halves(batch, merge);
    return merge.column();
  }

  private void halves(Batch batch, Merge merge) {
    int n = batch.count();
    if (n > 1) {
      part(batch, 0, n / 2, merge);
      part(batch, n / 2, n, merge);
    }
  }

  private void part(Batch batch, int from, int to, Merge merge) {
    int[] positions = Arrays.copyOfRange(batch.positions(), from, to);
    Batch part = batch.withSelection(positions, to - from);
    try {
      merge.add(arg.eval(part), positions, to - from);
    } catch (PenstockException e) {
      check(e);
      halves(part, merge);
    }
  }

  /** Limits and faults are not errors of values. */
  private static void check(PenstockException e) {
    if (e.category() != Category.INCORRECT) {
      throw e;
    }
  }
}
