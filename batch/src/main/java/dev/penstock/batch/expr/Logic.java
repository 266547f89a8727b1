package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.CancellationToken;
import java.util.ArrayList;
import java.util.List;

/**
 * Three-valued {@code and or not}, and {@code is-null is-not-null is-true is-false}, which are
 * never null.
 */
final class Logic {
  private Logic() {}

  /** A boolean expression as a predicate. */
  static Predicate predicate(Expr e) {
    return e instanceof Predicate p ? p : new OfColumn(e, true, false);
  }

  static Predicate connective(boolean or, List<Expr> args) {
    List<Predicate> parts = new ArrayList<>();
    for (Expr e : args) {
      parts.add(predicate(e));
    }
    return new Connective(or, parts.toArray(new Predicate[0]));
  }

  static Predicate not(Expr e) {
    if (e instanceof ColumnPredicate p) {
      return p.negate();
    } else if (e instanceof Comparisons.OfTwo p) {
      return p.negate();
    } else if (e instanceof Connective c) {
      Predicate[] parts = new Predicate[c.parts.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = not(c.parts[i]);
      }
      return new Connective(!c.or, parts);
    } else if (e instanceof IsNull p) {
      return new IsNull(p.arg, !p.wanted);
    }
    return new OfColumn(e, false, false);
  }

  static Predicate isNull(Expr e, boolean wanted) {
    return new IsNull(e, wanted);
  }

  /** {@code is-true} or {@code is-false}. */
  static Predicate is(Expr e, boolean wanted) {
    return new OfColumn(e, wanted, true);
  }

  /** The rows where a boolean has a value; as a column null where that is null, or false there. */
  private record OfColumn(Expr arg, boolean wanted, boolean nullIsFalse) implements Predicate {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public List<Expr> inputs() {
      return List.of(arg);
    }

    @Override
    public int select(Batch batch, int[] out) {
      if (wanted && arg instanceof Predicate p) {
        return p.select(batch, out);
      }
      return Selections.where(arg.eval(batch), wanted, batch.selection(), batch.count(), out);
    }

    @Override
    public Column eval(Batch batch) {
      Column c = arg.eval(batch);
      if (wanted && !(nullIsFalse && c.mayHaveNulls())) {
        return c;
      }
      int[] sel = batch.selection();
      int count = batch.count();
      int[] out = new int[count];
      int n = Selections.where(c, wanted, sel, count, out);
      long[] words = Selections.bits(out, n, batch.length());
      long[] nulls = null;
      if (!nullIsFalse && c.mayHaveNulls()) {
        n = Selections.whereNull(c, true, sel, count, out);
        nulls = n == 0 ? null : Selections.bits(out, n, batch.length());
      }
      return new BitColumn(DataType.BOOLEAN, words, nulls, batch.length());
    }
  }

  private record IsNull(Expr arg, boolean wanted) implements Predicate {
    @Override
    public Shape shape() {
      return arg instanceof ColumnExpr c ? new Shape.NullTest(c, wanted) : Shape.OTHER;
    }

    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public List<Expr> inputs() {
      return List.of(arg);
    }

    @Override
    public int select(Batch batch, int[] out) {
      return Selections.whereNull(arg.eval(batch), wanted, batch.selection(), batch.count(), out);
    }

    @Override
    public Column eval(Batch batch) {
      int[] out = new int[batch.count()];
      int n = select(batch, out);
      return new BitColumn(
          DataType.BOOLEAN, Selections.bits(out, n, batch.length()), null, batch.length());
    }
  }

  /**
   * {@code and}, {@code or}: a part is evaluated for the rows that the parts before it left open.
   */
  private static final class Connective implements Predicate {
    /** So often, by parts, it looks at the token. */
    private static final int LOOKS = 32;

    private final boolean or;
    private final Predicate[] parts;

    /** What is evaluated for the parts. */
    private final Predicate[] steps;

    Connective(boolean or, Predicate[] parts) {
      this.or = or;
      this.parts = parts;
      this.steps = or ? parts : Ranges.joined(List.of(parts)).toArray(new Predicate[0]);
    }

    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public List<Expr> inputs() {
      return List.of(parts);
    }

    @Override
    public Shape shape() {
      return or ? new Shape.Or(List.of(parts)) : new Shape.And(List.of(parts));
    }

    @Override
    public int select(Batch batch, int[] out) {
      return or ? selectAny(batch, out) : selectAll(batch, out);
    }

    /** There are statements with thousands of parts. */
    private Predicate step(int i) {
      CancellationToken token = i % LOOKS == LOOKS - 1 ? CancellationToken.current() : null;
      if (token != null) {
        token.check();
      }
      return steps[i];
    }

    private int selectAll(Batch batch, int[] out) {
      Batch left = batch;
      int n = batch.count();
      for (int i = 0; i < steps.length && (n > 0 || i == 0); i++) {
        n = step(i).select(left, out);
        if (n < left.count()) {
          left = batch.withSelection(out, n);
        }
      }
      return n;
    }

    private int selectAny(Batch batch, int[] out) {
      int[] sel = batch.selection();
      int count = batch.count();
      long[] found = new long[Bits.words(batch.length())];
      int[] passed = new int[count];
      int[] rest = new int[count];
      Batch left = batch;
      for (int i = 0; i < steps.length; i++) {
        int n = step(i).select(left, passed);
        Selections.mark(found, passed, n);
        n = Selections.clear(found, left.selection(), left.count(), rest);
        if (n == 0) {
          break;
        }
        left = batch.withSelection(rest, n);
      }
      return Selections.set(found, sel, count, out);
    }

    @Override
    public Column eval(Batch batch) {
      int length = batch.length();
      long[] decided = new long[Bits.words(length)];
      long[] nulls = new long[Bits.words(length)];
      int[] found = new int[batch.count()];
      int[] rest = new int[batch.count()];
      Batch left = batch;
      boolean anyNull = false;
      for (int i = 0; i < steps.length; i++) {
        Column c = step(i).eval(left);
        int n = Selections.where(c, or, left.selection(), left.count(), found);
        Selections.mark(decided, found, n);
        if (c.mayHaveNulls()) {
          int m = Selections.whereNull(c, true, left.selection(), left.count(), found);
          Selections.mark(nulls, found, m);
          anyNull |= m > 0;
        }
        n = Selections.clear(decided, left.selection(), left.count(), rest);
        if (n == 0) {
          break;
        }
        left = batch.withSelection(rest, n);
      }
      for (int i = 0; i < decided.length; i++) {
        nulls[i] &= ~decided[i];
        decided[i] = or ? decided[i] : ~decided[i];
      }
      return new BitColumn(DataType.BOOLEAN, decided, anyNull ? nulls : null, length);
    }
  }
}
