package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.table.FirstRows;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table of groups with their states: of one lane, or of one partition while it is merged. Not
 * thread-safe; when nothing is added any more, reads may be shared.
 */
final class GroupState implements AutoCloseable {
  private final GroupPlan plan;
  private final Reservation reservation;
  private final KeyTable table;

  /** Rows of each group, for each filter. */
  private final Longs[] rows;

  private final InputState[] inputs;
  private final FirstRows rest;
  private int[] groups = {};

  /**
   * @param partition only keys of one hash partition will come
   */
  GroupState(GroupPlan plan, QueryContext query, boolean partition) {
    this.plan = plan;
    this.reservation = query.budget().open("group");
    this.table = new KeyTable(plan.tableTypes, query.budget(), "group", query.token(), partition);
    this.rows = new Longs[plan.filters.size()];
    for (int f = 0; f < rows.length; f++) {
      rows[f] = new Longs(reservation);
    }
    this.inputs = new InputState[plan.inputs.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = new InputState(plan.inputs.get(i), query, reservation);
    }
    DataType[] restTypes = new DataType[plan.rest.length];
    for (int c = 0; c < restTypes.length; c++) {
      restTypes[c] = plan.rest[c].type();
    }
    this.rest = new FirstRows(restTypes, reservation);
  }

  int groups() {
    return table.groups();
  }

  KeyTable table() {
    return table;
  }

  InputState input(int i) {
    return inputs[i];
  }

  long heldBytes() {
    return reservation.heldBytes() + table.heldBytes();
  }

  // ------------------------------------------------------------------ rows

  void add(Batch batch) {
    int n = batch.count();
    if (groups.length < n) {
      groups = new int[Math.max(n, 2048)];
    }
    Batch[] passing = new Batch[rows.length];
    int[] @Nullable [] rowsOf = new int[rows.length][];
    passing[0] = batch;
    for (int f = 1; f < rows.length; f++) {
      int[] positions = new int[n];
      Predicate filter = plan.filters.get(f);
      int count = filter.select(batch, positions);
      passing[f] = batch.withSelection(positions, count);
      rowsOf[f] = rowsOf(batch.positions(), positions, count);
    }
    Column[][] arguments = new Column[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      GroupPlan.Input input = plan.inputs.get(i);
      arguments[i] = new Column[input.exprs().size()];
      for (int c = 0; c < arguments[i].length; c++) {
        arguments[i][c] = input.exprs().get(c).eval(passing[input.filter()]);
      }
    }
    Column[] keys = new Column[plan.keys.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = plan.keys[k].eval(batch);
    }
    if (plan.sets == null) {
      addRows(batch, keys, passing, rowsOf, arguments);
    } else {
      for (int s = 0; s < plan.sets.length; s++) {
        addRows(batch, keysOfSet(s, keys, batch.length()), passing, rowsOf, arguments);
      }
    }
  }

  /** The keys of a set, null for those that are not in it, and its number. */
  private Column[] keysOfSet(int set, Column[] keys, int length) {
    Column[] out = Arrays.copyOf(keys, keys.length + 1);
    for (int k = 0; k < keys.length; k++) {
      if (!plan.sets[set][k]) {
        out[k] = ConstantColumn.of(plan.tableTypes[k], null, length);
      }
    }
    out[keys.length] = ConstantColumn.of(DataType.INT32, set, length);
    return out;
  }

  /** Which rows of the batch have these positions. */
  private static int[] rowsOf(int[] all, int[] some, int count) {
    int[] out = new int[count];
    int row = 0;
    for (int i = 0; i < count; i++) {
      while (all[row] != some[i]) {
        row++;
      }
      out[i] = row;
    }
    return out;
  }

  private void addRows(
      Batch batch,
      Column[] keys,
      Batch[] passing,
      int[] @Nullable [] rowsOf,
      Column[][] arguments) {
    int n = batch.count();
    table.assign(keys, batch.positions(), n, groups);
    int groupCount = table.groups();
    if (plan.rest.length > 0) {
      keepFirst(batch, groupCount);
    }
    int[] @Nullable [] groupsOf = new int[rows.length][];
    for (int f = 0; f < rows.length; f++) {
      int[] g = null;
      if (plan.grouped()) {
        g = groups;
        int[] picked = rowsOf[f];
        if (picked != null) {
          g = new int[picked.length];
          for (int i = 0; i < g.length; i++) {
            g[i] = groups[picked[i]];
          }
        }
      }
      groupsOf[f] = g;
      count(rows[f], g, passing[f].count(), groupCount);
    }
    for (int i = 0; i < inputs.length; i++) {
      int f = plan.inputs.get(i).filter();
      Batch b = passing[f];
      if (b.count() > 0) {
        inputs[i].add(arguments[i], b.positions(), groupsOf[f], b.count(), groupCount);
      }
    }
  }

