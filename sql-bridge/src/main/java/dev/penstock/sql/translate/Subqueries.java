package dev.penstock.sql.translate;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sub-queries as joins: EXISTS and IN that stand alone in a filter are semi and anti joins, those
 * inside an expression mark joins, scalar ones left joins.
 */
final class Subqueries {
  private static final Map<SqlKind, String> COMPARISONS =
      Map.of(
          SqlKind.EQUALS, "=",
          SqlKind.NOT_EQUALS, "not=",
          SqlKind.LESS_THAN, "<",
          SqlKind.LESS_THAN_OR_EQUAL, "<=",
          SqlKind.GREATER_THAN, ">",
          SqlKind.GREATER_THAN_OR_EQUAL, ">=");

  private final Translator translator;

  Subqueries(Translator translator) {
    this.translator = translator;
  }

  /** A sub-query and what joins it to the outer row. */
  private record Joined(Relation relation, List<Object> outputs, List<Object> conditions) {}

  Relation filter(Filter filter, Domain domain) {
    Relation input = translator.translate(filter.getInput(), domain);
    return filter(input, filter.getCondition(), filter.getVariablesSet(), domain);
  }

  /** The rows where a condition holds. */
  Relation filter(Relation r, RexNode condition, Set<CorrelationId> own, Domain domain) {
    List<RexNode> later = new ArrayList<>();
    List<Object> plain = new ArrayList<>();
    for (RexNode part : RelOptUtil.conjunctions(condition)) {
      if (Translator.hasSubquery(part)) {
        later.add(part);
      } else {
        plain.add(translator.scalars().form(part, new Scope(r, own, domain)));
      }
    }
    Relation out = plain.isEmpty() ? r : r.with(Form.call("filter+", Form.and(plain), r.form()));
    for (RexNode part : later) {
      out = filterBySubquery(part, new Scope(out, own, domain));
    }
    return out;
  }

  private Relation filterBySubquery(RexNode part, Scope scope) {
    boolean negated = part.getKind() == SqlKind.NOT;
    RexNode inner = negated ? ((RexCall) part).getOperands().get(0) : part;
    if (inner instanceof RexSubQuery sub) {
      Relation joined = alone(sub, negated, scope);
      if (joined != null) {
        return joined;
      }
    }
    Object form = translator.scalars().form(part, scope);
    Relation r = scope.relation();
    return r.with(Form.call("filter+", form, r.form()));
  }

  /** EXISTS, IN and their negations alone in a filter; null: treat it as an expression. */
  private @Nullable Relation alone(RexSubQuery sub, boolean negated, Scope scope) {
    return switch (sub.getKind()) {
      case EXISTS -> exists(sub, negated, scope);
      case IN -> negated ? notIn(sub, scope) : semi(sub, "=", scope);
      case SOME -> negated ? null : semi(sub, comparison(sub), scope);
      default -> null;
    };
  }

  private static String comparison(RexSubQuery sub) {
    String name = COMPARISONS.get(((SqlQuantifyOperator) sub.getOperator()).comparisonKind);
    if (name == null) {
      throw PenstockException.unsupported(
          "sql-subquery", "the comparison in " + sub.getOperator() + " is not supported");
    }
    return name;
  }

  private Relation exists(RexSubQuery sub, boolean negated, Scope scope) {
    RelNode rel = existsInput(sub.rel);
    if (isAlways(rel)) {
      Relation r = scope.relation();
      return negated ? r.with(Form.call("filter+", false, r.form())) : r;
    }
    Joined j = join(rel, scope, true);
    Relation r = scope.relation();
    return r.with(
        Form.call(
            "join+",
            Form.key(negated ? "anti" : "semi"),
            Form.and(j.conditions()),
            r.form(),
            some(j)));
  }

  /** The sub-query of an EXISTS; one row of it is enough where nothing is compared. */
  private static Object some(Joined j) {
    return j.conditions().isEmpty()
        ? Form.call("slice+", 0L, 1L, j.relation().form())
        : j.relation().form();
  }

  private static boolean isAlways(RelNode rel) {
    return PullUp.isOneRow(rel);
  }

  /** What decides whether a row exists: no projection, no order, no distinct. */
  private static RelNode existsInput(RelNode rel) {
    if (rel instanceof Project p && !RowFunctions.in(p.getProjects())
        || rel instanceof Sort s && s.offset == null && (s.fetch == null || isPositive(s.fetch))
        || rel instanceof Aggregate a && !Aggregates.hasEmptySet(a)) {
      return existsInput(rel.getInput(0));
    }
    return rel;
  }

