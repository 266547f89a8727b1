package dev.penstock.nodes.group;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Layout;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.nodes.sort.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Group} computes, with everything shared that can be: aggregates with the same
 * argument and filter share one input, and with the same kind of state one accumulator ({@code sum}
 * and {@code avg} of a column are one sum). Immutable.
 */
final class GroupPlan {
  /**
   * Arguments and sort keys, evaluated once for each batch.
   *
   * @param exprs the arguments, then the sort keys
   * @param strict rows with a null in one of so many first columns are left out
   * @param filter index of its filter; 0 is none
   */
  record Input(
      List<Expr> exprs,
      int strict,
      RowOrder order,
      int filter,
      boolean distinct,
      List<StateKind> accumulators) {}

  /**
   * Where an aggregate finds its result.
   *
   * @param input -1 for the count of rows and for grouping
   * @param accumulator -1 for counts
   */
  record Output(
      String function,
      List<Object> parameters,
      DataType type,
      int filter,
      int input,
      int accumulator) {}

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

  /** What is evaluated of the rows that come in. */
  final RowExprs rowExprs;

  /** The same for rows that were spilled. */
  final RowExprs spilledExprs;

  /** Whether an input is distinct. */
  final boolean distinctInputs;

  final DataType[] spilledTypes;
  final List<RowExprs.Argument> spilledArguments;

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
    Expr[][] arguments = new Expr[inputs.size()][];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = inputs.get(i).exprs().toArray(new Expr[0]);
    }
    rowExprs = new RowExprs(this.keys, this.rest, filters, arguments, this.sets);
    distinctInputs = inputs.stream().anyMatch(Input::distinct);
    spilledArguments = RowExprs.argumentsOf(inputs);
    spilledTypes = RowExprs.spilledTypes(this);
    spilledExprs = RowExprs.ofSpilled(this);
  }

  private void plan(Aggregate a) {
    int filter = filters.indexOf(a.filter());
    if (filter < 0) {
      filter = filters.size();
      filters.add(a.filter());
    }
    if (a.arguments().isEmpty()) {
      if (!a.function().equals("count") && !a.function().equals("grouping")) {
        throw new IllegalArgumentException(a.function() + " needs an argument");
      }
      outputs.add(new Output(a.function(), a.parameters(), a.type(), filter, -1, -1));
      return;
    }
    StateKind kind = StateKind.of(a.function(), a.arguments().get(0).type());
    int input = input(a, kind, filter);
    int accumulator = -1;
    if (kind != null) {
      List<StateKind> kinds = inputs.get(input).accumulators();
      accumulator = kinds.indexOf(kind);
      if (accumulator < 0) {
        accumulator = kinds.size();
        kinds.add(kind);
      }
    }
    outputs.add(new Output(a.function(), a.parameters(), a.type(), filter, input, accumulator));
  }

  private int input(Aggregate a, @Nullable StateKind kind, int filter) {
    List<Expr> exprs = new ArrayList<>(a.arguments());
    List<SortKey> order = kind != null && kind.ordered() ? a.order() : List.of();
    order.forEach(key -> exprs.add(key.expr()));
    int arguments = a.arguments().size();
    Input wanted =
        new Input(
            exprs,
            kind == null ? arguments : kind.strict(arguments),
            new RowOrder(arguments, order),
            filter,
            a.distinct() && !StateKind.ignoresRepeats(kind),
            new ArrayList<>());
    for (int i = 0; i < inputs.size(); i++) {
      Input in = inputs.get(i);
      if (in.exprs().equals(exprs)
          && in.strict() == wanted.strict()
          && in.order().equals(wanted.order())
          && in.filter() == filter
          && in.distinct() == wanted.distinct()) {
        return i;
      }
    }
    inputs.add(wanted);
    return inputs.size() - 1;
  }

  /** The keys of the groups that are there without a row: the one without keys, each empty set. */
  List<Column[]> emptyGroups() {
    List<Column[]> out = new ArrayList<>();
    if (!grouped()) {
      out.add(new Column[0]);
    }
    for (int s = 0; sets != null && s < sets.length; s++) {
      boolean empty = true;
      for (boolean in : sets[s]) {
        empty &= !in;
      }
      if (empty) {
        out.add(GroupRows.keysOfSet(this, s, new Column[keys.length], 1));
      }
    }
    return out;
  }

  /** Whether a state is a list of all values. */
  boolean hasLists() {
    return inputs.stream().anyMatch(in -> in.accumulators().stream().anyMatch(StateKind::listed));
  }

  /** With so much a decoder can always go on: what a lane needs, and to sort lists. */
  long leastBytesOfMerge() {
    return leastBytes() + (hasLists() ? ListSort.LEAST_BYTES : 0);
  }

  /** With so much a lane can always go on. */
  long leastBytes() {
    long least = GroupSpill.scratchBytes() + (256 << 10);
    for (DataType type : spilledTypes) {
      least += type.layout() == Layout.BYTES ? 64 << 10 : 8 << 10;
    }
    for (Input in : inputs) {
      least += (8L << 10) * (1 + in.accumulators().size());
    }
    return least;
  }

  boolean grouped() {
    return tableTypes.length > 0;
  }
}
