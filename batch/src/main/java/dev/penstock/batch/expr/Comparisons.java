package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Ordering;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code = not= < <= > >=} of two expressions of one type, and the null-safe {@code is-distinct},
 * {@code is-not-distinct}.
 */
final class Comparisons {
  private Comparisons() {}

  /** Both sides have the same layout and scale. */
  static Predicate of(Comparison op, Expr a, Expr b) {
    if (b instanceof LiteralExpr literal && literal.value() != null) {
      return new ColumnPredicate(a, new WithLiteral(op, literal));
    }
    if (a instanceof LiteralExpr literal && literal.value() != null) {
      return new ColumnPredicate(b, new WithLiteral(op.swap(), literal));
    }
    return new OfTwo(op, a, b);
  }

  static Predicate distinct(Expr a, Expr b, boolean wanted) {
    return new Distinct(new OfTwo(Comparison.EQUAL, a, b), wanted);
  }

  /** The test of a column against a value that is not null. */
  record WithLiteral(Comparison op, LiteralExpr literal) implements ColumnPredicate.Test {
    @Override
    public int select(FlatColumn c, int @Nullable [] sel, int count, int[] out) {
      return selectConstant(op, c, literal.constant().single(), sel, count, out);
    }

    @Override
    public ColumnPredicate.Test negate() {
      return new WithLiteral(op.negate(), literal);
    }

    @Override
    public Shape shape(ColumnExpr column) {
      return column.type().equals(literal.type())
          ? new Shape.Comparison(column, op.shape, literal)
          : Shape.OTHER;
    }
  }

  private static int selectConstant(
      Comparison op, FlatColumn c, FlatColumn value, int @Nullable [] sel, int count, int[] out) {
    if (c instanceof IntColumn a) {
      return IntSelect.constant(op, a.values(), ((IntColumn) value).values()[0], sel, count, out);
    } else if (c instanceof LongColumn a) {
      return LongSelect.constant(op, a.values(), ((LongColumn) value).values()[0], sel, count, out);
    } else if (c instanceof DoubleColumn a) {
      double v = ((DoubleColumn) value).values()[0];
      return DoubleSelect.constant(op, a.values(), v, sel, count, out);
    } else if (c instanceof BytesColumn a
        && (op == Comparison.EQUAL || op == Comparison.NOT_EQUAL)) {
      return bytesEqual(a, (BytesColumn) value, op == Comparison.EQUAL, sel, count, out);
    }
    return ordered(op, Ordering.of(c.type()), c, value, 0, sel, count, out);
  }

