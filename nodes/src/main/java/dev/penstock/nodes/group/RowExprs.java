package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.nodes.Flag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GroupPlan} evaluates of each row: of the operator's input, or of rows that were
 * evaluated before and spilled. Immutable.
 *
 * <pre>
 * spilled row | keys of one set (and its number) | a flag for each filter | arguments, each once | columns of the first row |
 * </pre>
 */
final class RowExprs {
  final Expr[] keys;
  final Expr[] rest;

  /** Filters; the first one is null and stands for none. */
  final List<@Nullable Predicate> filters;

  /** For each input its arguments and sort keys. */
  final Expr[][] arguments;

  /** For each grouping set, whether each key is in it; or null. */
  final boolean @Nullable [][] sets;

  RowExprs(
      Expr[] keys,
      Expr[] rest,
      List<@Nullable Predicate> filters,
      Expr[][] arguments,
      boolean @Nullable [][] sets) {
    this.keys = keys;
    this.rest = rest;
    this.filters = filters;
    this.arguments = arguments;
    this.sets = sets;
  }

  /** A place in a spilled row: an argument behind a filter. */
  record Argument(Expr expr, int filter) {}

  /** The different arguments of all inputs, in the order in which spilled rows have them. */
  static List<Argument> argumentsOf(List<GroupPlan.Input> inputs) {
    List<Argument> out = new ArrayList<>();
    for (GroupPlan.Input input : inputs) {
      for (Expr e : input.exprs()) {
        Argument a = new Argument(e, input.filter());
        if (!out.contains(a)) {
          out.add(a);
        }
      }
    }
    return out;
  }

  /** How spilled rows of a plan are read. */
  static RowExprs ofSpilled(GroupPlan plan) {
    int c = 0;
    Expr[] keys = new Expr[plan.tableTypes.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = new ColumnExpr(c++, plan.tableTypes[k]);
    }
    List<@Nullable Predicate> filters = new ArrayList<>();
    filters.add(null);
    while (filters.size() < plan.filters.size()) {
      filters.add(new Flag(c++));
    }
    List<Argument> places = argumentsOf(plan.inputs);
    Expr[][] arguments = new Expr[plan.inputs.size()][];
    for (int i = 0; i < arguments.length; i++) {
      GroupPlan.Input input = plan.inputs.get(i);
      arguments[i] = new Expr[input.exprs().size()];
      for (int a = 0; a < arguments[i].length; a++) {
        Expr e = input.exprs().get(a);
        int place = places.indexOf(new Argument(e, input.filter()));
        arguments[i][a] = new ColumnExpr(c + place, e.type());
      }
    }
    c += places.size();
    Expr[] rest = new Expr[plan.rest.length];
    for (int r = 0; r < rest.length; r++) {
      rest[r] = new ColumnExpr(c++, plan.rest[r].type());
    }
    return new RowExprs(keys, rest, filters, arguments, null);
  }

  /** The types of spilled rows. */
  static DataType[] spilledTypes(GroupPlan plan) {
    List<DataType> out = new ArrayList<>(List.of(plan.tableTypes));
    for (int f = 1; f < plan.filters.size(); f++) {
      out.add(DataType.BOOLEAN);
    }
    argumentsOf(plan.inputs).forEach(a -> out.add(a.expr().type()));
    for (Expr e : plan.rest) {
      out.add(e.type());
    }
    return out.toArray(new DataType[0]);
  }
}
