package dev.penstock.sql.calcite;

import static dev.penstock.sql.calcite.Lists.list;

import dev.penstock.batch.DataType;
import java.util.List;
import java.util.function.BiConsumer;

/** Functions of DuckDB that are calls of others. */
final class FurtherNames {
  /** SQL name, plan name. */
  private static final String[][] SCALARS = {
    {"GREATEST_COMMON_DIVISOR", "gcd"},
    {"LEAST_COMMON_MULTIPLE", "lcm"},
    {"ADD", "+"},
    {"SUBTRACT", "-"},
    {"MULTIPLY", "*"},
    {"DIVIDE", "quot"},
    {"WEEKDAY", "dow"},
    {"DATESUB", "date-sub"},
    {"FROM_HEX", "unhex"},
    {"JSON_ARRAY_LENGTH", "json-length"},
    {"JSON_EXTRACT_STRING", "json-get-text"},
    {"JSON_EXTRACT_PATH", "json-get"},
    {"JSON_EXTRACT_PATH_TEXT", "json-get-text"},
    {"STRUCT_KEYS", "json-keys"},
    {"MAP_KEYS", "json-keys"},
    {"LIKE_ESCAPE", "like"},
    {"ILIKE_ESCAPE", "ilike"},
    {"DATE_ADD", "+"}
  };

  private FurtherNames() {}

  /** Tells of each: name and call. */
  static void all(BiConsumer<String, PlanCall.Shape> to) {
    for (String[] name : SCALARS) {
      to.accept(name[0], args -> list(name[1], args.toArray()));
    }
    to.accept("FDIV", args -> list("floor", list("/", args.toArray())));
    to.accept("NOT_LIKE_ESCAPE", args -> list("not", list("like", args.toArray())));
    to.accept("NOT_ILIKE_ESCAPE", args -> list("not", list("ilike", args.toArray())));
    to.accept("CURRENT_SCHEMA", args -> "main");
    to.accept("CURRENT_DATABASE", args -> "memory");
    for (String name : List.of("ARRAY_PUSH_BACK", "ARRAY_POP_BACK", "ARRAY_POP_FRONT")) {
      to.accept(
          name,
          args ->
              switch (name) {
                case "ARRAY_POP_BACK" -> part(args.get(0), 1, -2);
                case "ARRAY_POP_FRONT" -> part(args.get(0), 2, -1);
                default ->
                    list("json-list", "concat", args.get(0), list("json-array", args.get(1)));
              });
    }
    for (String unit : List.of("isodow", "isoyear", "century", "decade", "millennium")) {
      to.accept(Operators.sqlName(unit), args -> list("date-part", unit, args.get(0)));
    }
  }

  private static Object part(Object list, long from, long to) {
    return list("json-list", "slice", list, json(from), json(to));
  }

  private static Object json(long n) {
    return list("cast", String.valueOf(n), Lists.type(DataType.JSON));
  }
}