  private void keepFirst(Batch batch, int groupCount) {
    Column[] columns = new Column[plan.rest.length];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = plan.rest[c].eval(batch);
    }
    rest.keep(columns, batch.positions(), groups, batch.count(), groupCount);
  }

  private static void count(Longs counts, int @Nullable [] groups, int count, int groupCount) {
    counts.ensure(groupCount);
    long[][] chunks = counts.chunks();
    if (groups == null) {
      chunks[0][0] += count;
    } else if (counts.single()) {
      long[] c = chunks[0];
      for (int i = 0; i < count; i++) {
        c[groups[i]]++;
      }
    } else {
      for (int i = 0; i < count; i++) {
        chunks[groups[i] >>> Longs.SHIFT][groups[i] & Longs.MASK]++;
      }
    }
  }

  /**
   * Makes the groups that are there without a row: the one without keys, and that of each empty
   * set.
   */
  void addEmptyGroups() {
    int[] one = {0};
    if (!plan.grouped()) {
      table.assign(new Column[0], one, 1, new int[1]);
    } else if (plan.sets != null) {
      for (int s = 0; s < plan.sets.length; s++) {
        boolean empty = true;
        for (boolean in : plan.sets[s]) {
          empty &= !in;
        }
        if (empty) {
          table.assign(keysOfSet(s, new Column[plan.keys.length], 1), one, 1, new int[1]);
        }
      }
    }
  }

  // ------------------------------------------------------------------ merging

  /**
   * Adds groups of another state, all but their distinct inputs; writes which groups they are here.
   */
  void merge(GroupState other, int[] from, int count, int[] to) {
    int[] identity = Positions.identity(count);
    table.assign(other.table.keys(from, count), identity, count, to);
    int groupCount = table.groups();
    if (plan.rest.length > 0) {
      rest.keep(other.rest.read(from, count), identity, to, count, groupCount);
    }
    for (int f = 0; f < rows.length; f++) {
      rows[f].ensure(groupCount);
      for (int i = 0; i < count; i++) {
        rows[f].set(to[i], rows[f].get(to[i]) + other.rows[f].get(from[i]));
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!plan.inputs.get(i).distinct()) {
        inputs[i].merge(other.inputs[i], from, to, count, groupCount);
      }
    }
  }

  /** Makes room in everything for all groups: some may have had no rows for some input. */
  void ensureAll() {
    int n = table.groups();
    for (Longs r : rows) {
      r.ensure(n);
    }
    for (InputState input : inputs) {
      input.ensure(n);
    }
  }

  /** Ends distinct inputs; after it, results may be read. */
  void settle() {
    ensureAll();
    for (InputState input : inputs) {
      input.settle(table.groups());
    }
  }

  // ------------------------------------------------------------------ results

  /** The output rows of these groups: keys, columns of the first row, aggregates. */
  Batch result(int[] of, int count) {
    FlatColumn[] keys = table.keys(of, count);
    int keyCount = plan.keys.length;
    int first = keyCount + plan.rest.length;
    Column[] out = Arrays.copyOf(keys, first + plan.outputs.size(), Column[].class);
    if (plan.rest.length > 0) {
      System.arraycopy(rest.read(of, count), 0, out, keyCount, plan.rest.length);
    }
    long[] counts = new long[count];
    for (int i = 0; i < plan.outputs.size(); i++) {
      GroupPlan.Output o = plan.outputs.get(i);
      if (o.function().equals("grouping")) {
        out[first + i] = grouping(o, plan.sets == null ? null : keys[keyCount], count);
        continue;
      }
      Longs rowCounts = rows[o.filter()];
      if (o.input() < 0) {
        for (int k = 0; k < count; k++) {
          counts[k] = rowCounts.get(of[k]);
        }
      } else {
        inputs[o.input()].valueCounts(rowCounts, of, count, counts);
      }
      out[first + i] =
          o.accumulator() < 0
              ? new LongColumn(o.type(), counts.clone(), null, count)
              : inputs[o.input()].accumulator(o.accumulator()).result(o, of, counts, count);
    }
    return Batch.of(count, out);
  }

  /** A bit for each key, the last one lowest: 1 if the key is not in the set of the row. */
  private Column grouping(GroupPlan.Output output, @Nullable FlatColumn setNumbers, int count) {
    long[] out = new long[count];
    if (setNumbers != null) {
      long[] ofSet = new long[plan.sets.length];
      for (int s = 0; s < ofSet.length; s++) {
        for (Object key : output.parameters()) {
          ofSet[s] = ofSet[s] << 1 | (plan.sets[s][((Number) key).intValue()] ? 0 : 1);
        }
      }
      int[] sets = ((IntColumn) setNumbers).values();
      for (int i = 0; i < count; i++) {
        out[i] = ofSet[sets[i]];
      }
    }
    return ValueColumn.ofWords(output.type(), out, null, count);
  }

  @Override
  public void close() {
    reservation.close();
    table.close();
    for (InputState input : inputs) {
      input.close();
    }
  }
}
