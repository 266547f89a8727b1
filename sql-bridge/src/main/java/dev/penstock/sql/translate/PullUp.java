package dev.penstock.sql.translate;

import dev.penstock.sql.calcite.PlanFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Pulls the correlated conditions out of a sub-query, where they lie in filters, joins and groups
 * that allow it. Gives null where they do not: then the sub-query is joined with the distinct outer
 * values.
 */
final class PullUp {
  private final Translator translator;
  private final Map<Domain.Key, Object> outer = new HashMap<>();

  /**
   * @param outer the outer scope
   * @param keys the outer columns that the sub-query uses
   */
  PullUp(Translator translator, Scope outer, List<Domain.Key> keys) {
    this.translator = translator;
    keys.forEach(k -> this.outer.put(k, outer.outer(k)));
  }

  @Nullable Pulled pull(RelNode rel) {
    if (!uses(rel)) {
      return Pulled.independent(translator.translate(rel, Domain.NONE), isOneRow(rel));
    }
    if (rel instanceof Filter filter) {
      return filter(filter);
    }
    if (rel instanceof Project project) {
      return project(project);
    }
    if (rel instanceof Aggregate group) {
      return group(group);
    }
    if (rel instanceof Join join) {
      return join(join);
    }
    if (rel instanceof Sort sort && sort.fetch == null && sort.offset == null) {
      return pull(sort.getInput());
    }
    return null;
  }

  private boolean uses(RelNode rel) {
    return FreeVariables.of(rel).stream().anyMatch(outer::containsKey);
  }

  private boolean uses(RexNode node) {
    return FreeVariables.of(node).stream().anyMatch(outer::containsKey);
  }

  /** Has the relation exactly one row? */
  static boolean isOneRow(RelNode rel) {
    if (rel instanceof Aggregate a) {
      return a.getGroupCount() == 0 && a.getGroupSets().size() == 1;
    }
    if (rel instanceof Values v) {
      return v.getTuples().size() == 1;
    }
    if (rel instanceof Project p && RowFunctions.in(p.getProjects())) {
      return false;
    }
    return (rel instanceof Project || rel instanceof Sort s && s.fetch == null && s.offset == null)
        && isOneRow(rel.getInput(0));
  }

  /** Has the relation at most one row? */
  static boolean isAtMostOneRow(RelNode rel) {
    if (rel instanceof Sort s && s.fetch instanceof RexLiteral n) {
      Long limit = n.getValueAs(Long.class);
      if (limit != null && limit <= 1) {
        return true;
      }
    }
    if (rel instanceof Project p && RowFunctions.in(p.getProjects())) {
      return false;
    }
    return isOneRow(rel)
        || (rel instanceof Project || rel instanceof Filter || rel instanceof Sort)
            && isAtMostOneRow(rel.getInput(0));
  }

  private Scope scope(Pulled p, Set<org.apache.calcite.rel.core.CorrelationId> own) {
    return own.isEmpty()
        ? new Scope(p.relation(), p.outputs(), outer, Domain.NONE)
        : new Scope(p.relation(), own, Domain.NONE);
  }

  private @Nullable Pulled filter(Filter filter) {
    Pulled p = pull(filter.getInput());
    if (p == null || p.oneRow()) {
      return null;
    }
    List<Pulled.Condition> conditions = new ArrayList<>(p.conditions());
    List<RexNode> own = new ArrayList<>();
    for (RexNode part : RelOptUtil.conjunctions(filter.getCondition())) {
      if (!uses(part)) {
        own.add(part);
      } else if (Translator.hasSubquery(part)) {
        return null;
      } else {
        conditions.add(condition(part, p));
      }
    }
    Relation r = new Relation(p.relation().form(), p.relation().columns(), List.of());
    if (!own.isEmpty()) {
      r =
          translator
              .subqueries()
              .filter(
                  r,
                  RexUtil.composeConjunction(translator.rexBuilder(), own),
                  filter.getVariablesSet(),
                  Domain.NONE);
    }
    return new Pulled(r, p.outputs(), conditions, false);
  }

  private Pulled.Condition condition(RexNode part, Pulled p) {
    Scope scope = scope(p, Set.of());
    Object form = translator.scalars().form(part, scope);
    if (part.getKind() == SqlKind.EQUALS) {
      RexNode a = ((RexCall) part).getOperands().get(0);
      RexNode b = ((RexCall) part).getOperands().get(1);
      if (isOuter(a) && !uses(b)) {
        return new Pulled.Condition(
            form, translator.scalars().form(b, scope), translator.scalars().form(a, scope));
      }
      if (isOuter(b) && !uses(a)) {
        return new Pulled.Condition(
            form, translator.scalars().form(a, scope), translator.scalars().form(b, scope));
      }
    }
    return new Pulled.Condition(form, null, null);
  }

