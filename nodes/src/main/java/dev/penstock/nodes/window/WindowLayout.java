package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Layout;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.sort.SortLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How rows are stored: the input's columns, then every key and argument that is neither a column of
 * the input nor a constant.
 */
final class WindowLayout {
  /** Types of the stored columns. */
  final DataType[] types;

  /** 0 until the width of the input: what goes out. */
  final int[] output;

  /** Stored columns of the partition keys. */
  final int[] partition;

  /** Stored columns of the order keys. */
  final int[] order;

  final List<SortKey> orderKeys;
  final List<WindowFunction> functions;

  /** For each function, where its arguments are, then its sort keys and its filter. */
  final List<List<Argument>> arguments = new ArrayList<>();

  final SortLayout sort;
  private final List<Expr> computed = new ArrayList<>();
  private final List<DataType> allTypes;

  WindowLayout(
      DataType[] inputTypes,
      List<Expr> partition,
      List<SortKey> order,
      List<WindowFunction> functions) {
    this.allTypes = new ArrayList<>(Arrays.asList(inputTypes));
    this.output = new int[inputTypes.length];
    for (int i = 0; i < output.length; i++) {
      output[i] = i;
    }
    List<SortKey> keys = new ArrayList<>();
    this.partition = new int[partition.size()];
    for (int i = 0; i < this.partition.length; i++) {
      this.partition[i] = stored(partition.get(i));
      keys.add(key(partition.get(i).type(), this.partition[i], false, false));
    }
    this.orderKeys = List.copyOf(order);
    this.order = new int[order.size()];
    for (int i = 0; i < this.order.length; i++) {
      SortKey k = order.get(i);
      this.order[i] = stored(k.expr());
      keys.add(key(k.expr().type(), this.order[i], k.descending(), k.nullsFirst()));
    }
    this.functions = List.copyOf(functions);
    for (WindowFunction f : functions) {
      List<Argument> args = new ArrayList<>();
      List<Expr> all = new ArrayList<>(f.args());
      f.options().order().forEach(k -> all.add(k.expr()));
      Expr filter = f.options().filter();
      if (filter != null) {
        all.add(filter);
      }
      for (Expr e : all) {
        args.add(
            e instanceof LiteralExpr literal
                ? new Argument(e.type(), -1, literal.constant())
                : new Argument(e.type(), stored(e), null));
      }
      arguments.add(args);
    }
    this.types = allTypes.toArray(new DataType[0]);
    this.sort = new SortLayout(types, keys);
  }

  private static SortKey key(DataType type, int ordinal, boolean descending, boolean nullsFirst) {
    return new SortKey(new ColumnExpr(ordinal, type), descending, nullsFirst);
  }

  private int stored(Expr e) {
    if (e instanceof ColumnExpr c) {
      return c.index();
    }
    int known = computed.indexOf(e);
    if (known >= 0) {
      return output.length + known;
    }
    computed.add(e);
    allTypes.add(e.type());
    return output.length + computed.size() - 1;
  }

  /** Whether strings are compared, which may need copies of them. */
  boolean hasStringKeys() {
    for (int c : partition) {
      if (types[c].layout() == Layout.BYTES) {
        return true;
      }
    }
    for (int c : order) {
      if (types[c].layout() == Layout.BYTES) {
        return true;
      }
    }
    return false;
  }

  /** The batch as it is stored. */
  Batch stored(Batch batch) {
    if (computed.isEmpty()) {
      return batch;
    }
    Column[] columns = Arrays.copyOf(batch.columns(), types.length);
    for (int i = 0; i < computed.size(); i++) {
      columns[output.length + i] = computed.get(i).eval(batch);
    }
    return batch.withColumns(columns);
  }
}
