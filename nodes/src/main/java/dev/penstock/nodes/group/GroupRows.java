package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one batch with everything evaluated that a {@link GroupState} needs of them. */
final class GroupRows {
  final Batch batch;

  /** For each filter the rows that pass. */
  final Batch[] passing;

  /** For each filter which rows of the batch those are; null for all. */
  final int[] @Nullable [] rowsOf;

  /** For each input its arguments and sort keys. */
  final Column[][] arguments;

  /** Columns of which each group keeps those of its first row. */
  final Column[] rest;

  private final GroupPlan plan;
  private final RowExprs exprs;
  private final Column[] keys;

  GroupRows(GroupPlan plan, RowExprs exprs, Batch batch) {
    this.plan = plan;
    this.exprs = exprs;
    this.batch = batch;
    int n = batch.count();
    int filters = exprs.filters.size();
    passing = new Batch[filters];
    rowsOf = new int[filters][];
    passing[0] = batch;
    for (int f = 1; f < filters; f++) {
      int[] positions = new int[n];
      int count = exprs.filters.get(f).select(batch, positions);
      passing[f] = batch.withSelection(positions, count);
      rowsOf[f] = rowsOf(batch.positions(), positions, count);
    }
    arguments = new Column[plan.inputs.size()][];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = eval(exprs.arguments[i], passing[plan.inputs.get(i).filter()]);
    }
    keys = eval(exprs.keys, batch);
    rest = eval(exprs.rest, batch);
  }

  private static Column[] eval(Expr[] exprs, Batch batch) {
    Column[] out = new Column[exprs.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = exprs[c].eval(batch);
    }
    return out;
  }

  /** Which rows of the batch have these positions. */
  private static int[] rowsOf(int[] all, int[] some, int count) {
    int[] out = new int[count];
    int row = 0;
    for (int i = 0; i < count; i++) {
      while (all[row] != some[i]) {
        row++;
      }
      out[i] = row;
    }
    return out;
  }

  /** How often each row counts. */
  int sets() {
    return exprs.sets == null ? 1 : exprs.sets.length;
  }

  /** The keys of a set, null for those that are not in it, and its number. */
  Column[] keys(int set) {
    boolean[][] sets = exprs.sets;
    return sets == null ? keys : keysOfSet(plan, set, keys, batch.length());
  }

  static Column[] keysOfSet(GroupPlan plan, int set, Column[] keys, int length) {
    Column[] out = Arrays.copyOf(keys, keys.length + 1);
    for (int k = 0; k < keys.length; k++) {
      if (!plan.sets[set][k]) {
        out[k] = ConstantColumn.of(plan.tableTypes[k], null, length);
      }
    }
    out[keys.length] = ConstantColumn.of(DataType.INT32, set, length);
    return out;
  }

  /** The rows of a set as they are spilled; {@link RowExprs#ofSpilled} reads them. */
  Batch spilled(int set) {
    Column[] of = keys(set);
    int n = batch.count();
    if (passing.length == 1) {
      Column[] out = new Column[plan.spilledTypes.length];
      System.arraycopy(of, 0, out, 0, of.length);
      int c = of.length;
      for (RowExprs.Argument a : plan.spilledArguments) {
        out[c++] = argument(a);
      }
      System.arraycopy(rest, 0, out, c, rest.length);
      return Batch.of(batch.length(), out).withSelection(batch.selection(), n);
    }
    // What a filter drops was not evaluated: null stands there.
    int[] positions = batch.positions();
    Column[] out = new Column[plan.spilledTypes.length];
    int c = 0;
    for (Column key : of) {
      out[c++] = key.gather(positions, n);
    }
    int[][] evaluated = new int[passing.length][];
    evaluated[0] = positions;
    for (int f = 1; f < passing.length; f++) {
      long[] bits = new long[Bits.words(n)];
      int[] at = new int[n];
      Arrays.fill(at, -1);
      for (int row : rowsOf[f]) {
        Bits.set(bits, row);
        at[row] = positions[row];
      }
      out[c++] = new BitColumn(DataType.BOOLEAN, bits, null, n);
      evaluated[f] = at;
    }
    for (RowExprs.Argument a : plan.spilledArguments) {
      out[c++] = argument(a).gather(evaluated[a.filter()], n);
    }
    for (Column r : rest) {
      out[c++] = r.gather(positions, n);
    }
    return Batch.of(n, out);
  }

  private Column argument(RowExprs.Argument wanted) {
    List<GroupPlan.Input> inputs = plan.inputs;
    for (int i = 0; i < inputs.size(); i++) {
      int at = inputs.get(i).exprs().indexOf(wanted.expr());
      if (at >= 0 && inputs.get(i).filter() == wanted.filter()) {
        return arguments[i][at];
      }
    }
    throw new IllegalStateException(wanted.toString());
  }
}