  /** Does an expression use the outer row only? */
  private boolean isOuter(RexNode node) {
    return uses(node) && RelOptUtil.InputFinder.bits(node).isEmpty();
  }

  private static boolean isRowNumber(RexNode node) {
    return node instanceof RexCall call
        && call.getOperator() instanceof PlanFunction f
        && f.isRowNumber();
  }

  private @Nullable Pulled project(Project project) {
    if (project.getProjects().stream().anyMatch(this::uses)
        || RowFunctions.in(project.getProjects())
        || RexOver.containsOver(project.getProjects(), null)
        || project.getProjects().stream().anyMatch(PullUp::isRowNumber)) {
      return null;
    }
    Pulled p = pull(project.getInput());
    if (p == null) {
      return null;
    }
    Scope scope = scope(p, project.getVariablesSet());
    List<Object> outputs = translator.scalars().forms(project.getProjects(), scope);
    if (p.oneRow()) {
      return new Pulled(scope.relation(), outputs, p.conditions(), true);
    }
    List<Object> items = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      String name = translator.name(project.getRowType().getFieldNames().get(i));
      columns.add(name);
      items.add(Form.item(name, outputs.get(i)));
    }
    Object form = Form.call("bind+", Form.vec(items), scope.relation().form());
    Relation r = new Relation(form, columns, List.of());
    return new Pulled(r, Form.syms(columns), p.conditions(), false);
  }

  private @Nullable Pulled group(Aggregate group) {
    Pulled p = pull(group.getInput());
    if (p == null
        || p.oneRow()
        || !p.allEqualities()
        || group.getGroupType() != Aggregate.Group.SIMPLE) {
      return null;
    }
    List<Object> keys = new ArrayList<>();
    List<Pulled.Condition> conditions = new ArrayList<>();
    for (Pulled.Condition c : p.conditions()) {
      String name = translator.name("key");
      keys.add(Form.item(name, c.inner()));
      conditions.add(
          new Pulled.Condition(
              Form.call("=", Form.sym(name), c.outer()), Form.sym(name), c.outer()));
    }
    Relation r = new Aggregates(translator).withKeys(group, p.relation(), keys);
    boolean single = group.getGroupCount() == 0;
    List<Object> outputs = new ArrayList<>();
    for (int i = 0; i < r.columns().size(); i++) {
      Object column = Form.sym(r.columns().get(i));
      outputs.add(single ? Aggregates.orEmpty(group, i, column) : column);
    }
    return new Pulled(r, outputs, conditions, single);
  }

  private @Nullable Pulled join(Join join) {
    if (Translator.hasSubquery(join.getCondition())) {
      return null;
    }
    boolean inner = join.getJoinType() == JoinRelType.INNER;
    boolean left = join.getJoinType() == JoinRelType.LEFT;
    if (!inner && !(left && !uses(join.getRight()) && !uses(join.getCondition()))) {
      return null;
    }
    Pulled l = pull(join.getLeft());
    Pulled r = l == null ? null : pull(join.getRight());
    if (r == null || l == null || isDeferred(l) || isDeferred(r)) {
      return null;
    }
    List<String> columns = new ArrayList<>(l.relation().columns());
    columns.addAll(r.relation().columns());
    Pulled row =
        new Pulled(new Relation("", columns, List.of()), Form.syms(columns), List.of(), false);
    List<Pulled.Condition> conditions = new ArrayList<>(l.conditions());
    conditions.addAll(r.conditions());
    List<Object> on = new ArrayList<>();
    for (RexNode part : RelOptUtil.conjunctions(join.getCondition())) {
      if (uses(part)) {
        conditions.add(condition(part, row));
      } else {
        on.add(translator.scalars().form(part, scope(row, Set.of())));
      }
    }
    Object form =
        Joins.join(inner ? "inner" : "left", on, l.relation().form(), r.relation().form());
    return new Pulled(
        new Relation(form, columns, List.of()), Form.syms(columns), conditions, false);
  }

  /** A group's one row, which is there even where nothing joins: not inside a join. */
  private static boolean isDeferred(Pulled p) {
    return p.oneRow() && !p.conditions().isEmpty();
  }
}
