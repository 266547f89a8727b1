package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import org.apache.jena.sparql.expr.E_Add;
import org.apache.jena.sparql.expr.E_Divide;
import org.apache.jena.sparql.expr.E_Multiply;
import org.apache.jena.sparql.expr.E_Subtract;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.NodeValue;

/**
 * {@code + - *} and {@code /}: of integers that are in their ids and whose result is so too the
 * first three are computed there, all else by Jena. An error is null.
 */
public final class Calculating implements HostFunction {
  private enum Kind {
    ADD,
    SUBTRACT,
    MULTIPLY,
    OTHER
  }

  private final Terms terms;
  private final ExprFunction2 function;
  private final Kind kind;

  /**
   * @param function of a kind that {@link #takes} takes; only its values are asked for
   */
  public Calculating(Terms terms, ExprFunction2 function) {
    this.terms = terms;
    this.function = function;
    this.kind =
        function instanceof E_Add
            ? Kind.ADD
            : function instanceof E_Subtract
                ? Kind.SUBTRACT
                : function instanceof E_Multiply ? Kind.MULTIPLY : Kind.OTHER;
  }

  /** Is an expression one of these? */
  public static boolean takes(Expr e) {
    return e instanceof E_Add
        || e instanceof E_Subtract
        || e instanceof E_Multiply
        || e instanceof E_Divide;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    Pairs pairs = new Pairs(batch, args);
    long[] nulls = pairs.nulls(batch);
    long[] out = new long[batch.length()];
    long[] left = pairs.left;
    long[] right = pairs.right;
    int leftMask = pairs.leftMask;
    int rightMask = pairs.rightMask;
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (Bits.get(nulls, p)) {
        continue;
      }
      long a = left[p & leftMask];
      long b = right[p & rightMask];
      long id =
          TermId.tag(a) == TermId.INTEGER && TermId.tag(b) == TermId.INTEGER ? inline(a, b) : 0;
      if (id == 0) {
        id = other(a, b);
      }
      if (id == 0) {
        Bits.set(nulls, p);
      } else {
        out[p] = id;
      }
    }
    return new LongColumn(DataType.INT64, out, nulls, out.length);
  }

  /** The id of the result, or 0. */
  private long inline(long a, long b) {
    long x = TermId.integer(a);
    long y = TermId.integer(b);
    return switch (kind) {
      case ADD -> TermId.ofInteger(x + y);
      case SUBTRACT -> TermId.ofInteger(x - y);
      case MULTIPLY -> Math.multiplyHigh(x, y) == (x * y) >> 63 ? TermId.ofInteger(x * y) : 0;
      case OTHER -> 0;
    };
  }

  private long other(long a, long b) {
    CancellationToken.checkCurrent();
    try {
      NodeValue x = NodeValue.makeNode(terms.decode(a));
      NodeValue y = NodeValue.makeNode(terms.decode(b));
      return terms.encode(Guarded.value(() -> function.eval(x, y)).asNode());
    } catch (ExprEvalException e) {
      return 0; // an error leaves the variable unbound; no term has this id
    }
  }
}
