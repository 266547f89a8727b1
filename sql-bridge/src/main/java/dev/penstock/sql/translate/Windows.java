package dev.penstock.sql.translate;

import dev.penstock.sql.calcite.Frames;
import dev.penstock.sql.calcite.PlanAggregate;
import dev.penstock.sql.calcite.WindowAggregate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Window functions of a projection as one {@code window+} below it. */
final class Windows {
  private final Translator translator;

  Windows(Translator translator) {
    this.translator = translator;
  }

  /** Adds the windows of the projection's expressions to the scope and its relation. */
  void add(Project project, Scope scope) {
    Map<String, RexOver> overs = new LinkedHashMap<>();
    for (RexNode node : project.getProjects()) {
      node.accept(
          new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
              overs.put(over.toString(), over);
              return over;
            }
          });
    }
    if (overs.isEmpty()) {
      return;
    }
    List<Object> items = new ArrayList<>();
    overs.forEach(
        (digest, over) -> {
          String name = translator.name("window");
          items.add(function(name, over, scope));
          scope.windows.put(digest, Form.sym(name));
        });
    Relation r = scope.relation();
    scope.relation(r.with(Form.call("window+", Form.vec(items), r.form())));
  }

  private Object function(String column, RexOver over, Scope scope) {
    List<@Nullable Object> args = translator.scalars().forms(over.getOperands(), scope);
    List<@Nullable Object> inside = new ArrayList<>();
    if (over.getAggOperator() instanceof WindowAggregate own) {
      inside = furtherOperands(own, args);
    }
    RexWindow window = over.getWindow();
    List<Object> partition = new ArrayList<>();
    for (RexNode k : window.partitionKeys) {
      if (!isGroupsMark(k)) {
        partition.add(translator.scalars().form(k, scope));
      }
    }
    partition.addAll(Form.syms(scope.relation().domain()));
    List<Object> order = new ArrayList<>();
    for (RexFieldCollation f : window.orderKeys) {
      order.add(
          Order.item(
              translator.scalars().form(f.left, scope),
              f.getDirection().isDescending(),
              f.getNullDirection() == RelFieldCollation.NullDirection.FIRST));
    }
    List<@Nullable Object> options = new ArrayList<>();
    put(options, "partition", partition);
    put(options, "order", order);
    String name = name(over);
    if (framed(over)) {
      options.add("frame");
      options.add(frame(window, scope));
    }
    if (over.ignoreNulls()) {
      inside.addAll(List.of("ignore-nulls", true));
    }
    if (over.isDistinct()) {
      inside.addAll(List.of("distinct", true));
    }
    if (!inside.isEmpty()) {
      args.add(Form.options(inside.toArray()));
    }
    return Form.vec(Form.sym(column), Form.call(name, args), Form.options(options.toArray()));
  }

  /** Takes the condition and the order off the operands, as options. */
  private static List<@Nullable Object> furtherOperands(
      WindowAggregate own, List<@Nullable Object> operands) {
    List<@Nullable Object> options = new ArrayList<>();
    List<@Nullable Object> further = operands.subList(own.arguments(), operands.size());
    if (own.hasFilter()) {
      options.addAll(Arrays.asList("filter", further.remove(0)));
    }
    List<Object> items = new ArrayList<>();
    for (WindowAggregate.Direction d : own.directions()) {
      Object by = further.remove(0);
      if (by != null) {
        items.add(Order.item(by, d.descending(), d.nullsFirst()));
      }
    }
    put(options, "order", items);
    return options;
  }

  private static void put(List<@Nullable Object> options, String key, List<Object> items) {
    if (!items.isEmpty()) {
      options.add(key);
      options.add(Form.vec(items));
    }
  }

  private static Object exclusion(RexWindowExclusion exclude) {
    return Form.key(
        switch (exclude) {
          case EXCLUDE_CURRENT_ROW -> "exclude-current-row";
          case EXCLUDE_GROUP -> "exclude-group";
          case EXCLUDE_TIES -> "exclude-ties";
          default -> "exclude-no-others";
        });
  }

  private static String name(RexOver over) {
    if (over.getAggOperator() instanceof PlanAggregate own) {
      return own.planName();
    }
    return over.getAggOperator().getName().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean framed(RexOver over) {
    return switch (over.getAggOperator().getKind()) {
      case ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST, NTILE, LAG, LEAD -> false;
      default -> true;
    };
  }

  private static boolean isGroupsMark(RexNode key) {
    return key instanceof RexLiteral literal
        && literal.getTypeName() == SqlTypeName.CHAR
        && Frames.GROUPS.equals(literal.getValueAs(String.class));
  }

  private Object frame(RexWindow window, Scope scope) {
    List<@Nullable Object> frame = new ArrayList<>();
    boolean groups = window.partitionKeys.stream().anyMatch(Windows::isGroupsMark);
    frame.add(Form.key(groups ? "groups" : window.isRows() ? "rows" : "range"));
    frame.add(bound(window.getLowerBound(), scope));
    frame.add(bound(window.getUpperBound(), scope));
    if (window.getExclude() != RexWindowExclusion.EXCLUDE_NO_OTHER) {
      frame.add(exclusion(window.getExclude()));
    }
    return Form.vec(frame);
  }

  private Object bound(RexWindowBound bound, Scope scope) {
    if (bound.isCurrentRow()) {
      return Form.key("current-row");
    }
    String direction = bound.isPreceding() ? "preceding" : "following";
    if (bound.isUnbounded()) {
      return Form.key("unbounded-" + direction);
    }
    RexNode offset = bound.getOffset();
    return Form.vec(
        Form.key(direction),
        offset instanceof RexLiteral literal
                && literal.getType().getSqlTypeName().getFamily() != null
            ? Literals.form(literal)
            : translator.scalars().form(java.util.Objects.requireNonNull(offset), scope));
  }

  /** The rows with their numbers from 1 on, by outer value. */
  static Relation numbered(Relation r, List<Object> order, String number) {
    List<@Nullable Object> options = new ArrayList<>();
    put(options, "partition", Form.syms(r.domain()));
    put(options, "order", order);
    return r.with(
        Form.call(
            "window+",
            Form.vec(
                Form.vec(
                    Form.sym(number), Form.call("row-number"), Form.options(options.toArray()))),
            r.form()));
  }

  /** The first rows of each outer value. */
  Relation slice(
      Relation r, List<Object> order, long offset, @Nullable Long limit, Translator names) {
    String number = names.name("row_number");
    List<Object> kept = new ArrayList<>();
    if (offset > 0) {
      kept.add(Form.call(">", Form.sym(number), offset));
    }
    if (limit != null) {
      kept.add(Form.call("<=", Form.sym(number), Math.addExact(offset, limit)));
    }
    return r.with(Form.call("filter+", Form.and(kept), numbered(r, order, number).form()));
  }
}
