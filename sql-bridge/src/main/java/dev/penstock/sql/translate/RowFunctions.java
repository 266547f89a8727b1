package dev.penstock.sql.translate;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.RowFunction;
import dev.penstock.sql.calcite.SqlTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.jspecify.annotations.Nullable;

/** unnest and series in a projection as {@code unnest+} and {@code series+} below it. */
final class RowFunctions {
  private RowFunctions() {}

  /** Is there one in the expressions? */
  static boolean in(List<RexNode> nodes) {
    return !calls(nodes).isEmpty();
  }

  private static Map<String, RexCall> calls(List<RexNode> nodes) {
    Map<String, RexCall> out = new LinkedHashMap<>();
    for (RexNode node : nodes) {
      node.accept(
          new RexShuttle() {
            @Override
            public RexNode visitCall(RexCall call) {
              if (call.getOperator() instanceof RowFunction) {
                out.put(call.toString(), call);
              }
              return super.visitCall(call);
            }
          });
    }
    return out;
  }

  /** Adds the values to the scope and its relation: a row for each. */
  static void add(Translator translator, Project project, Scope scope) {
    Map<String, RexCall> calls = calls(project.getProjects());
    List<String> positions = calls.keySet().stream().filter(k -> isPosition(calls.get(k))).toList();
    calls.keySet().removeAll(positions);
    if (calls.size() > 1) {
      together(translator, calls, scope);
      return;
    }
    calls.forEach(
        (digest, call) -> {
          String name = translator.name("value");
          String position = positions.isEmpty() ? null : translator.name("position");
          positions.forEach(p -> scope.windows.put(p, Form.sym(Objects.requireNonNull(position))));
          RowFunction f = (RowFunction) call.getOperator();
          Object form = rows(translator, name, position, f, call, scope);
          scope.relation(scope.relation().with(form));
          scope.windows.put(digest, Form.sym(name));
        });
  }

  private static boolean isPosition(@Nullable RexCall call) {
    return call != null
        && call.getOperator() instanceof RowFunction f
        && f.values() == RowFunction.Values.POSITIONS;
  }

  /**
   * Several lists side by side, as many rows as the longest has, the others null at their ends: a
   * series of positions, and the element at each.
   */
  private static void together(Translator translator, Map<String, RexCall> calls, Scope scope) {
    List<Object> lengths = new ArrayList<>();
    Map<String, Object> lists = new LinkedHashMap<>();
    for (Map.Entry<String, RexCall> e : calls.entrySet()) {
      if (((RowFunction) e.getValue().getOperator()).values() != RowFunction.Values.ELEMENTS) {
        throw PenstockException.unsupported(
            "sql-unnest", "a select list takes one series; put the others into FROM");
      }
      Object list = translator.scalars().forms(e.getValue().getOperands(), scope).get(0);
      Object json = list == null ? Form.call("cast", null, Form.key("json")) : list;
      lists.put(e.getKey(), json);
      lengths.add(Form.call("coalesce", Form.call("json-length", json), 0L));
    }
    String position = translator.name("position");
    Object last = Form.call("-", Form.call("greatest", lengths), 1L);
    Relation r = scope.relation();
    scope.relation(r.with(Form.call("series+", Form.sym(position), 0L, last, 1L, r.form())));
    lists.forEach(
        (digest, list) -> {
          RexCall call = Objects.requireNonNull(calls.get(digest));
          DataType type = Objects.requireNonNullElse(SqlTypes.data(call.getType()), DataType.INT32);
          boolean json = type.equals(DataType.JSON);
          Object element = Form.call(json ? "json-get" : "json-get-text", list, Form.sym(position));
          boolean plain = json || type.equals(DataType.VARCHAR);
          scope.windows.put(digest, plain ? element : Form.call("cast", element, Form.type(type)));
        });
  }

  private static Object rows(
      Translator translator,
      String name,
      @Nullable String position,
      RowFunction f,
      RexCall call,
      Scope scope) {
    List<@Nullable Object> args =
        new ArrayList<>(translator.scalars().forms(call.getOperands(), scope));
    DataType type = Objects.requireNonNullElse(SqlTypes.data(call.getType()), DataType.INT32);
    if (f.values() == RowFunction.Values.ELEMENTS) {
      Object column = Form.item(name, Form.type(type));
      Object list = args.get(0) == null ? Form.call("cast", null, Form.key("json")) : args.get(0);
      Object in = scope.relation().form();
      return position == null
          ? Form.call("unnest+", column, list, in)
          : Form.call("unnest+", column, list, in, Form.options("ordinality", Form.sym(position)));
    }
    if (args.size() == 1) {
      args.add(0, 0L);
    }
    if (args.size() == 2) {
      args.add(1L);
    }
    if (!type.equals(DataType.INT64)) {
      args.set(0, Form.call("cast", args.get(0), Form.type(type)));
      args.set(1, Form.call("cast", args.get(1), Form.type(type)));
    }
    args.add(0, Form.sym(name));
    args.add(scope.relation().form());
    if (f.values() == RowFunction.Values.RANGE) {
      args.add(Form.options("exclusive", true));
    }
    return Form.call("series+", args);
  }
}
