package dev.penstock.sparql.translate;

import clojure.lang.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.sparql.core.Var;
import org.jspecify.annotations.Nullable;

/**
 * Solutions as a relation: an int64 column of ids for each variable, null where it is unbound.
 *
 * <p>The columns are those of {@code vars}, in order; and the column {@code ?#} if {@code hash}:
 * the number of the row, or just something, where there is no variable (a relation has a column).
 *
 * @param vars the variables; true: bound in every solution
 * @param hash whether there is a column {@code ?#}; there always is without variables
 */
record Relation(Object form, Map<Var, Boolean> vars, boolean hash) {
  static final Symbol HASH = Form.sym("?#");

  Relation {
    vars = Collections.unmodifiableMap(new LinkedHashMap<>(vars));
  }

  /** Exactly the columns of these variables; without any there must be the column {@code ?#}. */
  static Relation of(Object form, Map<Var, Boolean> vars) {
    return new Relation(form, vars, vars.isEmpty());
  }

  /** The one solution that binds nothing. */
  static Relation unit() {
    return of(
        Form.call("values+", Form.vec(Form.vec(HASH, Form.key("int64"))), Form.vec(Form.vec(0L))),
        Map.of());
  }

  /** No solution. */
  static Relation none(Map<Var, Boolean> vars) {
    List<Object> columns = new ArrayList<>();
    for (Var v : vars.keySet()) {
      columns.add(Form.vec(column(v), Form.key("int64")));
    }
    if (columns.isEmpty()) {
      columns.add(Form.vec(HASH, Form.key("int64")));
    }
    return of(Form.call("values+", Form.vec(columns), Form.vec()), vars);
  }

  /** The name of a variable's column. */
  static Symbol column(Var v) {
    return Form.sym("?" + v.getVarName());
  }

  boolean isDefinite(Var v) {
    return Boolean.TRUE.equals(vars.get(v));
  }

  boolean has(Var v) {
    return vars.containsKey(v);
  }

  /** The value of a variable in a row: its column, or null if it is never bound here. */
  @Nullable Object value(Var v) {
    return has(v) ? column(v) : null;
  }

  /** Without the column {@code ?#}, if there is another one. */
  Relation plain() {
    return hash && !vars.isEmpty() ? project(vars) : this;
  }

  /** Exactly these variables, which need not all be here. */
  Relation project(Map<Var, Boolean> wanted) {
    List<Object> items = new ArrayList<>();
    for (Var v : wanted.keySet()) {
      items.add(has(v) ? column(v) : Form.item(column(v), Form.UNBOUND));
    }
    if (items.isEmpty()) {
      items.add(hash ? HASH : Form.item(HASH, 0L));
    }
    return of(Form.call("project+", Form.vec(items), form), wanted);
  }

  /** The same solutions, computed otherwise. */
  Relation with(Object other) {
    return new Relation(other, vars, hash);
  }

  /** With one variable more, or one that is now known to be bound. */
  Relation and(Object other, Var v, boolean definite) {
    Map<Var, Boolean> more = new LinkedHashMap<>(vars);
    more.put(v, definite);
    return new Relation(other, more, hash);
  }
}