  private static boolean isPositive(RexNode fetch) {
    return fetch instanceof RexLiteral l && l.getValueAs(Long.class) > 0;
  }

  private Relation semi(RexSubQuery sub, String comparison, Scope scope) {
    List<Object> left = new ArrayList<>(translator.scalars().forms(sub.getOperands(), scope));
    Joined j = join(sub.rel, scope, false);
    List<Object> conditions = comparisons(comparison, left, j.outputs());
    conditions.addAll(j.conditions());
    Relation r = scope.relation();
    return r.with(
        Form.call("join+", Form.key("semi"), Form.and(conditions), r.form(), j.relation().form()));
  }

  private static List<Object> comparisons(String name, List<Object> left, List<Object> right) {
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      out.add(Form.call(name, left.get(i), right.get(i)));
    }
    return out;
  }

  /** NOT IN with a correlation is a mark join: null here. */
  private @Nullable Relation notIn(RexSubQuery sub, Scope scope) {
    if (sub.getOperands().size() != 1) {
      return null;
    }
    Object left = translator.scalars().form(sub.getOperands().get(0), scope);
    if (!free(sub.rel).isEmpty()) {
      return null;
    }
    Joined j = join(sub.rel, scope, false);
    String l = translator.name("value");
    String r = translator.name("value");
    Relation outer = scope.relation();
    Object bound = Form.call("bind+", Form.vec(Form.item(l, left)), outer.form());
    Object inner =
        Form.call("bind+", Form.vec(Form.item(r, j.outputs().get(0))), j.relation().form());
    Object keys = Form.vec(Form.vec(Form.sym(l), Form.sym(r)));
    return outer.with(Form.call("join+", Form.key("null-anti"), keys, bound, inner));
  }

  /** The value of a sub-query inside an expression; it joins itself to the scope's relation. */
  Object value(RexSubQuery sub, Scope scope) {
    return switch (sub.getKind()) {
      case SCALAR_QUERY -> scalar(sub, scope);
      case EXISTS -> existsMark(sub, scope);
      case IN -> mark(sub, "=", scope);
      case SOME -> mark(sub, comparison(sub), scope);
      default ->
          throw PenstockException.unsupported(
              "sql-subquery", "a sub-query of kind " + sub.getKind() + " is not supported");
    };
  }

  private Object existsMark(RexSubQuery sub, Scope scope) {
    RelNode rel = existsInput(sub.rel);
    if (isAlways(rel)) {
      return Boolean.TRUE;
    }
    Joined j = join(rel, scope, true);
    return Form.call("is-true", marked(j.conditions(), some(j), scope));
  }

  private Object mark(RexSubQuery sub, String comparison, Scope scope) {
    List<Object> left = new ArrayList<>(translator.scalars().forms(sub.getOperands(), scope));
    Joined j = join(sub.rel, scope, false);
    List<Object> conditions = comparisons(comparison, left, j.outputs());
    j.conditions().forEach(c -> conditions.add(Form.call("is-true", c)));
    return marked(conditions, j.relation().form(), scope);
  }

  private Object marked(List<Object> conditions, Object inner, Scope scope) {
    String name = translator.name("mark");
    Relation r = scope.relation();
    scope.relation(
        r.with(
            Form.call(
                "join+",
                Form.key("mark"),
                Form.and(conditions),
                r.form(),
                inner,
                Form.options("mark", Form.sym(name)))));
    return Form.sym(name);
  }

  private Object scalar(RexSubQuery sub, Scope scope) {
    List<Domain.Key> keys = free(sub.rel);
    PullUp pullUp = new PullUp(translator, scope, keys);
    Pulled p = pullUp.pull(sub.rel);
    if (p != null && p.conditions().isEmpty()) {
      return uncorrelated(sub.rel, p, scope);
    }
    if (p != null && p.oneRow()) {
      left(p.relation().form(), p.forms(), scope);
      return p.outputs().get(0);
    }
    if (p != null && p.allEqualities()) {
      return onlyRow(p, scope);
    }
    Relation r = dependent(sub.rel, keys, scope);
    if (!PullUp.isAtMostOneRow(sub.rel)) {
      r = single(r.form(), Form.sym(r.columns().get(0)), Form.syms(r.domain()), r.domain());
    }
    left(r.form(), domainConditions(r, keys, scope), scope);
    return Form.sym(r.columns().get(0));
  }

  private Object uncorrelated(RelNode rel, Pulled p, Scope scope) {
    if (PullUp.isOneRow(rel)) {
      Relation r = scope.relation();
      scope.relation(r.with(Form.call("join+", Form.key("cross"), r.form(), p.relation().form())));
      return p.outputs().get(0);
    }
    if (PullUp.isAtMostOneRow(rel)) {
      left(p.relation().form(), List.of(), scope);
      return p.outputs().get(0);
    }
    Relation one = single(p.relation().form(), p.outputs().get(0), List.of(), List.of());
    Relation r = scope.relation();
    scope.relation(r.with(Form.call("join+", Form.key("cross"), r.form(), one.form())));
    return Form.sym(one.columns().get(0));
  }

  /** The one row of each key; more than one is an error. */
  private Object onlyRow(Pulled p, Scope scope) {
    List<Object> keys = new ArrayList<>();
    List<Object> conditions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Pulled.Condition c : p.conditions()) {
      String name = translator.name("key");
      names.add(name);
      keys.add(Form.item(name, c.inner()));
      conditions.add(Form.call("=", Form.sym(name), c.outer()));
    }
    Relation one = single(p.relation().form(), p.outputs().get(0), keys, names);
    left(one.form(), conditions, scope);
    return Form.sym(one.columns().get(0));
  }

  /** The one row of each key; more than one is an error. */
  private Relation single(Object form, Object value, List<Object> keys, List<String> domain) {
    String any = translator.name("value");
    String rows = translator.name("rows");
    String name = translator.name("value");
    Object group =
        Form.call(
            "group+",
            Form.vec(keys),
            Form.vec(Form.item(any, Form.call("any", value)), Form.item(rows, Form.call("count"))),
            form);
    Object one =
        Form.call(
            "require",
            Form.call("<=", Form.sym(rows), 1L),
            Form.sym(any),
            "a sub-query that stands for a value gave more than one row; add LIMIT 1, or an aggregate");
    List<Object> items = new ArrayList<>();
    items.add(Form.item(name, one));
    items.addAll(Form.syms(domain));
    return new Relation(Form.call("project+", Form.vec(items), group), List.of(name), domain);
  }

  private void left(Object inner, List<Object> conditions, Scope scope) {
    Relation r = scope.relation();
    scope.relation(
        r.with(Form.call("join+", Form.key("left"), Form.and(conditions), r.form(), inner)));
  }

  /** A sub-query as a relation with conditions: pulled up if that is possible. */
  private Joined join(RelNode rel, Scope scope, boolean exists) {
    List<Domain.Key> keys = free(rel);
    Pulled p = new PullUp(translator, scope, keys).pull(rel);
    if (p != null && (p.conditions().isEmpty() || !p.oneRow())) {
      return new Joined(p.relation(), p.outputs(), p.forms());
    }
    Relation r = dependent(rel, keys, scope);
    return new Joined(
        r, exists ? List.of() : Form.syms(r.columns()), domainConditions(r, keys, scope));
  }

  private static List<Domain.Key> free(RelNode rel) {
    return FreeVariables.of(rel);
  }

  /** The sub-query for each of the distinct outer values. */
  private Relation dependent(RelNode rel, List<Domain.Key> keys, Scope scope) {
    List<Object> items = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Domain.Key key : keys) {
      String name = translator.name("outer");
      names.add(name);
      items.add(Form.item(name, scope.outer(key)));
    }
    Object values =
        Form.call("distinct+", Form.call("project+", Form.vec(items), scope.first().form()));
    return translator.translate(rel, new Domain(keys, values, names));
  }

  private static List<Object> domainConditions(Relation r, List<Domain.Key> keys, Scope scope) {
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      out.add(Form.call("is-not-distinct", scope.outer(keys.get(i)), Form.sym(r.domain().get(i))));
    }
    return out;
  }

  /** The rows of a relation for each row of the scope's. */
  Relation lateral(Scope scope, RelNode rel, String kind) {
    List<Domain.Key> keys = free(rel);
    Pulled p = new PullUp(translator, scope, keys).pull(rel);
    Relation left = scope.relation();
    if (p != null && (p.conditions().isEmpty() || !p.oneRow())) {
      return joined(kind, left, p.relation(), p.forms());
    }
    Relation r = dependent(rel, keys, scope);
    return joined(kind, left, r, domainConditions(r, keys, scope));
  }

  private static Relation joined(String kind, Relation left, Relation right, List<Object> on) {
    List<String> columns = new ArrayList<>(left.columns());
    boolean leftOnly = kind.equals("semi") || kind.equals("anti");
    if (!leftOnly) {
      columns.addAll(right.columns());
    }
    return new Relation(Joins.join(kind, on, left.form(), right.form()), columns, left.domain());
  }
}
