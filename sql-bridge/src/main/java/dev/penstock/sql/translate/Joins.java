package dev.penstock.sql.translate;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.PlanFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** Joins, and lateral ones. */
final class Joins {
  private final Translator translator;

  Joins(Translator translator) {
    this.translator = translator;
  }

  Relation translate(Join join, Domain domain) {
    if (Translator.hasSubquery(join.getCondition())) {
      return withSubquery(join, domain);
    }
    if (join.getCondition() instanceof RexCall c
        && c.getOperator() instanceof PlanFunction f
        && f.isPositional()) {
      return positional(sides(join, domain));
    }
    return joined(join, sides(join, domain), domain);
  }

  /** The first row with the first one, and so on; the longer side has its last rows alone. */
  private Relation positional(Sides sides) {
    Relation left = sides.left();
    Relation right = sides.right();
    if (!left.domain().isEmpty() || !right.domain().isEmpty()) {
      throw PenstockException.unsupported(
          "sql-join", "a POSITIONAL JOIN takes no columns of the query around");
    }
    String l = translator.name("number");
    String r = translator.name("number");
    List<String> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    Object form =
        join(
            "full",
            List.of(Form.call("=", Form.sym(l), Form.sym(r))),
            Form.call("number+", Form.sym(l), left.form()),
            Form.call("number+", Form.sym(r), right.form()));
    // a join keeps no order, and who reads this may number it again
    Object order = Form.call("coalesce", Form.sym(l), Form.sym(r));
    return new Relation(Form.call("sort+", Form.vec(order), form), columns, List.of());
  }

  /** Both sides, the domain on one of them where that is enough. */
  private record Sides(Relation left, Relation right, boolean both) {}

  private Sides sides(Join join, Domain domain) {
    if (domain.isNone()) {
      return new Sides(
          translator.translate(join.getLeft(), Domain.NONE),
          translator.translate(join.getRight(), Domain.NONE),
          false);
    }
    boolean right = Translator.uses(join.getRight(), domain);
    boolean left = Translator.uses(join.getLeft(), domain);
    JoinRelType kind = join.getJoinType();
    boolean leftOnly = !right && !kind.generatesNullsOnLeft();
    boolean rightOnly = !leftOnly && !left && !kind.generatesNullsOnRight();
    return new Sides(
        translator.translate(join.getLeft(), rightOnly ? Domain.NONE : domain),
        translator.translate(join.getRight(), leftOnly ? Domain.NONE : domain),
        !leftOnly && !rightOnly);
  }

  private Relation joined(Join join, Sides sides, Domain domain) {
    Relation left = sides.left();
    Relation right = sides.right();
    List<String> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    List<String> outer = left.domain().isEmpty() ? right.domain() : left.domain();
    Relation row = new Relation("", columns, outer);
    List<Object> conditions = new ArrayList<>();
    if (sides.both()) {
      for (int i = 0; i < left.domain().size(); i++) {
        conditions.add(
            Form.call(
                "is-not-distinct",
                Form.sym(left.domain().get(i)),
                Form.sym(right.domain().get(i))));
      }
    }
    if (!join.getCondition().isAlwaysTrue()) {
      Scope scope = new Scope(row, join.getVariablesSet(), domain);
      conditions.add(translator.scalars().form(join.getCondition(), scope));
    }
    Object form = join(kind(join.getJoinType()), conditions, left.form(), right.form());
    if (sides.both() && join.getJoinType().generatesNullsOnLeft()) {
      return coalesced(form, columns, left.domain(), right.domain());
    }
    return new Relation(form, columns, outer);
  }

