package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import org.jspecify.annotations.Nullable;

/** The kinds of state; several functions read their results from one kind. */
enum StateKind {
  EXACT_SUM,
  FLOAT_SUM,
  INTERVAL_SUM,
  MOMENTS,
  HIGH_MOMENTS,
  CO_MOMENTS,
  AND,
  OR,
  XOR,
  PRODUCT,
  APPROX_DISTINCT,
  MIN,
  MAX,
  SORTED,
  PLAIN_TEXTS,
  ARRAY_TEXTS,
  OBJECT_TEXTS,
  FIRST,
  LAST,
  LEAST_BY,
  GREATEST_BY;

  /** The state of a function over an argument type; null for counts. */
  static @Nullable StateKind of(String function, DataType type) {
    return switch (function) {
      case "count" -> null;
      case "sum", "avg" -> sum(function, type);
      case "stddev", "stddev-pop", "variance", "variance-pop" -> numeric(function, type, MOMENTS);
      case "skewness", "kurtosis", "kurtosis-pop" -> HIGH_MOMENTS;
      case "corr",
          "covar-pop",
          "covar-samp",
          "regr-slope",
          "regr-intercept",
          "regr-r2",
          "regr-count",
          "regr-avgx",
          "regr-avgy",
          "regr-sxx",
          "regr-syy",
          "regr-sxy" ->
          CO_MOMENTS;
      case "bit-and" -> AND;
      case "bit-or" -> OR;
      case "bit-xor" -> XOR;
      case "product" -> PRODUCT;
      case "approx-count-distinct" -> APPROX_DISTINCT;
      case "min", "any", "bool-and" -> MIN;
      case "max", "bool-or" -> MAX;
      case "percentile-cont", "percentile-disc", "mode" -> SORTED;
      case "string-agg" -> PLAIN_TEXTS;
      case "collect" -> ARRAY_TEXTS;
      case "json-object-agg" -> OBJECT_TEXTS;
      case "first" -> FIRST;
      case "last" -> LAST;
      case "arg-min" -> LEAST_BY;
      case "arg-max" -> GREATEST_BY;
      default ->
          throw PenstockException.unsupported(
              "unknown-aggregate",
              "unknown aggregate '" + function + "'; expected one such as sum");
    };
  }

  /** Whether it is the same with and without the repeated values of a group. */
  static boolean ignoresRepeats(@Nullable StateKind kind) {
    return kind == MIN || kind == MAX || kind == APPROX_DISTINCT || kind == AND || kind == OR;
  }

  /** How many of the arguments must not be null for a row to count. */
  int strict(int arguments) {
    return switch (this) {
      case ARRAY_TEXTS, FIRST, LAST -> 0;
      case OBJECT_TEXTS -> 1;
      default -> arguments;
    };
  }

  /** How many arguments its functions take. */
  int arguments() {
    return switch (this) {
      case CO_MOMENTS, OBJECT_TEXTS, LEAST_BY, GREATEST_BY -> 2;
      default -> 1;
    };
  }

  /** Whether a state is a list of all values. */
  boolean listed() {
    return switch (this) {
      case SORTED, PLAIN_TEXTS, ARRAY_TEXTS, OBJECT_TEXTS -> true;
      default -> false;
    };
  }

  /** Whether the rows of a group have an order. */
  boolean ordered() {
    return switch (this) {
      case PLAIN_TEXTS, ARRAY_TEXTS, OBJECT_TEXTS, FIRST, LAST -> true;
      default -> false;
    };
  }

  private static StateKind sum(String function, DataType type) {
    if (type.kind() == Kind.INTERVAL) {
      return INTERVAL_SUM;
    }
    return numeric(function, type, type.equals(DataType.FLOAT64) ? FLOAT_SUM : EXACT_SUM);
  }

  private static StateKind numeric(String function, DataType type, StateKind kind) {
    if (!type.isNumeric()) {
      throw PenstockException.incorrect(
          "not-numeric", function + " needs a number, got " + type + "; cast the argument");
    }
    return kind;
  }
}
