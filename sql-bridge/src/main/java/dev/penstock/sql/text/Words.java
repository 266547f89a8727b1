package dev.penstock.sql.text;

import java.util.Set;

/** The words that {@link Spelling} tells apart; all in upper case. */
final class Words {
  static final Set<String> TABLE_FUNCTIONS =
      Set.of(
          "READ_CSV",
          "READ_CSV_AUTO",
          "READ_PARQUET",
          "PARQUET_SCAN",
          "READ_JSON",
          "READ_JSON_AUTO",
          "READ_NDJSON",
          "GENERATE_SERIES",
          "RANGE",
          "SPARQL",
          "PRAGMA_TABLE_INFO",
          "TPCH");

  /** Names that the parser reserves, and people do not. */
  static final Set<String> TYPE_WORDS =
      Set.of(
          "DATE",
          "TIME",
          "TIMESTAMP",
          "DATETIME",
          "UUID",
          "VARIANT",
          "UNSIGNED",
          "RANGE",
          "ROW",
          "ROWS",
          "NEXT",
          "DEFINE",
          "CURSOR",
          "PATTERN",
          "SKIP",
          "SNAPSHOT",
          "STREAM",
          "MEASURE",
          "NEW",
          "ORDINAL",
          "MONDAY",
          "TUESDAY",
          "WEDNESDAY",
          "THURSDAY",
          "FRIDAY",
          "SATURDAY",
          "SUNDAY",
          "VOLATILE",
          "GRANT",
          "MERGE",
          "EXPLAIN",
          "DESCRIBE",
          "DEFAULT",
          "CALL");

  /** Words that an operand follows. */
  static final Set<String> BEFORE_OPERAND =
      Set.of(
          "SELECT",
          "DISTINCT",
          "ALL",
          "WHERE",
          "AND",
          "OR",
          "ON",
          "HAVING",
          "QUALIFY",
          "WHEN",
          "THEN",
          "ELSE",
          "CASE",
          "IS",
          "BY",
          "FILTER",
          "BETWEEN",
          "LIKE",
          "RETURNING",
          "SET");

  static final Set<String> BEFORE_KEYWORD =
      Set.of("BETWEEN", "UNBOUNDED", "CURRENT", "WITH", "WITHOUT", "ONLY");

  /** Words behind a table that are not its alias. */
  static final Set<String> AFTER_TABLE =
      Set.of(
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "JOIN",
          "INNER",
          "LEFT",
          "RIGHT",
          "FULL",
          "CROSS",
          "NATURAL",
          "SEMI",
          "ANTI",
          "POSITIONAL",
          "TABLESAMPLE",
          "ON",
          "USING");

  /** Words before a parenthesis whose ORDER BY the parser takes as it is. */
  static final Set<String> BEFORE_WINDOW =
      Set.of("OVER", "GROUP", "AS", "ARRAY_AGG", "STRING_AGG", "GROUP_CONCAT");

  static final Set<String> RESERVED_CALLS =
      Set.of(
          "FIRST",
          "LAST",
          "UNNEST",
          "CARDINALITY",
          "RANGE",
          "DATEDIFF",
          "DATE_DIFF",
          "JSON_OBJECT",
          "JSON_ARRAY",
          "TRANSLATE",
          "UUID",
          "DATEADD",
          "DATE_ADD",
          "DATE_SUB",
          "DATESUB",
          "DATE_PART",
          "DATE_TRUNC",
          "DATEPART");

  /** Calls that the parser knows with words between their arguments only. */
  static final Set<String> COMMA_CALLS = Set.of("TRIM", "OVERLAY", "POSITION");

  static final Set<String> UNITS =
      Set.of(
          "YEAR",
          "QUARTER",
          "MONTH",
          "WEEK",
          "DAY",
          "HOUR",
          "MINUTE",
          "SECOND",
          "MILLISECOND",
          "MICROSECOND",
          "YEARS",
          "QUARTERS",
          "MONTHS",
          "WEEKS",
          "DAYS",
          "HOURS",
          "MINUTES",
          "SECONDS",
          "MILLISECONDS",
          "MICROSECONDS",
          "DECADE",
          "DECADES",
          "CENTURY",
          "CENTURIES");

  /** Words that a query begins with. */
  static final Set<String> QUERY = Set.of("SELECT", "WITH", "VALUES", "FROM", "TABLE");

  private Words() {}

  /** Does a frame of a window begin so? */
  static boolean isBound(Token t) {
    return t.is("BETWEEN")
        || t.is("UNBOUNDED")
        || t.is("CURRENT")
        || t.kind() == Token.Kind.NUMBER
        || t.isMark("(");
  }

  /** Can an operand end with this token? */
  static boolean endsOperand(Token t) {
    return switch (t.kind()) {
      case MARK -> t.isMark(")") || t.isMark("]");
      case WORD -> !Words.BEFORE_OPERAND.contains(t.upper());
      default -> true;
    };
  }
}
