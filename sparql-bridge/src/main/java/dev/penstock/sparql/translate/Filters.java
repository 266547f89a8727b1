package dev.penstock.sparql.translate;

import java.util.ArrayList;
import java.util.List;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.E_Exists;
import org.apache.jena.sparql.expr.E_LogicalAnd;
import org.apache.jena.sparql.expr.E_LogicalNot;
import org.apache.jena.sparql.expr.E_NotExists;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprFunctionOp;

/** FILTER: an EXISTS by itself becomes a semi or anti join where that means the same. */
final class Filters {
  private final Translator translator;

  Filters(Translator translator) {
    this.translator = translator;
  }

  Relation filter(Relation of, List<Expr> conditions, GraphScope g) {
    List<Expr> all = new ArrayList<>();
    conditions.forEach(c -> split(c, all));
    Relation r = of;
    List<Object> plain = new ArrayList<>();
    List<Var> drawn = new ArrayList<>();
    List<Expr> existence = new ArrayList<>();
    for (Expr e : all) {
      if (isExistence(e)) {
        existence.add(e);
        continue;
      }
      Expressions.Prepared p = translator.expressions().prepare(r, e);
      r = p.relation();
      drawn.addAll(p.drawn());
      plain.add(translator.expressions().truth(p.expr(), r, g));
    }
    if (!plain.isEmpty()) {
      r = r.with(Form.call("filter+", Form.and(plain), r.form()));
    }
    r = Translator.drop(r, drawn);
    for (Expr e : existence) {
      r = existence(r, e, true, g);
    }
    return r;
  }

  private static void split(Expr e, List<Expr> out) {
    if (e instanceof E_LogicalAnd and) {
      split(and.getArg1(), out);
      split(and.getArg2(), out);
    } else {
      out.add(e);
    }
  }

  private static boolean isExistence(Expr e) {
    return e instanceof E_Exists
        || e instanceof E_NotExists
        || (e instanceof E_LogicalNot not && isExistence(not.getArg()));
  }

  private Relation existence(Relation r, Expr e, boolean wanted, GraphScope g) {
    if (e instanceof E_LogicalNot not) {
      return existence(r, not.getArg(), !wanted, g);
    }
    ExprFunctionOp f = (ExprFunctionOp) e;
    boolean some = wanted == e instanceof E_Exists;
    Relation pattern = new Existence(translator, r, g).relation(f.getGraphPattern());
    if (pattern != null) {
      return translator.joins().exists(r, pattern, some);
    }
    Object truth = translator.expressions().truth(e, r, g);
    return r.with(Form.call("filter+", wanted ? truth : Form.call("not", truth), r.form()));
  }
}
