package dev.penstock.sql.translate;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.PlanAggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** Groups: keys, sets, aggregates with their options. */
final class Aggregates {
  private final Translator translator;

  Aggregates(Translator translator) {
    this.translator = translator;
  }

  /** The input of a group, and each of its fields as an expression over it. */
  private record Input(Relation relation, List<Object> fields) {}

  Relation translate(Aggregate group, Domain domain) {
    Input in = input(group.getInput(), domain);
    Relation r = grouped(group, in, List.of());
    if (domain.isNone() || !hasEmptySet(group)) {
      return r;
    }
    return withEmptyGroups(group, r, domain);
  }

  /**
   * A group with further keys, for sub-queries whose correlation became keys.
   *
   * @param input the translated input of the node
   * @param keys items of further keys
   */
  Relation withKeys(Aggregate group, Relation input, List<Object> keys) {
    List<Object> fields = new ArrayList<>(Form.syms(input.columns()));
    if (group.getInput() instanceof Project p) {
      // separators and shares stay literals
      for (int i = 0; i < fields.size(); i++) {
        if (p.getProjects().get(i) instanceof RexLiteral literal && !literal.isNull()) {
          fields.set(i, Objects.requireNonNull(Literals.form(literal)));
        }
      }
    }
    return grouped(group, new Input(input, fields), keys);
  }

  private Input input(RelNode rel, Domain domain) {
    if (rel instanceof Project p && Translator.isPlain(p.getProjects())) {
      Relation below = translator.translate(p.getInput(), domain);
      Scope scope = new Scope(below, p.getVariablesSet(), domain);
      List<Object> fields = new ArrayList<>();
      for (int i = 0; i < p.getProjects().size(); i++) {
        fields.add(translator.scalars().form(p.getProjects().get(i), scope));
      }
      return new Input(below, fields);
    }
    Relation r = translator.translate(rel, domain);
    return new Input(r, Form.syms(r.columns()));
  }

  static boolean hasEmptySet(Aggregate group) {
    return group.getGroupSets().stream().anyMatch(ImmutableBitSet::isEmpty);
  }

  private Relation grouped(Aggregate group, Input in, List<Object> furtherKeys) {
    List<String> names = translator.names(group);
    List<Object> keys = new ArrayList<>();
    List<String> keyNames = new ArrayList<>();
    int column = 0;
    for (int key : group.getGroupSet()) {
      keyNames.add(names.get(column));
      keys.add(Form.item(names.get(column++), in.fields().get(key)));
    }
    List<Object> aggregates = new ArrayList<>();
    for (AggregateCall call : group.getAggCallList()) {
      aggregates.add(Form.item(names.get(column++), call(call, group, keyNames, in.fields())));
    }
    List<String> outer = in.relation().domain();
    List<Object> allKeys = new ArrayList<>(keys);
    allKeys.addAll(Form.syms(outer));
    allKeys.addAll(furtherKeys);
    List<Object> always = new ArrayList<>(Form.syms(outer));
    furtherKeys.forEach(k -> always.add(((List<?>) k).get(0)));
    Object form =
        group.getGroupType() == Aggregate.Group.SIMPLE
            ? Form.call("group+", Form.vec(allKeys), Form.vec(aggregates), in.relation().form())
            : Form.call(
                "group+",
                Form.vec(allKeys),
                Form.vec(aggregates),
                in.relation().form(),
                Form.options("sets", sets(group, keyNames, always)));
    return new Relation(form, names, outer);
  }

  private static Object sets(Aggregate group, List<String> keyNames, List<Object> always) {
    List<Object> sets = new ArrayList<>();
    List<Integer> positions = group.getGroupSet().asList();
    for (ImmutableBitSet set : group.getGroupSets()) {
      List<Object> keys = new ArrayList<>();
      for (int key : set) {
        keys.add(Form.sym(keyNames.get(positions.indexOf(key))));
      }
      keys.addAll(always);
      sets.add(Form.vec(keys));
    }
    return Form.vec(sets);
  }

