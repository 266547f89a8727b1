package dev.penstock.sql.calcite;

import clojure.lang.Keyword;
import clojure.lang.PersistentList;
import clojure.lang.Symbol;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Functions of DuckDB that are expressions of others. */
final class ComposedFunctions {
  /** Parts of a date that are functions of their own in SQL. */
  private static final List<String> PARTS =
      List.of(
          "century",
          "decade",
          "era",
          "isodow",
          "isoyear",
          "microsecond",
          "millennium",
          "millisecond",
          "yearweek");

  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("ADD", "+"),
          Map.entry("SUBTRACT", "-"),
          Map.entry("MULTIPLY", "*"),
          Map.entry("DIVIDE", "quot"),
          Map.entry("DATE_ADD", "+"),
          Map.entry("GREATEST_COMMON_DIVISOR", "gcd"),
          Map.entry("LEAST_COMMON_MULTIPLE", "lcm"),
          Map.entry("DATESUB", "date-sub"),
          Map.entry("WEEKDAY", "dow"),
          Map.entry("BIN", "to-binary"),
          Map.entry("FROM_HEX", "unhex"));

  private ComposedFunctions() {}

  /** Gives each of them to a taker, with its SQL name. */
  static void each(BiConsumer<String, PlanCall.Shape> taker) {
    SAME.forEach((name, plan) -> taker.accept(name, args -> list(plan, args.toArray())));
    for (String part : PARTS) {
      taker.accept(
          Operators.sqlName(part),
          args -> {
            count(part, args, 1);
            return list("date-part", part, args.get(0));
          });
    }
    taker.accept("PRINTF", Formats::printf);
    taker.accept("FORMAT", Formats::format);
    taker.accept(
        "FDIV",
        args -> {
          count("fdiv", args, 2);
          return list("floor", list("/", real(args.get(0)), args.get(1)));
        });
    taker.accept(
        "FMOD",
        args -> {
          count("fmod", args, 2);
          Object times = list("floor", list("/", real(args.get(0)), args.get(1)));
          return list("-", args.get(0), list("*", args.get(1), times));
        });
    taker.accept(
        "DAYS_IN_MONTH",
        args -> {
          count("days_in_month", args, 1);
          return list("day", list("last-day", args.get(0)));
        });
    taker.accept(
        "AGO",
        args -> {
          count("ago", args, 1);
          return list("-", list("now"), args.get(0));
        });
    taker.accept(
        "TIMEZONE",
        args -> {
          count("timezone", args, 2);
          return list("at-zone", args.get(1), args.get(0));
        });
    taker.accept(
        "ENCODE",
        args -> {
          count("encode", args, 1);
          return list("from-base64", list("to-base64", args.get(0)));
        });
    taker.accept(
        "REGEXP_ESCAPE",
        args -> {
          count("regexp_escape", args, 1);
          return list(
              "regexp-replace", args.get(0), "([\\x00-\\x7F&&[^A-Za-z0-9_]])", "\\\\\\1", "g");
        });
    taker.accept("LIKE_ESCAPE", args -> list("like", args.toArray()));
    taker.accept("ILIKE_ESCAPE", args -> list("ilike", args.toArray()));
    taker.accept("NOT_LIKE_ESCAPE", args -> list("not", list("like", args.toArray())));
    taker.accept("NOT_ILIKE_ESCAPE", args -> list("not", list("ilike", args.toArray())));
    for (String name : List.of("CURRENT_LOCALTIMESTAMP", "LOCALTIMESTAMP")) {
      taker.accept(name, args -> list("cast", list("now"), type("timestamp")));
    }
    for (String name :
        List.of("GET_CURRENT_TIME", "CURRENT_TIME", "CURRENT_LOCALTIME", "LOCALTIME")) {
      taker.accept(name, args -> list("cast", list("now"), type("time")));
    }
  }

  private static Object real(@Nullable Object value) {
    return list("cast", value, type("float64"));
  }

  private static Keyword type(String name) {
    return Keyword.intern(name);
  }

  private static void count(String function, List<@Nullable Object> args, int n) {
    if (args.size() != n) {
      throw PenstockException.incorrect(
          "arity",
          function
              + " takes "
              + n
              + (n == 1 ? " argument" : " arguments")
              + ", got "
              + args.size());
    }
  }

  private static Object list(String head, @Nullable Object... args) {
    List<@Nullable Object> out = new ArrayList<>();
    out.add(Symbol.intern(null, head));
    out.addAll(Arrays.asList(args));
    return PersistentList.create(out);
  }
}
