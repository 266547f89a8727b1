package dev.penstock.sql.calcite;

import static dev.penstock.sql.calcite.Lists.list;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/** Functions of lists, as {@code json-list} of the plan language. */
final class ListFunctions {
  /** Of {@code list_aggregate}, by the names of aggregates. */
  private static final Map<String, String> FOLDS =
      Map.ofEntries(
          Map.entry("sum", "sum"),
          Map.entry("avg", "avg"),
          Map.entry("mean", "avg"),
          Map.entry("min", "min"),
          Map.entry("max", "max"),
          Map.entry("count", "count"),
          Map.entry("product", "product"),
          Map.entry("bool_and", "bool-and"),
          Map.entry("bool_or", "bool-or"),
          Map.entry("any_value", "any"));

  private ListFunctions() {}

  /** Tells of each function: name and operator. */
  static void all(BiConsumer<String, PlanFunction> to) {
    lists(to, "sort", (args, types) -> sorted(args, ""), "SORT");
    lists(to, "sort", (args, types) -> sorted(args, "-desc"), "REVERSE_SORT");
    lists(to, "reverse", null, "REVERSE");
    lists(to, "distinct", null, "DISTINCT");
    lists(to, "intersect", null, "INTERSECT");
    lists(to, "concat", (args, types) -> together(args), "CONCAT", "CAT");
    lists(to, "concat", (args, types) -> added(args.get(0), args.get(1), false), "APPEND");
    lists(to, "concat", (args, types) -> added(args.get(1), args.get(0), true), "PREPEND");
    lists(to, "slice", (args, types) -> sliced(args, types), "SLICE");
    put(
        to,
        "FLATTEN",
        (args, types) -> call("flatten", args),
        call -> {
          RelDataType inner = call.getOperandType(0).getComponentType();
          return inner == null || inner.getComponentType() == null
              ? json(call)
              : nullable(call, inner);
        });
    value(to, "has-any", DataType.BOOLEAN, "HAS_ANY");
    value(to, "has-all", DataType.BOOLEAN, "HAS_ALL");
    value(to, "unique", DataType.INT64, "UNIQUE");
    value(to, "count", DataType.INT64, "COUNT");
    for (String name :
        List.of("LIST_POSITION", "LIST_INDEXOF", "ARRAY_POSITION", "ARRAY_INDEXOF")) {
      put(
          to,
          name,
          (args, types) ->
              scalar(
                  list("json-list", "position", args.get(0), element(args.get(1))), DataType.INT64),
          fixed(DataType.INT64));
    }
    FOLDS.forEach(
        (name, op) -> {
          if (!name.equals("count")) {
            fold(to, "LIST_" + name.toUpperCase(Locale.ROOT), op);
          }
        });
    for (String name : List.of("LIST_AGGREGATE", "LIST_AGGR", "ARRAY_AGGREGATE", "ARRAY_AGGR")) {
      put(
          to,
          name,
          (args, types) -> {
            String op = foldNamed(args.get(1));
            return scalar(list("json-list", op, args.get(0)), folded(op, types.get(0)));
          },
          call ->
              SqlTypes.calcite(
                  call.getTypeFactory(),
                  folded(
                      foldNamed(call.getOperandLiteralValue(1, String.class)),
                      call.getOperandType(0)),
                  true));
    }
    put(
        to,
        "ARRAY_TO_STRING",
        (args, types) ->
            scalar(
                list("json-list", "join", args.get(0), list("to-json", args.get(1))),
                DataType.VARCHAR),
        fixed(DataType.VARCHAR));
  }

  private static void put(
      BiConsumer<String, PlanFunction> to,
      String name,
      PlanFunction.TypedShape shape,
      SqlReturnTypeInference type) {
    to.accept(
        name,
        new PlanFunction(
            name,
            (args, types) -> {
              need(name, args.size() >= (name.endsWith("POSITION") ? 2 : 1), args.size());
              return shape.form(args, types);
            },
            call -> {
              need(name, call.getOperandCount() > 0, call.getOperandCount());
              return type.inferReturnType(call);
            }));
  }

  private static void need(String name, boolean right, int count) {
    if (!right) {
      throw PenstockException.incorrect(
          "arity",
          name.toLowerCase(Locale.ROOT) + " takes a list and more, got " + count + " arguments");
    }
  }

  /** Functions that give a list of the type of the first list among their arguments. */
  private static void lists(
      BiConsumer<String, PlanFunction> to,
      String op,
      PlanFunction.@Nullable TypedShape shape,
      String... names) {
    PlanFunction.TypedShape made = shape == null ? (args, types) -> call(op, args) : shape;
    for (String name : names) {
      for (String prefix : List.of("LIST_", "ARRAY_")) {
        put(to, prefix + name, made, ListFunctions::sameList);
      }
    }
  }

