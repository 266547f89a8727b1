package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Group} computes, with everything shared that can be: aggregates with the same
 * argument and filter share one input, and with the same kind of state one accumulator ({@code sum}
 * and {@code avg} of a column are one sum). Immutable.
 */
final class GroupPlan {
  /** The kinds of state. */
  enum Kind {
    EXACT_SUM,
    FLOAT_SUM,
    MOMENTS,
    MIN,
    MAX,
    COLLECT
  }

  /**
   * An argument, evaluated once for each batch.
   *
   * @param filter index of its filter; 0 is none
   * @param keepsNulls nulls go to the accumulators too
   */
  record Input(
      Expr expr, int filter, boolean distinct, boolean keepsNulls, List<Kind> accumulators) {}

  /**
   * Where an aggregate finds its result.
   *
   * @param input -1 for the count of rows and for grouping
   * @param accumulator -1 for counts
   */
  record Output(String function, DataType type, int filter, int input, int accumulator, int key) {}

  final Expr[] keys;

  /** Columns of which each group keeps those of its first row. */
  final Expr[] rest;

  /** Types of the columns of the table of keys: the keys, and with sets the number of the set. */
  final DataType[] tableTypes;

  /** For each grouping set, whether each key is in it; or null. */
  final boolean @Nullable [][] sets;

  /** Filters; the first one is null and stands for none. */
  final List<@Nullable Predicate> filters = new ArrayList<>();

  final List<Input> inputs = new ArrayList<>();
  final List<Output> outputs = new ArrayList<>();

  GroupPlan(
      List<? extends Expr> keys,
      List<? extends Expr> rest,
      List<Aggregate> aggregates,
      @Nullable List<int[]> sets) {
    this.keys = keys.toArray(new Expr[0]);
    this.rest = rest.toArray(new Expr[0]);
    int n = this.keys.length;
    this.tableTypes = new DataType[sets == null ? n : n + 1];
    for (int k = 0; k < n; k++) {
      tableTypes[k] = this.keys[k].type();
    }
    if (sets == null) {
      this.sets = null;
    } else {
      tableTypes[n] = DataType.INT32;
      this.sets = new boolean[sets.size()][n];
      for (int s = 0; s < sets.size(); s++) {
        for (int key : sets.get(s)) {
          this.sets[s][key] = true;
        }
      }
    }
    filters.add(null);
    aggregates.forEach(this::plan);
  }

  private void plan(Aggregate a) {
    int filter = filters.indexOf(a.filter());
    if (filter < 0) {
      filter = filters.size();
      filters.add(a.filter());
    }
    Expr argument = a.argument();
    if (argument == null) {
      if (!a.function().equals("count") && !a.function().equals("grouping")) {
        throw new IllegalArgumentException(a.function() + " needs an argument");
      }
      outputs.add(new Output(a.function(), a.type(), filter, -1, -1, a.key()));
      return;
    }
    Kind kind = kind(a.function(), argument.type());
    boolean distinct = a.distinct() && kind != Kind.MIN && kind != Kind.MAX;
    int input = input(argument, filter, distinct, kind == Kind.COLLECT);
    int accumulator = -1;
    if (kind != null) {
      List<Kind> kinds = inputs.get(input).accumulators();
      accumulator = kinds.indexOf(kind);
      if (accumulator < 0) {
        accumulator = kinds.size();
        kinds.add(kind);
      }
    }
    outputs.add(new Output(a.function(), a.type(), filter, input, accumulator, -1));
  }

  private int input(Expr expr, int filter, boolean distinct, boolean keepsNulls) {
    for (int i = 0; i < inputs.size(); i++) {
      Input in = inputs.get(i);
      if (in.expr().equals(expr)
          && in.filter() == filter
          && in.distinct() == distinct
          && in.keepsNulls() == keepsNulls) {
        return i;
      }
    }
    inputs.add(new Input(expr, filter, distinct, keepsNulls, new ArrayList<>()));
    return inputs.size() - 1;
  }

  private static @Nullable Kind kind(String function, DataType type) {
    boolean isFloat = type.equals(DataType.FLOAT64);
    return switch (function) {
      case "count" -> null;
      case "sum", "avg" -> numeric(function, type, isFloat ? Kind.FLOAT_SUM : Kind.EXACT_SUM);
      case "stddev", "stddev-pop", "variance", "variance-pop" ->
          numeric(function, type, Kind.MOMENTS);
      case "min", "any", "bool-and" -> Kind.MIN;
      case "max", "bool-or" -> Kind.MAX;
      case "collect" -> Kind.COLLECT;
      default ->
          throw PenstockException.unsupported(
              "unknown-aggregate",
              "unknown aggregate '" + function + "'; expected one such as sum");
    };
  }

  private static Kind numeric(String function, DataType type, Kind kind) {
    if (!type.isNumeric()) {
      throw PenstockException.incorrect(
          "not-numeric", function + " needs a number, got " + type + "; cast the argument");
    }
    return kind;
  }

  boolean grouped() {
    return tableTypes.length > 0;
  }
}
