package dev.penstock.sparql.eval;

import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.TransformCopy;
import org.apache.jena.sparql.algebra.Transformer;
import org.apache.jena.sparql.expr.E_Regex;
import org.apache.jena.sparql.expr.E_Str;
import org.apache.jena.sparql.expr.E_StrReplace;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprFunction1;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.ExprFunctionN;
import org.apache.jena.sparql.expr.ExprFunctionOp;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.ExprTransformCopy;
import org.apache.jena.sparql.expr.ExprTransformer;
import org.apache.jena.sparql.expr.NodeValue;

/**
 * Functions that are not left to Jena: REGEX and REPLACE ({@link Regexes}), STR, which is an error
 * of a blank node, and what is {@link Guarded}.
 */
public final class OwnFunctions {
  private OwnFunctions() {}

  /** The same expression with these in the place of Jena's. */
  public static Expr in(Expr e) {
    return ExprTransformer.transform(new Exchange(), e);
  }

  private static final class Exchange extends ExprTransformCopy {
    @Override
    public Expr transform(ExprFunction1 f, Expr arg) {
      return f instanceof E_Str
          ? new Str(arg)
          : Guarded.of((ExprFunction1) super.transform(f, arg));
    }

    @Override
    public Expr transform(ExprFunction2 f, Expr left, Expr right) {
      return Guarded.of((ExprFunction2) super.transform(f, left, right));
    }

    @Override
    public Expr transform(ExprFunctionN f, ExprList args) {
      return f instanceof E_Regex
          ? Regexes.search(args)
          : f instanceof E_StrReplace ? Regexes.replacement(args) : super.transform(f, args);
    }

    @Override
    public Expr transform(ExprFunctionOp f, ExprList args, Op pattern) {
      Op given = f.getGraphPattern();
      Op changed = Transformer.transform(new TransformCopy(), this, given);
      return changed == given ? f : f.copy(args, changed);
    }
  }

  /** STR. */
  private static final class Str extends E_Str {
    private Str(Expr of) {
      super(of);
    }

    @Override
    public NodeValue eval(NodeValue v) {
      if (v.isBlank()) {
        throw new ExprEvalException("STR of a blank node");
      }
      return super.eval(v);
    }

    @Override
    public Expr copy(Expr of) {
      return new Str(of);
    }
  }
}