  private Object call(
      AggregateCall call, Aggregate group, List<String> keyNames, List<Object> fields) {
    if (call.getAggregation().getKind() == SqlKind.GROUPING) {
      List<Integer> positions = group.getGroupSet().asList();
      return Form.call(
          "grouping",
          call.getArgList().stream()
              .map(a -> (Object) Form.sym(keyNames.get(positions.indexOf(a))))
              .toList());
    }
    List<@Nullable Object> args = new ArrayList<>();
    call.getArgList().forEach(a -> args.add(fields.get(a)));
    List<@Nullable Object> options = new ArrayList<>();
    if (call.isDistinct() && !isDistinctInsensitive(call)) {
      options.add("distinct");
      options.add(true);
    }
    if (call.filterArg >= 0) {
      options.add("filter");
      options.add(fields.get(call.filterArg));
    }
    String name = name(call);
    order(call, name, fields, args, options);
    if (name.equals("count") && args.size() > 1) {
      return counted(args, options);
    }
    if (!options.isEmpty()) {
      args.add(Form.options(options.toArray()));
    }
    return Form.call(name, args);
  }

  /** {@code count(a, b)}: rows where none is null; distinct rows of them. */
  private static Object counted(List<@Nullable Object> args, List<@Nullable Object> options) {
    List<Object> known = new ArrayList<>();
    args.forEach(a -> known.add(Form.call("is-not-null", a)));
    Object row = Form.call("case", Form.and(known), Form.call("json-array", args));
    return Form.call(
        "count", options.isEmpty() ? List.of(row) : List.of(row, Form.options(options.toArray())));
  }

  private static boolean isDistinctInsensitive(AggregateCall call) {
    return switch (name(call)) {
      case "min", "max", "bool-and", "bool-or", "any" -> true;
      default -> false;
    };
  }

  private static void order(
      AggregateCall call,
      String name,
      List<Object> fields,
      List<@Nullable Object> args,
      List<@Nullable Object> options) {
    List<RelFieldCollation> order = call.getCollation().getFieldCollations();
    if (order.isEmpty()) {
      return;
    }
    if (name.startsWith("percentile") || name.equals("mode")) {
      // PERCENTILE_CONT(share) WITHIN GROUP (ORDER BY x): the value is what is ordered by
      args.add(0, fields.get(order.get(0).getFieldIndex()));
      if (order.get(0).getDirection().isDescending() && args.size() > 1) {
        args.set(1, Form.call("-", 1.0, args.get(1)));
      }
      return;
    }
    List<Object> items = new ArrayList<>();
    for (RelFieldCollation f : order) {
      items.add(
          Order.item(
              fields.get(f.getFieldIndex()),
              f.getDirection().isDescending(),
              f.nullDirection == RelFieldCollation.NullDirection.FIRST));
    }
    options.add("order");
    options.add(Form.vec(items));
  }

  static String name(AggregateCall call) {
    if (call.getAggregation() instanceof PlanAggregate own) {
      return own.planName();
    }
    if (call.getAggregation().getKind() == SqlKind.COUNT) {
      return "count";
    }
    throw PenstockException.unsupported(
        "sql-aggregate",
        "the aggregate "
            + call.getAggregation().getName().toLowerCase(Locale.ROOT)
            + " is not supported");
  }

  /** An outer value without rows still has its one row of a group without keys. */
  private Relation withEmptyGroups(Aggregate group, Relation r, Domain domain) {
    Relation all = translator.domainOnly(domain);
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < all.domain().size(); i++) {
      keys.add(
          Form.vec(
              Form.sym(all.domain().get(i)), Form.sym(r.domain().get(i)), Form.key("null-safe")));
    }
    Object joined = Form.call("join+", Form.key("left"), Form.vec(keys), all.form(), r.form());
    List<Object> items = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < r.columns().size(); i++) {
      String name = translator.name(r.columns().get(i));
      columns.add(name);
      items.add(Form.item(name, orEmpty(group, i, Form.sym(r.columns().get(i)))));
    }
    items.addAll(Form.syms(all.domain()));
    return new Relation(Form.call("project+", Form.vec(items), joined), columns, all.domain());
  }

  /** The value of a column, where a missing row is the group of no rows. */
  static Object orEmpty(Aggregate group, int column, Object value) {
    int i = column - group.getGroupCount();
    if (i < 0) {
      return value;
    }
    AggregateCall call = group.getAggCallList().get(i);
    SqlKind kind = call.getAggregation().getKind();
    boolean zero =
        kind == SqlKind.COUNT
            || (call.getAggregation() instanceof PlanAggregate own
                && (own.planName().equals("approx-count-distinct")
                    || own.planName().equals("count-if")
                    || own.planName().equals("regr-count")));
    return zero ? Form.call("coalesce", value, 0L) : value;
  }
}
