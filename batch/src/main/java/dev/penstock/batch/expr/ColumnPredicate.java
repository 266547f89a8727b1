package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Positions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A test of one expression, null where that is null, which depends on nothing else: a comparison
 * with a literal, a pattern, a list. A dictionary is tested once and its rows are looked up.
 */
final class ColumnPredicate implements Predicate {
  /** Tests values; shared by tasks. */
  interface Test {
    /**
     * Writes the positions whose value passes; a null passes or not. {@code sel} null = 0 until
     * count; {@code out} may be {@code sel}.
     */
    int select(FlatColumn c, int @Nullable [] sel, int count, int[] out);

    /**
     * A test that passes just what this does not, or null when there is none that is better than a
     * complement.
     */
    default @Nullable Test negate() {
      return null;
    }

    /** What a source can see of this test of a column. */
    default Shape shape(ColumnExpr column) {
      return Shape.OTHER;
    }
  }

  private final Expr arg;
  private final Test test;
  private final boolean negated;
  private final DictionaryCache<long[]> tables = new DictionaryCache<>();

  ColumnPredicate(Expr arg, Test test) {
    this(arg, test, false);
  }

  private ColumnPredicate(Expr arg, Test test, boolean negated) {
    this.arg = arg;
    this.test = test;
    this.negated = negated;
  }

  /** True where this is false. */
  ColumnPredicate negate() {
    Test opposite = test.negate();
    return opposite != null
        ? new ColumnPredicate(arg, opposite, negated)
        : new ColumnPredicate(arg, test, !negated);
  }

  @Override
  public List<Expr> inputs() {
    return List.of(arg);
  }

  @Override
  public Shape shape() {
    return !negated && arg instanceof ColumnExpr c ? test.shape(c) : Shape.OTHER;
  }

  @Override
  public DataType type() {
    return DataType.BOOLEAN;
  }

  private int passing(FlatColumn c, int @Nullable [] sel, int count, int[] out) {
    if (!negated) {
      return test.select(c, sel, count, out);
    }
    int[] passed = new int[count];
    int n = test.select(c, sel, count, passed);
    return without(sel != null ? sel : Positions.identity(count), count, passed, n, out);
  }

  /** The positions of all that are not in some, which is a part of it; out may be all. */
  private static int without(int[] all, int count, int[] some, int n, int[] out) {
    int next = 0;
    int m = 0;
    for (int i = 0; i < count; i++) {
      int p = all[i];
      if (next < n && some[next] == p) {
        next++;
      } else {
        out[m++] = p;
      }
    }
    return m;
  }

  @Override
  public int select(Batch batch, int[] out) {
    int[] sel = batch.selection();
    int count = batch.count();
    Column c = arg.eval(batch);
    if (c instanceof ConstantColumn k) {
      return !k.isNull(0) && passing(k.single(), null, 1, new int[1]) == 1
          ? Selections.all(sel, count, out)
          : 0;
    }
    if (c instanceof DictionaryColumn d) {
      long[] table = table(d.dictionary(), count);
      if (table != null) {
        return Selections.mapped(table, d.ids(), sel, count, out);
      }
    }
    FlatColumn flat = c.flat(sel, count);
    return Selections.dropNulls(flat.nulls(), out, passing(flat, sel, count, out));
  }

  @Override
  public Column eval(Batch batch) {
    int length = batch.length();
    Column c = arg.eval(batch);
    if (c instanceof ConstantColumn k) {
      Boolean value =
          k.isNull(0) ? null : (Boolean) (passing(k.single(), null, 1, new int[1]) == 1);
      return ConstantColumn.of(DataType.BOOLEAN, value, length);
    }
    int count = batch.count();
    int[] out = new int[count];
    if (c instanceof DictionaryColumn d) {
      long[] table = table(d.dictionary(), count);
      if (table != null) {
        return mapped(d, table, batch, out);
      }
    }
    FlatColumn flat = c.flat(batch.selection(), count);
    int n = passing(flat, batch.selection(), count, out);
    return new BitColumn(DataType.BOOLEAN, Selections.bits(out, n, length), flat.nulls(), length);
  }

  private static Column mapped(DictionaryColumn d, long[] table, Batch batch, int[] out) {
    int[] sel = batch.selection();
    int length = batch.length();
    int n = Selections.mapped(table, d.ids(), sel, batch.count(), out);
    long[] words = Selections.bits(out, n, length);
    n = Selections.whereNull(d, true, sel, batch.count(), out);
    long[] nulls = n == 0 ? null : Selections.bits(out, n, length);
    return new BitColumn(DataType.BOOLEAN, words, nulls, length);
  }

  /** The table of {@link Selections#mapped}, or null when testing the rows is cheaper. */
  private long @Nullable [] table(FlatColumn dictionary, int rows) {
    long[] known = tables.get(dictionary);
    if (known != null || !DictionaryCache.worthwhile(dictionary, rows)) {
      return known;
    }
    int size = dictionary.length();
    int[] entries = new int[size];
    int n = passing(dictionary, null, size, entries);
    n = Selections.dropNulls(dictionary.nulls(), entries, n);
    long[] table = Selections.shifted(entries, n, size);
    tables.put(dictionary, table);
    return table;
  }

  /** How a test of single values becomes one of columns. */
  interface ValueTest {
    boolean test(FlatColumn c, int position);
  }

  /** Applies a test value by value; for tests that cost more than a call. */
  static Test eachValue(ValueTest test) {
    return (c, sel, count, out) -> {
      long[] nulls = c.nulls();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int p = sel == null ? i : sel[i];
        if ((nulls == null || !Bits.get(nulls, p)) && test.test(c, p)) {
          out[n++] = p;
        }
      }
      return n;
    };
  }
}
