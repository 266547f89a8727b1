package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.table.FirstRows;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Longs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private boolean frugal;

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

  /** How many values, not null, a group has in an input. */
  long valueCount(int input, int group) {
    long[] out = new long[1];
    Longs counts = rows[plan.inputs.get(input).filter()];
    inputs[input].valueCounts(counts, new int[] {group}, 1, out);
    return out[0];
  }

  long heldBytes() {
    return reservation.heldBytes() + table.heldBytes();
  }

  // ------------------------------------------------------------------ rows

  /** Bytes that {@link #feed} reserves at most with so many groups, all that are there known. */
  long feedGrowth(GroupRows in, int[] groupOf, int groupCount) {
    long sum = 0;
    for (int i = 0; i < inputs.length; i++) {
      int f = plan.inputs.get(i).filter();
      Batch b = in.passing[f];
      int[] g = plan.inputs.get(i).distinct() ? groupsOf(in, f, groupOf) : null;
      if (b.count() > 0) {
        sum += inputs[i].growth(in.arguments[i], b.positions(), g, b.count(), groupCount);
      }
    }
    return sum;
  }

  /** Bytes that {@link #feedGrowth} itself reserves at most. */
  long feedPacking(GroupRows in, int[] groupOf) {
    long sum = 0;
    for (int i = 0; i < inputs.length; i++) {
      int f = plan.inputs.get(i).filter();
      Batch b = in.passing[f];
      if (plan.inputs.get(i).distinct() && b.count() > 0) {
        int[] g = groupsOf(in, f, groupOf);
        sum += inputs[i].packingGrowth(in.arguments[i], b.positions(), g, b.count());
      }
    }
    return sum;
  }

  /** The groups of the rows that pass a filter; null when there is one group. */
  private int @Nullable [] groupsOf(GroupRows in, int filter, int[] groupOf) {
    if (!plan.grouped()) {
      return null;
    }
    int[] picked = in.rowsOf[filter];
    if (picked == null) {
      return groupOf;
    }
    int[] out = new int[picked.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = groupOf[picked[i]];
    }
    return out;
  }

  /** Whether {@link #beFrugal} would make a difference. */
  boolean isSpendthrift() {
    return !frugal;
  }

  /** From now on no memory is spent on what is fast only because it is large. */
  void beFrugal() {
    frugal = true;
    table.beFrugal();
    for (InputState input : inputs) {
      input.beFrugal();
    }
  }

  /** The number of pairs of the distinct input that has most. */
  int mostPairs() {
    int most = 0;
    for (InputState input : inputs) {
      most = input.pairs() == null ? most : Math.max(most, input.pairs().groups());
    }
    return most;
  }

  /** Counts rows of groups that are known, and takes their arguments. */
  void feed(GroupRows in, int[] groupOf) {
    int groupCount = table.groups();
    int[] @Nullable [] groupsOf = new int[rows.length][];
    for (int f = 0; f < rows.length; f++) {
      int[] g = groupsOf(in, f, groupOf);
      groupsOf[f] = g;
      count(rows[f], g, in.passing[f].count(), groupCount);
    }
    for (int i = 0; i < inputs.length; i++) {
      int f = plan.inputs.get(i).filter();
      Batch b = in.passing[f];
      if (b.count() > 0) {
        inputs[i].add(in.arguments[i], b.positions(), groupsOf[f], b.count(), groupCount);
      }
    }
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

  // ------------------------------------------------------------------ pieces

  /** Bytes that {@link #assign} reserves at most, once {@link KeyTable#packingGrowth} is there. */
  long assignGrowth(Column[] keys, Column[] firsts, int[] positions, int count) {
    int n = table.groups() + count;
    long sum = table.growth(keys, positions, count) + rest.growth(firsts, positions, count);
    for (Longs r : rows) {
      sum += r.growth(n);
    }
    for (InputState input : inputs) {
      sum += input.ensureGrowth(n);
    }
    return sum;
  }

  /** Finds the groups of rows of keys, and makes room for them everywhere. */
  void assign(Column[] keys, Column[] firsts, int[] positions, int count, int[] out) {
    table.assign(keys, positions, count, out);
    if (plan.rest.length > 0) {
      rest.keep(firsts, positions, out, count, table.groups());
    }
    ensureAll();
  }

  /**
   * Adds states of another one, all but their distinct inputs, to these groups.
   *
   * @param lists whether the values of lists are among them
   */
  void mergeInto(GroupState other, int[] from, int count, int[] to, boolean lists) {
    for (int f = 0; f < rows.length; f++) {
      for (int i = 0; i < count; i++) {
        rows[f].set(to[i], rows[f].get(to[i]) + other.rows[f].get(from[i]));
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!plan.inputs.get(i).distinct()) {
        inputs[i].merge(other.inputs[i], from, to, count, table.groups(), lists);
      }
    }
  }

  /** Bytes that {@link #mergeInto} reserves at most with so many groups here. */
  long mergeGrowth(GroupState other, int[] from, int count, int groupCount, boolean lists) {
    long sum = 0;
    for (int i = 0; i < inputs.length; i++) {
      if (!plan.inputs.get(i).distinct()) {
        sum += inputs[i].mergeGrowth(other.inputs[i], from, count, groupCount, lists);
      }
    }
    return sum;
  }

  /** Columns of the first rows of some groups. */
  FlatColumn[] firsts(int[] of, int count) {
    return plan.rest.length == 0 ? new FlatColumn[0] : rest.read(of, count);
  }

  /** Keys, columns of the first row, counts and states of these groups; no lists, no pairs. */
  Batch save(int[] of, int count) {
    List<Column> out = new ArrayList<>(List.of(table.keys(of, count)));
    out.addAll(List.of(firsts(of, count)));
    for (Longs r : rows) {
      long[] counts = new long[count];
      for (int i = 0; i < count; i++) {
        counts[i] = r.get(of[i]);
      }
      out.add(new LongColumn(DataType.INT64, counts, null, count));
    }
    for (InputState input : inputs) {
      input.save(of, count, out);
    }
    return Batch.of(count, out.toArray(new Column[0]));
  }

  /** Adds what {@link #save} gave to these groups. */
  void mergeSaved(Batch saved, int[] to) {
    int count = saved.count();
    int c = plan.tableTypes.length + plan.rest.length;
    for (Longs r : rows) {
      long[] counts = ((LongColumn) saved.column(c++)).values();
      for (int i = 0; i < count; i++) {
        r.set(to[i], r.get(to[i]) + counts[i]);
      }
    }
    for (InputState input : inputs) {
      c = input.mergeSaved(saved, c, to, table.groups());
    }
  }

  /** Bytes that {@link #mergeSaved} reserves at most with so many groups here. */
  long savedGrowth(Batch saved, int groupCount) {
    int c = plan.tableTypes.length + plan.rest.length + rows.length;
    long sum = 0;
    for (InputState input : inputs) {
      sum += input.savedGrowth(saved, c, groupCount);
      c += input.savedColumns();
    }
    return sum;
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

  /** Bytes that {@link #settle} reserves at most. */
  long settleGrowth() {
    long sum = 0;
    for (InputState input : inputs) {
      sum += input.settleGrowth(table.groups());
    }
    return sum;
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