  private static RelDataType sameList(SqlOperatorBinding call) {
    for (RelDataType type : call.collectOperandTypes()) {
      if (DataType.VARCHAR.equals(SqlTypes.data(type)) && type == call.getOperandType(0)) {
        return nullable(call, type);
      }
      if (type.getComponentType() != null) {
        return nullable(call, type);
      }
    }
    return json(call);
  }

  private static RelDataType nullable(SqlOperatorBinding call, RelDataType type) {
    return call.getTypeFactory().createTypeWithNullability(type, true);
  }

  private static RelDataType json(SqlOperatorBinding call) {
    return SqlTypes.calcite(call.getTypeFactory(), DataType.JSON, true);
  }

  private static SqlReturnTypeInference fixed(DataType type) {
    return call -> SqlTypes.calcite(call.getTypeFactory(), type, true);
  }

  private static void value(
      BiConsumer<String, PlanFunction> to, String op, DataType type, String name) {
    for (String prefix : List.of("LIST_", "ARRAY_")) {
      put(to, prefix + name, (args, types) -> scalar(call(op, args), type), fixed(type));
    }
  }

  private static void fold(BiConsumer<String, PlanFunction> to, String name, String op) {
    put(
        to,
        name,
        (args, types) -> scalar(call(op, args), folded(op, types.get(0))),
        call -> SqlTypes.calcite(call.getTypeFactory(), folded(op, call.getOperandType(0)), true));
  }

  private static String foldNamed(@Nullable Object name) {
    String op = name == null ? null : FOLDS.get(name.toString().toLowerCase(Locale.ROOT));
    if (op == null) {
      throw PenstockException.unsupported(
          "sql-list",
          "list_aggregate takes one of "
              + String.join(", ", FOLDS.keySet().stream().sorted().toList())
              + ", got "
              + name);
    }
    return op;
  }

  private static DataType folded(String op, RelDataType of) {
    RelDataType component = of.getComponentType();
    DataType element = component == null ? null : SqlTypes.data(component);
    Function<DataType, DataType> sum =
        t -> t.isDecimal() ? DataType.decimal(DataType.MAX_PRECISION, t.scale()) : t;
    return switch (op) {
      case "avg", "product" -> DataType.FLOAT64;
      case "count" -> DataType.INT64;
      case "bool-and", "bool-or" -> DataType.BOOLEAN;
      case "sum" ->
          element == null || element.equals(DataType.JSON)
              ? DataType.FLOAT64
              : element.equals(DataType.INT32) ? DataType.INT64 : sum.apply(element);
      default -> element == null ? DataType.JSON : element;
    };
  }

  private static Object call(String op, List<@Nullable Object> args) {
    List<@Nullable Object> all = new ArrayList<>(args);
    all.add(0, op);
    return list("json-list", all.toArray());
  }

  /** The one element of a list as a value. */
  private static Object scalar(Object one, DataType type) {
    if (type.equals(DataType.JSON)) {
      return list("json-get", one, 0L);
    }
    Object text = list("json-get-text", one, 0L);
    return type.equals(DataType.VARCHAR) ? text : list("cast", text, Lists.type(type));
  }

  /** An element as JSON; null is JSON's null. */
  static Object element(@Nullable Object value) {
    return value == null
        ? list("cast", "null", Lists.type(DataType.JSON))
        : list("coalesce", list("to-json", value), list("cast", "null", Lists.type(DataType.JSON)));
  }

  private static Object orEmpty(@Nullable Object list) {
    Object empty = list("cast", "[]", Lists.type(DataType.JSON));
    return list == null ? empty : list("coalesce", list, empty);
  }

  private static Object together(List<@Nullable Object> args) {
    Object all = orEmpty(args.get(0));
    for (int i = 1; i < args.size(); i++) {
      all = list("json-list", "concat", all, orEmpty(args.get(i)));
    }
    return all;
  }

  private static Object added(@Nullable Object to, @Nullable Object value, boolean before) {
    Object one = list("json-array", value);
    return before
        ? list("json-list", "concat", one, orEmpty(to))
        : list("json-list", "concat", orEmpty(to), one);
  }

  private static Object sorted(List<@Nullable Object> args, String direction) {
    boolean descending =
        direction.isEmpty()
            ? args.size() > 1 && String.valueOf(args.get(1)).equalsIgnoreCase("DESC")
            : args.size() < 2 || String.valueOf(args.get(1)).equalsIgnoreCase("ASC");
    boolean first = args.size() > 2 && String.valueOf(args.get(2)).equalsIgnoreCase("NULLS FIRST");
    return list(
        "json-list",
        "sort" + (descending ? "-desc" : "") + (first ? "-nulls-first" : ""),
        args.get(0));
  }

  /** {@code list_slice(l, a, b)}, of a text too. */
  static Object sliced(List<@Nullable Object> args, List<RelDataType> types) {
    if (DataType.VARCHAR.equals(SqlTypes.data(types.get(0)))) {
      return Lists.textSlice(args);
    }
    return list(
        "json-list",
        "slice",
        args.get(0),
        list("to-json", args.get(1)),
        list("to-json", args.get(2)));
  }
}
