package dev.penstock.sparql.lookup;

import dev.penstock.sparql.eval.Comparing;
import dev.penstock.sparql.eval.OwnFunctions;
import dev.penstock.sparql.eval.QueryEnv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.binding.BindingBuilder;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprException;
import org.apache.jena.sparql.expr.ExprFunction0;
import org.apache.jena.sparql.expr.ExprFunction1;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.ExprFunctionOp;
import org.apache.jena.sparql.expr.ExprVisitorBase;
import org.apache.jena.sparql.expr.Unstable;
import org.apache.jena.sparql.expr.nodevalue.XSDFuncOp;
import org.apache.jena.sparql.function.FunctionEnv;
import org.jspecify.annotations.Nullable;

/**
 * An expression, or several that are to hold, over rows; Jena computes, but comparisons of
 * variables and constants go by ids. One query, one thread.
 */
final class Conditions {
  /** Of the work that reading a triple is. */
  private static final int STEPS = 4;

  private final QueryEnv env;
  private final Work work;
  private final List<Expr> all;
  private final Var[] vars;
  private final int[] slots;
  private final @Nullable Compared[] compared;
  private final boolean areAllCompared;

  /**
   * A comparison of two terms.
   *
   * @param left a slot, or below 0: the constant
   */
  private record Compared(Comparing how, int left, long leftId, int right, long rightId) {
    /** Null: it is no comparison of variables that there are, and constants. */
    static @Nullable Compared of(QueryEnv env, Expr e, Map<Var, Integer> slots) {
      if (!Comparing.takes(e)) {
        return null;
      }
      ExprFunction2 f = (ExprFunction2) e;
      Integer left = slot(f.getArg1(), slots);
      Integer right = slot(f.getArg2(), slots);
      return left == null || right == null
          ? null
          : new Compared(
              new Comparing(env.terms(), f),
              left,
              id(env, f.getArg1(), left),
              right,
              id(env, f.getArg2(), right));
    }

    private static @Nullable Integer slot(Expr e, Map<Var, Integer> slots) {
      return e.isVariable() ? slots.get(e.asVar()) : e.isConstant() ? (Integer) (-1) : null;
    }

    private static long id(QueryEnv env, Expr e, int slot) {
      return slot < 0 ? env.terms().encode(e.getConstant().asNode()) : Rows.UNBOUND;
    }

    boolean holds(Rows rows, int row) {
      long a = left < 0 ? leftId : rows.get(row, left);
      long b = right < 0 ? rightId : rows.get(row, right);
      return a != Rows.UNBOUND && b != Rows.UNBOUND && how.truth(a, b) > 0;
    }
  }

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
    this.compared = all.stream().map(e -> Compared.of(env, e, slots)).toArray(Compared[]::new);
    this.areAllCompared = Arrays.stream(compared).allMatch(Objects::nonNull);
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
    for (Compared c : compared) {
      if (c != null) {
        work.take(1);
        if (!c.holds(rows, row)) {
          return false;
        }
      }
    }
    return areAllCompared || isTrue(rows, row);
  }

  private boolean isTrue(Rows rows, int row) {
    Binding binding = binding(rows, row);
    for (int k = 0; k < compared.length; k++) {
      try {
        if (compared[k] == null
            && !XSDFuncOp.effectiveBooleanValue(all.get(k).eval(binding, active()))) {
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
