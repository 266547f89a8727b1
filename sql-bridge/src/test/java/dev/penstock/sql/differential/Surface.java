package dev.penstock.sql.differential;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Counts how many queries, of those with rows to compare, have which feature. */
final class Surface {
  private static final Map<String, Pattern> FEATURES = new LinkedHashMap<>();

  static {
    List.of(
            "JOIN",
            "FULL JOIN",
            "LATERAL",
            "UNNEST",
            "LIST|ARRAY_AGG",
            "MODE",
            "APPROX_COUNT_DISTINCT",
            "EXCLUDE \\(|REPLACE \\(COALESCE",
            "SEMI|ANTI",
            "USING|NATURAL",
            "VALUES",
            "GROUP BY",
            "GROUP BY ALL",
            "ROLLUP|CUBE|GROUPING SETS",
            "HAVING",
            "DISTINCT",
            "FILTER",
            "WITHIN GROUP",
            "CORR|COVAR|REGR",
            "OVER",
            "ROWS BETWEEN",
            "RANGE BETWEEN",
            "GROUPS BETWEEN",
            "EXCLUDE",
            "QUALIFY",
            "WINDOW",
            "DISTINCT ON",
            "WITH RECURSIVE",
            "WITH ",
            "UNION",
            "INTERSECT|EXCEPT",
            "EXISTS",
            "IN \\((WITH|SELECT)",
            "ANY|ALL \\(",
            "CASE",
            "TRY_CAST",
            "LIKE|ILIKE",
            "SIMILAR|REGEXP_\\w+",
            "INTERVAL",
            "ORDER BY",
            "NULLS (FIRST|LAST)",
            "LIMIT|FETCH",
            "OFFSET")
        .forEach(f -> FEATURES.put(f, Pattern.compile("\\b(" + f + ")")));
    FEATURES.put("?", Pattern.compile("\\?"));
  }

  private final Map<String, Integer> counts = new LinkedHashMap<>();

  void add(String sql) {
    FEATURES.forEach((name, p) -> counts.merge(name, p.matcher(sql).find() ? 1 : 0, Integer::sum));
  }

  void print(PrintStream out) {
    out.println(
        "queries with: "
            + counts.entrySet().stream()
                .map(e -> e.getKey().strip() + " " + e.getValue())
                .collect(Collectors.joining(", ")));
  }
}
