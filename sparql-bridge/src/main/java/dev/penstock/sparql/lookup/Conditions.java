package dev.penstock.sparql.lookup;

import dev.penstock.sparql.eval.OwnFunctions;
import dev.penstock.sparql.eval.QueryEnv;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.binding.BindingBuilder;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprException;
import org.apache.jena.sparql.expr.ExprFunction0;
import org.apache.jena.sparql.expr.ExprFunction1;
import org.apache.jena.sparql.expr.ExprFunctionOp;
import org.apache.jena.sparql.expr.ExprVisitorBase;
import org.apache.jena.sparql.expr.Unstable;
import org.apache.jena.sparql.expr.nodevalue.XSDFuncOp;
import org.apache.jena.sparql.function.FunctionEnv;

/** An expression, or several that are to hold, over rows; Jena computes. One query, one thread. */
final class Conditions {
  /** Of the work that reading a triple is. */
  private static final int STEPS = 4;

  private final QueryEnv env;
  private final Work work;
  private final List<Expr> all;
  private final Var[] vars;
  private final int[] slots;

  private Conditions(
      QueryEnv env, Work work, List<Expr> all, Map<Var, Integer> slots, Set<Var> mentioned) {
    this.env = env;
    this.work = work;
    this.all = all;
    this.vars = mentioned.toArray(new Var[0]);
    this.slots = new int[vars.length];
    for (int k = 0; k < vars.length; k++) {
      this.slots[k] = slots.get(vars[k]);
    }
  }

  /** Of copies, as an expression of Jena has state; with a pattern or a draw in one: declined. */
  static Conditions of(QueryEnv env, Work work, List<Expr> given, Map<Var, Integer> slots) {
    List<Expr> own = new ArrayList<>();
    Set<Var> mentioned = new LinkedHashSet<>();
    for (Expr e : given) {
      check(e);
      mentioned.addAll(e.getVarsMentioned());
      own.add(e.isConstant() || e.isVariable() ? e : OwnFunctions.in(e).deepCopy());
    }
    mentioned.retainAll(slots.keySet());
    return new Conditions(env, work, own, slots, mentioned);
  }

  private static void check(Expr e) {
    Walker.walk(
        e,
        new ExprVisitorBase() {
          @Override
          public void visit(ExprFunctionOp f) {
            throw Declined.NOW;
          }

          @Override
          public void visit(ExprFunction0 f) {
            refuseDraw(f);
          }

          @Override
          public void visit(ExprFunction1 f) {
            refuseDraw(f);
          }
        });
  }

  private static void refuseDraw(Expr f) {
    if (f instanceof Unstable) {
      throw Declined.NOW;
    }
  }

  /** Are all true in a row? An error is not. */
  boolean hold(Rows rows, int row) {
    if (all.isEmpty()) {
      return true;
    }
    Binding binding = binding(rows, row);
    for (Expr e : all) {
      try {
        if (!XSDFuncOp.effectiveBooleanValue(e.eval(binding, active()))) {
          return false;
        }
      } catch (ExprException error) {
        return false; // an error is not true
      }
    }
    return true;
  }

  /** The id of the value of the only one in a row; unbound where it is an error. */
  long value(Rows rows, int row) {
    if (all.get(0).isVariable()) {
      return vars.length == 0 ? Rows.UNBOUND : rows.get(row, slots[0]);
    }
    try {
      return env.terms().encode(all.get(0).eval(binding(rows, row), active()).asNode());
    } catch (ExprException error) {
      return Rows.UNBOUND;
    }
  }

  /** The copies. */
  List<Expr> own() {
    return all;
  }

  FunctionEnv active() {
    work.take(STEPS);
    return env.active(env.dataset().defaultGraphs());
  }

  /** A row as Jena sees it: the variables that are mentioned. */
  Binding binding(Rows rows, int row) {
    BindingBuilder out = Binding.builder();
    for (int k = 0; k < vars.length; k++) {
      long id = rows.get(row, slots[k]);
      if (id != Rows.UNBOUND) {
        out.add(vars[k], env.terms().decode(id));
      }
    }
    return out.build();
  }
}