  private static int bytesEqual(
      BytesColumn a,
      BytesColumn value,
      boolean wanted,
      int @Nullable [] sel,
      int count,
      int[] out) {
    byte[] slab = a.slab();
    int[] offsets = a.offsets();
    byte[] other = value.slab();
    int from = value.start(0);
    int size = value.size(0);
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = sel == null ? i : sel[i];
      int start = offsets[p];
      boolean equal =
          offsets[p + 1] - start == size
              && Arrays.equals(slab, start, start + size, other, from, from + size);
      out[n] = p;
      n += equal == wanted ? 1 : 0;
    }
    return n;
  }

  /** Any layout; the mask is 0 for a value of length 1. */
  private static int ordered(
      Comparison op,
      Ordering ordering,
      FlatColumn a,
      FlatColumn b,
      int mask,
      int @Nullable [] sel,
      int count,
      int[] out) {
    int accepts = op.accepts;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = sel == null ? i : sel[i];
      int sign = Integer.signum(ordering.compareFlat(a, p, b, p & mask));
      out[n] = p;
      n += accepts >>> (sign + 1) & 1;
    }
    return n;
  }

  /** A comparison of two expressions; a constant side is found at run time. */
  static final class OfTwo implements Predicate {
    private final Comparison op;
    private final Expr a;
    private final Expr b;
    private final Ordering ordering;

    OfTwo(Comparison op, Expr a, Expr b) {
      this.op = op;
      this.a = a;
      this.b = b;
      this.ordering = Ordering.of(a.type());
    }

    OfTwo negate() {
      return new OfTwo(op.negate(), a, b);
    }

    @Override
    public List<Expr> inputs() {
      return List.of(a, b);
    }

    @Override
    public Shape shape() {
      if (a instanceof ColumnExpr c && b instanceof LiteralExpr l && c.type().equals(l.type())) {
        return new Shape.Comparison(c, op.shape, l); // only a null literal comes here
      }
      return Shape.OTHER;
    }

    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    private int selectValues(Column x, Column y, int @Nullable [] sel, int count, int[] out) {
      if (y instanceof ConstantColumn k) {
        return selectConstant(op, x.flat(sel, count), k.single(), sel, count, out);
      }
      if (x instanceof ConstantColumn k) {
        return selectConstant(op.swap(), y.flat(sel, count), k.single(), sel, count, out);
      }
      FlatColumn p = x.flat(sel, count);
      FlatColumn q = y.flat(sel, count);
      Layout layout = a.type().layout();
      if (layout == Layout.INTS) {
        return IntSelect.columns(
            op, ((IntColumn) p).values(), ((IntColumn) q).values(), sel, count, out);
      } else if (layout == Layout.LONGS) {
        return LongSelect.columns(
            op, ((LongColumn) p).values(), ((LongColumn) q).values(), sel, count, out);
      } else if (layout == Layout.DOUBLES) {
        return DoubleSelect.columns(
            op, ((DoubleColumn) p).values(), ((DoubleColumn) q).values(), sel, count, out);
      }
      return ordered(op, ordering, p, q, -1, sel, count, out);
    }

    @Override
    public int select(Batch batch, int[] out) {
      Column x = a.eval(batch);
      Column y = b.eval(batch);
      if (isNullConstant(x) || isNullConstant(y)) {
        return 0;
      }
      int n = selectValues(x, y, batch.selection(), batch.count(), out);
      return dropNulls(y, dropNulls(x, n, out), out);
    }

    private static int dropNulls(Column c, int n, int[] out) {
      return c.mayHaveNulls() ? Selections.whereNull(c, false, out, n, out) : n;
    }

    @Override
    public Column eval(Batch batch) {
      Column x = a.eval(batch);
      Column y = b.eval(batch);
      int length = batch.length();
      if (isNullConstant(x) || isNullConstant(y)) {
        return ConstantColumn.of(DataType.BOOLEAN, null, length);
      }
      int[] out = new int[batch.count()];
      int n = selectValues(x, y, batch.selection(), batch.count(), out);
      long[] nulls = Bits.or(nulls(x, batch, out.clone()), nulls(y, batch, out.clone()), length);
      return new BitColumn(DataType.BOOLEAN, Selections.bits(out, n, length), nulls, length);
    }

    private static long @Nullable [] nulls(Column c, Batch batch, int[] scratch) {
      if (!c.mayHaveNulls()) {
        return null;
      }
      int n = Selections.whereNull(c, true, batch.selection(), batch.count(), scratch);
      return n == 0 ? null : Selections.bits(scratch, n, batch.length());
    }
  }

  private static boolean isNullConstant(Column c) {
    return c instanceof ConstantColumn && c.isNull(0);
  }

  /** Never null: a null equals a null and nothing else. */
  private static final class Distinct implements Predicate {
    private final OfTwo equal;
    private final boolean wanted;

    Distinct(OfTwo equal, boolean wanted) {
      this.equal = equal;
      this.wanted = wanted;
    }

    @Override
    public List<Expr> inputs() {
      return equal.inputs();
    }

    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    /** A bit for each row that is distinct, and perhaps for positions that are no rows. */
    private long[] distinct(Batch batch) {
      int[] sel = batch.selection();
      int count = batch.count();
      Column x = equal.a.eval(batch);
      Column y = equal.b.eval(batch);
      int[] scratch = new int[count];
      long[] nullX =
          Selections.bits(
              scratch, Selections.whereNull(x, true, sel, count, scratch), batch.length());
      long[] nullY =
          Selections.bits(
              scratch, Selections.whereNull(y, true, sel, count, scratch), batch.length());
      int n = 0;
      if (!isNullConstant(x) && !isNullConstant(y)) {
        n = equal.selectValues(x, y, sel, count, scratch);
      }
      long[] words = Selections.bits(scratch, n, batch.length());
      for (int i = 0; i < words.length; i++) {
        long either = nullX[i] | nullY[i];
        words[i] = (~words[i] & ~either) | (nullX[i] ^ nullY[i]);
      }
      return words;
    }

    @Override
    public int select(Batch batch, int[] out) {
      long[] words = distinct(batch);
      return wanted
          ? Selections.set(words, batch.selection(), batch.count(), out)
          : Selections.clear(words, batch.selection(), batch.count(), out);
    }

    @Override
    public Column eval(Batch batch) {
      long[] words = distinct(batch);
      if (!wanted) {
        for (int i = 0; i < words.length; i++) {
          words[i] = ~words[i];
        }
      }
      return new BitColumn(DataType.BOOLEAN, words, null, batch.length());
    }
  }
}
