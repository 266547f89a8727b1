package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.term.IdRanges;
import dev.penstock.sparql.term.Narrowing;
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import org.apache.jena.sparql.expr.E_Equals;
import org.apache.jena.sparql.expr.E_GreaterThan;
import org.apache.jena.sparql.expr.E_GreaterThanOrEqual;
import org.apache.jena.sparql.expr.E_LessThan;
import org.apache.jena.sparql.expr.E_LessThanOrEqual;
import org.apache.jena.sparql.expr.E_NotEquals;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.NodeValue;
import org.jspecify.annotations.Nullable;

/**
 * {@code = != < <= > >=} by value: numbers and times that are in their ids are compared there, all
 * else by Jena. An error is null.
 */
public final class Comparing implements HostFunction, Narrowing {
  private final Terms terms;
  private final ExprFunction2 function;
  private final boolean below;
  private final boolean same;
  private final boolean above;

  /**
   * @param function of a kind that {@link #takes} takes; only its values are asked for
   */
  public Comparing(Terms terms, ExprFunction2 function) {
    this.terms = terms;
    this.function = function;
    this.below =
        function instanceof E_LessThan
            || function instanceof E_LessThanOrEqual
            || function instanceof E_NotEquals;
    this.same =
        function instanceof E_Equals
            || function instanceof E_LessThanOrEqual
            || function instanceof E_GreaterThanOrEqual;
    this.above =
        function instanceof E_GreaterThan
            || function instanceof E_GreaterThanOrEqual
            || function instanceof E_NotEquals;
  }

  /** Is an expression one of these comparisons? */
  public static boolean takes(Expr e) {
    return e instanceof E_Equals
        || e instanceof E_NotEquals
        || e instanceof E_LessThan
        || e instanceof E_LessThanOrEqual
        || e instanceof E_GreaterThan
        || e instanceof E_GreaterThanOrEqual;
  }

  @Override
  public @Nullable IdRanges passing(long constant, boolean first) {
    return first ? IdRanges.of(constant, above, below) : IdRanges.of(constant, below, above);
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    Pairs pairs = new Pairs(batch, args);
    long[] nulls = pairs.nulls(batch);
    long[] words = new long[nulls.length];
    long[] left = pairs.left;
    long[] right = pairs.right;
    int leftMask = pairs.leftMask;
    int rightMask = pairs.rightMask;
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (Bits.get(nulls, p)) {
        continue;
      }
      int truth = truth(left[p & leftMask], right[p & rightMask]);
      if (truth < 0) {
        Bits.set(nulls, p);
      } else if (truth > 0) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, nulls, batch.length());
  }

  /** Of two terms: 1, 0, or -1 for an error. */
  public int truth(long a, long b) {
    if (TermId.isNumber(a) && TermId.isNumber(b)) {
      int order = order(a, b);
      return (order < 0 ? below : order > 0 ? above : same) ? 1 : 0;
    }
    if (TermId.isSameTimeLine(a, b)) {
      return (a < b ? below : a > b ? above : same) ? 1 : 0;
    }
    return other(a, b);
  }

  /** As XPath does: exactly, but as doubles where one is a double. */
  static int order(long a, long b) {
    int tagA = TermId.tag(a);
    int tagB = TermId.tag(b);
    if (tagA == TermId.INTEGER && tagB == TermId.INTEGER) {
      return Long.compare(a, b);
    }
    double x = TermId.number(a);
    double y = TermId.number(b);
    if (x != y) { // the nearest doubles are in the order of the values
      return x < y ? -1 : 1;
    }
    return tagA == TermId.DOUBLE || tagB == TermId.DOUBLE
        ? 0
        : TermId.decimal(a).compareTo(TermId.decimal(b));
  }

  private int other(long a, long b) {
    CancellationToken.checkCurrent();
    try {
      NodeValue x = NodeValue.makeNode(terms.decode(a));
      NodeValue y = NodeValue.makeNode(terms.decode(b));
      return function.eval(x, y).getBoolean() ? 1 : 0;
    } catch (ExprEvalException e) {
      return -1; // an error is neither true nor false
    }
  }
}
