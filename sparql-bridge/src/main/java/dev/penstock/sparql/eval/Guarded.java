package dev.penstock.sparql.eval;

import java.util.function.Supplier;
import org.apache.jena.shared.JenaException;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprException;
import org.apache.jena.sparql.expr.ExprFunction1;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.NodeValue;

/**
 * Functions of Jena that throw what is no error of an expression where SPARQL has one: parts of
 * dates of what is no literal ({@code HOURS(<a:b>)}), and arithmetic ({@code 1 / -0.0}, durations
 * beside odd numbers). Here that is an error of the expression, which COALESCE and IF see.
 */
final class Guarded {
  private Guarded() {}

  static Expr of(ExprFunction1 f) {
    return f.getClass().getSimpleName().startsWith("E_DateTime") ? new OfOne(f) : f;
  }

  static Expr of(ExprFunction2 f) {
    return Calculating.takes(f) ? new OfTwo(f) : f;
  }

  /** What a function of Jena's gives, or its error. */
  static NodeValue value(Supplier<NodeValue> function) {
    try {
      return function.get();
    } catch (ExprException e) {
      throw e;
    } catch (JenaException
        | ArithmeticException
        | IllegalArgumentException
        | IllegalStateException e) {
      throw new ExprEvalException(String.valueOf(e.getMessage()), e);
    }
  }

  private static final class OfOne extends ExprFunction1 {
    private final ExprFunction1 of;

    OfOne(ExprFunction1 of) {
      super(of.getArg(), of.getFunctionSymbol().getSymbol());
      this.of = of;
    }

    @Override
    public NodeValue eval(NodeValue v) {
      return value(() -> of.eval(v));
    }

    @Override
    public Expr copy(Expr arg) {
      return new OfOne((ExprFunction1) of.copy(arg));
    }
  }

  private static final class OfTwo extends ExprFunction2 {
    private final ExprFunction2 of;

    OfTwo(ExprFunction2 of) {
      super(of.getArg1(), of.getArg2(), of.getFunctionSymbol().getSymbol());
      this.of = of;
    }

    @Override
    public NodeValue eval(NodeValue x, NodeValue y) {
      return value(() -> of.eval(x, y));
    }

    @Override
    public Expr copy(Expr left, Expr right) {
      return new OfTwo((ExprFunction2) of.copy(left, right));
    }
  }
}
