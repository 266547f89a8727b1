package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.Layout;
import dev.penstock.batch.kernel.Ordering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code case coalesce nullif greatest least}. What a row does not choose is not evaluated for it,
 * and so raises no error.
 */
final class Conditionals {
  private Conditionals() {}

  /** c1 v1 c2 v2 ... else. */
  static Expr choice(List<Expr> args, DataType result) {
    int n = args.size() / 2;
    Predicate[] conditions = new Predicate[n];
    Expr[] values = new Expr[n + 1];
    for (int i = 0; i < n; i++) {
      conditions[i] = Logic.predicate(args.get(2 * i));
      values[i] = args.get(2 * i + 1);
    }
    values[n] = args.get(2 * n);
    return new Case(conditions, values, result, texts(values, result));
  }

  static Expr coalesce(List<Expr> args, DataType result) {
    return new Coalesce(args.toArray(new Expr[0]), result);
  }

  static Expr nullIf(Expr a, Expr b) {
    return new NullIf(a, Comparisons.of(Comparison.EQUAL, a, b), b);
  }

  static Expr extreme(boolean greatest, List<Expr> args, DataType result) {
    return new Extreme(greatest, args.toArray(new Expr[0]), Ordering.of(result), result);
  }

  /**
   * When all values are literal texts, the dictionary of them; its object is the same for every
   * batch.
   */
  private static @Nullable FlatColumn texts(Expr[] values, DataType result) {
    if (result.layout() != Layout.BYTES) {
      return null;
    }
    ColumnBuilder builder = ColumnBuilder.of(result, values.length);
    for (Expr e : values) {
      if (!(e instanceof LiteralExpr l)) {
        return null;
      }
      builder.append(l.constant(), 0);
    }
    return builder.build();
  }

  private record Case(
      Predicate[] conditions, Expr[] values, DataType type, @Nullable FlatColumn texts)
      implements Expr {
    @Override
    public List<Expr> inputs() {
      List<Expr> all = new ArrayList<>(Arrays.asList(values));
      all.addAll(Arrays.asList(conditions));
      return all;
    }

    @Override
    public Column eval(Batch batch) {
      Merge merge = new Merge(type, batch.length(), batch.count());
      int[] ids = texts == null ? new int[0] : new int[batch.length()];
      Batch left = batch;
      for (int k = 0; k < values.length && left.count() > 0; k++) {
        int[] found;
        int n;
        if (k < conditions.length) {
          found = new int[left.count()];
          n = conditions[k].select(left, found);
        } else {
          found = left.positions();
          n = left.count();
        }
        if (n == 0) {
          continue;
        }
        if (texts != null) {
          for (int i = 0; i < n; i++) {
            ids[found[i]] = k;
          }
        } else {
          Batch chosen = n == batch.count() ? batch : batch.withSelection(found, n);
          Column column = values[k].eval(chosen);
          if (chosen == batch) {
            return column;
          }
          merge.add(column, found, n);
        }
        left = rest(left, found, n);
      }
      return texts != null
          ? new DictionaryColumn(texts, ids, batch.length(), false)
          : merge.column();
    }
  }

  /** The rows of left that are not among these. */
  private static Batch rest(Batch left, int[] found, int n) {
    if (n == left.count()) {
      return left.withSelection(new int[0], 0);
    }
    int[] all = left.positions();
    int[] out = new int[left.count() - n];
    int next = 0;
    int m = 0;
    for (int i = 0; i < left.count(); i++) {
      if (next < n && found[next] == all[i]) {
        next++;
      } else {
        out[m++] = all[i];
      }
    }
    return left.withSelection(out, m);
  }

  private record Coalesce(Expr[] args, DataType type) implements Expr {
    @Override
    public List<Expr> inputs() {
      return List.of(args);
    }

    @Override
    public Column eval(Batch batch) {
      Merge merge = new Merge(type, batch.length(), batch.count());
      Batch left = batch;
      for (int k = 0; k < args.length && left.count() > 0; k++) {
        Column column = args[k].eval(left);
        if (left == batch && !column.mayHaveNulls()) {
          return column;
        }
        int[] found = new int[left.count()];
        int n = Selections.whereNull(column, false, left.selection(), left.count(), found);
        if (n > 0) {
          merge.add(column, found, n);
          left = rest(left, found, n);
        }
      }
      return merge.column();
    }
  }

  private record NullIf(Expr a, Predicate equal, Expr b) implements Expr {
    @Override
    public DataType type() {
      return a.type();
    }

    @Override
    public List<Expr> inputs() {
      return List.of(a, b);
    }

    @Override
    public Column eval(Batch batch) {
      Column column = a.eval(batch);
      int[] found = new int[batch.count()];
      int n = equal.select(batch, found);
      if (n == 0) {
        return column;
      }
      FlatColumn flat = column.flat(batch.selection(), batch.count());
      long[] nulls = Selections.bits(found, n, batch.length());
      return FlatColumns.withNulls(flat, Bits.or(flat.nulls(), nulls, batch.length()));
    }
  }

  /** Nulls are passed over. */
  private record Extreme(boolean greatest, Expr[] args, Ordering ordering, DataType type)
      implements Expr {
    @Override
    public List<Expr> inputs() {
      return List.of(args);
    }

    @Override
    public Column eval(Batch batch) {
      int count = batch.count();
      int[] positions = batch.positions();
      int[] best = new int[count];
      Arrays.fill(best, -1);
      Column[] columns = new Column[args.length];
      for (int k = 0; k < args.length; k++) {
        Column c = args[k].eval(batch);
        columns[k] = c instanceof ConstantColumn ? c : c.flat(batch.selection(), count);
        for (int i = 0; i < count; i++) {
          int p = positions[i];
          if (columns[k].isNull(p)) {
            continue;
          }
          if (best[i] >= 0) {
            int order = ordering.compare(columns[k], p, columns[best[i]], p);
            if (greatest ? order <= 0 : order >= 0) {
              continue;
            }
          }
          best[i] = k;
        }
      }
      Merge merge = new Merge(type, batch.length(), batch.count());
      for (int k = 0; k < args.length; k++) {
        int[] found = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
          found[n] = positions[i];
          n += best[i] == k ? 1 : 0;
        }
        merge.add(columns[k], found, n);
      }
      return merge.column();
    }
  }
}
