package dev.penstock.sparql.translate;

import clojure.lang.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprList;
import org.jspecify.annotations.Nullable;

/**
 * Joins of solutions: they fit together if no variable is bound to different terms in both. Where a
 * variable is bound in all solutions of both sides this is an equality, a key; else it is a
 * condition that takes null for anything.
 */
final class Joins {
  private final Translator translator;

  Joins(Translator translator) {
    this.translator = translator;
  }

  /** Two sides, brought to different column names. */
  private final class Sides {
    final Relation left;
    final Relation right;

    /** The right side with other names for the shared columns. */
    final Object rightForm;

    final Map<Var, Symbol> renamed = new LinkedHashMap<>();
    final List<Object> keys = new ArrayList<>();
    final List<Object> conditions = new ArrayList<>();

    Sides(Relation l, Relation r) {
      left = l.plain();
      right = r.plain();
      List<Object> items = new ArrayList<>();
      for (Var v : right.vars().keySet()) {
        Symbol column = Relation.column(v);
        if (left.has(v)) {
          Symbol other = translator.fresh(v);
          renamed.put(v, other);
          items.add(Form.item(other, column));
        } else {
          items.add(column);
        }
      }
      if (items.isEmpty()) {
        items.add(Form.item(translator.fresh(Var.alloc("#")), Relation.HASH));
      }
      rightForm = Form.call("project+", Form.vec(items), right.form());
      renamed.forEach(this::fit);
    }

    private void fit(Var v, Symbol other) {
      Symbol mine = Relation.column(v);
      if (left.isDefinite(v) && right.isDefinite(v)) {
        keys.add(Form.vec(mine, other));
        return;
      }
      List<Object> any = new ArrayList<>();
      if (!left.isDefinite(v)) {
        any.add(Form.call("is-null", mine));
      }
      if (!right.isDefinite(v)) {
        any.add(Form.call("is-null", other));
      }
      any.add(Form.call("=", mine, other));
      conditions.add(Form.call("or", any));
    }

    /** The value of a variable in a row of both. */
    @Nullable Object value(Var v) {
      Symbol mine = Relation.column(v);
      Symbol other = renamed.get(v);
      if (other != null) {
        return left.isDefinite(v)
            ? mine
            : right.isDefinite(v) ? other : Form.call("coalesce", mine, other);
      }
      return left.has(v) || right.has(v) ? mine : null;
    }

    Object join(String kind) {
      Object on = Form.and(conditions);
      if (keys.isEmpty()) {
        return Form.call("join+", Form.key(kind), on, left.form(), rightForm);
      }
      return conditions.isEmpty()
          ? Form.call("join+", Form.key(kind), Form.vec(keys), left.form(), rightForm)
          : Form.call(
              "join+",
              Form.key(kind),
              Form.vec(keys),
              left.form(),
              rightForm,
              Form.options("on", on));
    }

    Map<Var, Boolean> vars(boolean outer) {
      Map<Var, Boolean> out = new LinkedHashMap<>(left.vars());
      right.vars().forEach((v, definite) -> out.merge(v, definite && !outer, (a, b) -> a || b));
      return out;
    }
  }

  Relation join(Relation l, Relation r) {
    Relation left = l.plain();
    Relation right = r.plain();
    List<Object> shared = new ArrayList<>();
    boolean definite = true;
    for (Var v : left.vars().keySet()) {
      if (right.has(v)) {
        shared.add(Relation.column(v));
        definite &= left.isDefinite(v) && right.isDefinite(v);
      }
    }
    Sides sides = new Sides(left, right);
    if (!definite) {
      return output(sides, sides.join("inner"), false);
    }
    if (!shared.isEmpty()) {
      return Relation.of(
          Form.call("join+", Form.key("inner"), Form.vec(shared), left.form(), right.form()),
          sides.vars(false));
    }
    return output(
        sides, Form.call("join+", Form.key("cross"), sides.left.form(), sides.rightForm), false);
  }

  private static Relation output(Sides sides, Object joined, boolean outer) {
    Map<Var, Boolean> vars = sides.vars(outer);
    List<Object> items = new ArrayList<>();
    for (Var v : vars.keySet()) {
      Symbol column = Relation.column(v);
      Symbol other = sides.renamed.get(v);
      boolean mine = other == null || sides.left.isDefinite(v);
      items.add(
          mine
              ? column
              : Form.item(
                  column,
                  !outer && sides.right.isDefinite(v)
                      ? other
                      : Form.call("coalesce", column, other)));
    }
    if (items.isEmpty()) {
      items.add(Relation.HASH);
    }
    return Relation.of(Form.call("project+", Form.vec(items), joined), vars);
  }

  /** OPTIONAL: the condition sees the variables of both sides; an error in it is no match. */
  Relation leftJoin(Relation l, Relation r, @Nullable ExprList condition, GraphScope g) {
    Sides sides = new Sides(l, r);
    if (condition != null) {
      Expressions.Scope scope =
          new Expressions.Scope(
              sides::value, v -> sides.left.isDefinite(v) || sides.right.isDefinite(v));
      for (Expr e : condition.getList()) {
        Expressions.refuseDraws(e, "in the condition of OPTIONAL");
        sides.conditions.add(translator.expressions().truth(e, scope, g));
      }
    }
    return output(sides, sides.join("left"), true);
  }

  Relation union(Relation l, Relation r) {
    return union(List.of(l, r));
  }

  Relation union(List<Relation> members) {
    Map<Var, Boolean> vars = new LinkedHashMap<>();
    for (Relation r : members) {
      r.vars().keySet().forEach(v -> vars.put(v, true));
    }
    vars.replaceAll((v, definite) -> members.stream().allMatch(r -> r.isDefinite(v)));
    return Relation.of(
        Form.call("union+", members.stream().map(r -> r.project(vars).form()).toList()), vars);
  }

  /**
   * The solutions of the left side that fit no solution of the right side with which they share a
   * bound variable. The hidden graph is no variable in this.
   */
  Relation minus(Relation l, Relation r, GraphScope g) {
    Sides sides = new Sides(l, r);
    List<Object> overlaps = new ArrayList<>();
    boolean certain = false;
    boolean shared = false;
    for (Map.Entry<Var, Symbol> e : sides.renamed.entrySet()) {
      Var v = e.getKey();
      if (v.equals(g.hidden())) {
        continue;
      }
      shared = true;
      List<Object> both = new ArrayList<>();
      if (!sides.left.isDefinite(v)) {
        both.add(Form.call("is-not-null", Relation.column(v)));
      }
      if (!sides.right.isDefinite(v)) {
        both.add(Form.call("is-not-null", e.getValue()));
      }
      certain |= both.isEmpty();
      overlaps.add(Form.and(both));
    }
    if (!shared) {
      return l;
    }
    if (!certain) {
      sides.conditions.add(overlaps.size() == 1 ? overlaps.get(0) : Form.call("or", overlaps));
    }
    return sides.left.with(sides.join("anti"));
  }

  /** The solutions of the left side that fit some (or no) solution of the right side. */
  Relation exists(Relation l, Relation r, boolean some) {
    Sides sides = new Sides(l, r);
    String kind = some ? "semi" : "anti";
    if (sides.renamed.isEmpty()) {
      Object one = Form.call("slice+", 0L, 1L, sides.rightForm);
      return sides.left.with(
          Form.call("join+", Form.key(kind), Boolean.TRUE, sides.left.form(), one));
    }
    return sides.left.with(sides.join(kind));
  }
}
