package dev.penstock.benchmarks.cancel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Statements that take long to plan, over rows that take no time. */
final class Hostile {
  private static final String ROWS = " FROM range(1000) AS r(n)";
  private static final Map<String, String> TEXTS = new TreeMap<>();

  static {
    where("5000 ORs", 5000, " OR ", i -> "n + " + i % 7 + " = " + i);
    where("5000 ANDs", 5000, " AND ", i -> "n <> " + i);
    where("5000 ANDs of ranges", 5000, " AND ", i -> "n BETWEEN " + i % 9 + " AND " + (900 + i));
    where("2 lists of 45,000 values", 2, " AND ", k -> "n IN (" + numbers(45_000) + ")");
    TEXTS.put("3000 columns", "SELECT " + join(3000, ", ", i -> "n + " + i + " AS c" + i) + ROWS);
    TEXTS.put("3000 columns without names", "SELECT " + join(3000, ", ", i -> "n * " + i) + ROWS);
    TEXTS.put("1000 aggregates", "SELECT " + join(1000, ", ", i -> "sum(n + " + i + ")") + ROWS);
    TEXTS.put(
        "CASE of 3000",
        "SELECT CASE "
            + join(3000, " ", i -> "WHEN n = " + i + " THEN " + 3 * i)
            + " ELSE 0 END AS c"
            + ROWS);
    TEXTS.put(
        "20,000 rows of VALUES",
        "SELECT count(*) FROM (VALUES "
            + join(20_000, ", ", i -> "(" + i + ", 'x" + i + "')")
            + ") AS v(a, b)");
    TEXTS.put("UNION ALL of 600", join(600, " UNION ALL ", i -> "SELECT n + " + i + ROWS));
    TEXTS.put(
        "60 joins", "SELECT count(*) FROM range(10) AS r0(n0)" + join(60, "", i -> joined(i + 1)));
    TEXTS.put(
        "150 WITHs",
        "WITH w0 AS (SELECT n"
            + ROWS
            + "), "
            + join(150, ", ", i -> "w" + (i + 1) + " AS (SELECT n + 1 AS n FROM w" + i + ")")
            + " SELECT n FROM w150");
  }

  private static final List<String> NAMES = new ArrayList<>(TEXTS.keySet());

  private Hostile() {}

  private static void where(String name, int n, String operator, IntFunction<String> condition) {
    TEXTS.put(name, "SELECT count(*)" + ROWS + " WHERE " + join(n, operator, condition));
  }

  private static String join(int n, String between, IntFunction<String> part) {
    return IntStream.range(0, n).mapToObj(part).collect(Collectors.joining(between));
  }

  private static String numbers(int n) {
    return join(n, ", ", Integer::toString);
  }

  private static String joined(int i) {
    return " JOIN range(10) AS r" + i + "(n" + i + ") ON n" + (i - 1) + " = n" + i;
  }

  static int count() {
    return NAMES.size();
  }

  static String name(int i) {
    return NAMES.get(i);
  }

  static String text(int i) {
    return TEXTS.get(NAMES.get(i));
  }
}