  /** Which outer value a row belongs to, where either side may be missing. */
  private Relation coalesced(
      Object form, List<String> columns, List<String> left, List<String> right) {
    List<Object> items = new ArrayList<>(Form.syms(columns));
    List<String> outer = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      String name = translator.name(left.get(i));
      outer.add(name);
      items.add(
          Form.item(name, Form.call("coalesce", Form.sym(left.get(i)), Form.sym(right.get(i)))));
    }
    return new Relation(Form.call("project+", Form.vec(items), form), columns, outer);
  }

  /** A join on conditions, a cross join without any. */
  static Object join(String kind, List<Object> conditions, Object left, Object right) {
    if (conditions.isEmpty() && kind.equals("inner")) {
      return Form.call("join+", Form.key("cross"), left, right);
    }
    return Form.call("join+", Form.key(kind), Form.and(conditions), left, right);
  }

  static String kind(JoinRelType type) {
    return switch (type) {
      case INNER -> "inner";
      case LEFT -> "left";
      case RIGHT -> "right";
      case FULL -> "full";
      case SEMI -> "semi";
      case ANTI -> "anti";
      default ->
          throw PenstockException.unsupported(
              "sql-join", "a join of kind " + type + " is not supported");
    };
  }

  /** A sub-query in ON: above an inner join, below an outer join's other side. */
  private Relation withSubquery(Join join, Domain domain) {
    if (join.getJoinType() == JoinRelType.INNER) {
      Join plain =
          join.copy(
              join.getTraitSet(),
              translator.rexBuilder().makeLiteral(true),
              join.getLeft(),
              join.getRight(),
              JoinRelType.INNER,
              false);
      Relation r = joined(plain, sides(plain, domain), domain);
      return translator.subqueries().filter(r, join.getCondition(), join.getVariablesSet(), domain);
    }
    return domain.isNone() && join.getJoinType() == JoinRelType.LEFT && isRightOnly(join)
        ? leftWithSubquery(join)
        : new NumberedJoin(translator).translate(join, domain);
  }

  private static boolean isRightOnly(Join join) {
    int n = join.getLeft().getRowType().getFieldCount();
    return RexUtil.flattenAnd(List.of(join.getCondition())).stream()
        .flatMap(c -> RelOptUtil.conjunctions(c).stream())
        .allMatch(c -> !Translator.hasSubquery(c) || rightOnly(c, n, join.getVariablesSet()));
  }

  private Relation leftWithSubquery(Join join) {
    List<RexNode> below = new ArrayList<>();
    List<RexNode> on = new ArrayList<>();
    for (RexNode c : RexUtil.flattenAnd(List.of(join.getCondition()))) {
      for (RexNode part : RelOptUtil.conjunctions(c)) {
        if (!Translator.hasSubquery(part)) {
          on.add(part);
        } else {
          below.add(part);
        }
      }
    }
    Relation left = translator.translate(join.getLeft(), Domain.NONE);
    Relation right = translator.translate(join.getRight(), Domain.NONE);
    List<String> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    Relation row = new Relation(right.form(), columns, List.of());
    for (RexNode part : below) {
      row = translator.subqueries().filter(row, part, join.getVariablesSet(), Domain.NONE);
    }
    right = right.with(row.form());
    Join plain =
        join.copy(
            join.getTraitSet(),
            RexUtil.composeConjunction(translator.rexBuilder(), on),
            join.getLeft(),
            join.getRight(),
            JoinRelType.LEFT,
            false);
    return joined(plain, new Sides(left, right, false), Domain.NONE);
  }

  /** Does a condition use the right side only, its sub-queries included? */
  private static boolean rightOnly(RexNode node, int n, Set<CorrelationId> own) {
    int first = RelOptUtil.InputFinder.bits(node).nextSetBit(0);
    return (first < 0 || first >= n)
        && FreeVariables.of(node).stream().allMatch(k -> !own.contains(k.id()) || k.field() >= n);
  }

  /** LATERAL: the right side for each row of the left one. */
  Relation lateral(Correlate correlate, Domain domain) {
    Relation left = translator.translate(correlate.getLeft(), domain);
    RelNode right = correlate.getRight();
    Scope scope = new Scope(left, Set.of(correlate.getCorrelationId()), domain);
    return translator.subqueries().lateral(scope, right, kind(correlate.getJoinType()));
  }
}
