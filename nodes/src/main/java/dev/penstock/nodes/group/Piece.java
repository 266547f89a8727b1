package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Positions;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Something that a {@link GroupState} takes in one go: rows, or states of another one, in memory or
 * saved. First its keys find their groups, then it is fed to them; before each of both the bytes
 * that are needed at most are known.
 */
abstract sealed class Piece {
  private static final Column[] NONE = {};

  /** Values of a list that are taken at once. */
  private static final int ITEMS = 512;

  abstract int count();

  abstract Column[] keys();

  int[] positions() {
    return Positions.identity(count());
  }

  /** Columns of which a group keeps those of its first row. */
  Column[] firsts() {
    return NONE;
  }

  /** Writes the groups if they are known without looking for the keys. */
  boolean known(int[] out) {
    return false;
  }

  /** Whether {@link #growth} needs to know the groups. */
  boolean isLate() {
    return false;
  }

  /** Bytes that {@link #growth} itself reserves at most; only asked when it is late. */
  long packingGrowth(GroupState state, int[] groups) {
    return 0;
  }

  /** Bytes that {@link #feed} reserves at most when there are so many groups. */
  abstract long growth(GroupState state, int[] groups, int groupCount);

  abstract void feed(GroupState state, int[] groups);

  abstract Piece slice(int from, int to);

  /** Rows, of one grouping set. */
  static final class Rows extends Piece {
    private final GroupPlan plan;
    private final RowExprs exprs;
    private final GroupRows rows;
    private final int set;

    Rows(GroupPlan plan, RowExprs exprs, GroupRows rows, int set) {
      this.plan = plan;
      this.exprs = exprs;
      this.rows = rows;
      this.set = set;
    }

    @Override
    int count() {
      return rows.batch.count();
    }

    @Override
    Column[] keys() {
      return rows.keys(set);
    }

    @Override
    int[] positions() {
      return rows.batch.positions();
    }

    @Override
    Column[] firsts() {
      return rows.rest;
    }

    @Override
    boolean isLate() {
      return plan.distinctInputs;
    }

    @Override
    long packingGrowth(GroupState state, int[] groups) {
      return state.feedPacking(rows, groups);
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      return state.feedGrowth(rows, groups, groupCount);
    }

    @Override
    void feed(GroupState state, int[] groups) {
      state.feed(rows, groups);
    }

    @Override
    Rows slice(int from, int to) {
      return new Rows(plan, exprs, new GroupRows(plan, exprs, rows.batch.slice(from, to)), set);
    }

    /** As they are spilled. */
    Batch spilled() {
      return rows.spilled(set);
    }
  }

  /** A group without a row. */
  static final class Empty extends Piece {
    private final Column[] keys;

    Empty(Column[] keys) {
      this.keys = keys;
    }

    @Override
    int count() {
      return 1;
    }

    @Override
    Column[] keys() {
      return keys;
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      return 0;
    }

    @Override
    void feed(GroupState state, int[] groups) {}

    @Override
    Piece slice(int from, int to) {
      return this;
    }
  }

  /** Groups of a lane. */
  static final class OfLane extends Piece {
    private final GroupLane lane;
    private final int[] from;
    private final int count;
    private final boolean lists;
    private final FlatColumn[] keys;
    private final FlatColumn[] firsts;

    OfLane(GroupLane lane, int[] from, int count) {
      this(lane, from, count, true);
    }

    private OfLane(GroupLane lane, int[] from, int count, boolean lists) {
      this.lists = lists;
      this.lane = lane;
      this.from = from;
      this.count = count;
      this.keys = lane.state().table().keys(from, count);
      this.firsts = lane.state().firsts(from, count);
    }

    @Override
    int count() {
      return count;
    }

    @Override
    Column[] keys() {
      return keys;
    }

    @Override
    Column[] firsts() {
      return firsts;
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      return state.mergeGrowth(lane.state(), from, count, groupCount, lists);
    }

    @Override
    void feed(GroupState state, int[] groups) {
      state.mergeInto(lane.state(), from, count, groups, lists);
      lane.merged(from, groups, count);
    }

    @Override
    Piece slice(int start, int end) {
      return new OfLane(lane, Arrays.copyOfRange(from, start, end), end - start, lists);
    }

    /** For groups whose lists are too long to be merged at once: the rest of their states. */
    OfLane withoutLists() {
      return new OfLane(lane, from, count, false);
    }

    /** The values of their lists, some at a time; nothing when it has none. */
    void lists(GroupPlan plan, Consumer<Piece> to) {
      for (int i = 0; lists && i < plan.inputs.size(); i++) {
        for (int a = 0; a < plan.inputs.get(i).accumulators().size(); a++) {
          if (lane.state().input(i).accumulator(a) instanceof Listed list) {
            lists(plan, list, i, a, to);
          }
        }
      }
    }

    private void lists(GroupPlan plan, Listed list, int input, int a, Consumer<Piece> to) {
      int[] items = new int[ITEMS];
      int[] groups = new int[ITEMS];
      for (int g = 0; g < count; g++) {
        Arrays.fill(groups, from[g]);
        int item = list.first(from[g]);
        while (item >= 0) {
          int n = 0;
          for (; item >= 0 && n < ITEMS; item = list.next(item)) {
            items[n++] = item;
          }
          FlatColumn[] keyed = lane.state().table().keys(groups, n);
          FlatColumn[] values = list.saveItems(items, n);
          Column[] all = Arrays.copyOf(keyed, keyed.length + values.length, Column[].class);
          System.arraycopy(values, 0, all, keyed.length, values.length);
          to.accept(new SavedItems(plan, input, a, Batch.of(n, all)));
        }
      }
    }

    boolean hasLists(GroupPlan plan) {
      return lists && plan.hasLists();
    }
  }

  /** Pairs of a distinct input of a lane. */
  static final class PairsOfLane extends Piece {
    private final GroupLane lane;
    private final int input;
    private final int[] numbers;
    private final int count;
    private final GroupFill fill;
    private final int[] theirs;
    private final Column[] values;

    /**
     * @param fill as long as it is not divided, it knows the group of each group of the lane
     */
    PairsOfLane(GroupLane lane, int input, int[] numbers, int count, GroupFill fill) {
      this.lane = lane;
      this.input = input;
      this.numbers = numbers;
      this.count = count;
      this.fill = fill;
      FlatColumn[] columns = lane.state().input(input).pairs().keys(numbers, count);
      this.theirs = ((IntColumn) columns[0]).values();
      this.values = Arrays.copyOfRange(columns, 1, columns.length);
    }

    @Override
    int count() {
      return count;
    }

    @Override
    Column[] keys() {
      return lane.state().table().keys(theirs, count);
    }

    @Override
    boolean known(int[] out) {
      if (fill.isDivided()) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        out[i] = lane.targets().get(theirs[i]);
      }
      return true;
    }

    @Override
    boolean isLate() {
      return true;
    }

    @Override
    long packingGrowth(GroupState state, int[] groups) {
      return state.input(input).packingGrowth(values, positions(), groups, count);
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      return state.input(input).growth(values, positions(), groups, count, groupCount);
    }

    @Override
    void feed(GroupState state, int[] groups) {
      state.input(input).add(values, positions(), groups, count, state.groups());
    }

    @Override
    Piece slice(int from, int to) {
      return new PairsOfLane(lane, input, Arrays.copyOfRange(numbers, from, to), to - from, fill);
    }
  }

  /** Saved groups, pairs or values of lists: keys, then what belongs to them. */
  abstract static sealed class Saved extends Piece {
    final GroupPlan plan;
    final Batch block;

    Saved(GroupPlan plan, Batch block) {
      this.plan = plan;
      this.block = block;
    }

    @Override
    int count() {
      return block.count();
    }

    @Override
    Column[] keys() {
      return Arrays.copyOf(block.columns(), plan.tableTypes.length);
    }

    FlatColumn[] values() {
      Column[] all = block.columns();
      return Arrays.copyOfRange(all, plan.tableTypes.length, all.length, FlatColumn[].class);
    }

    Batch part(int from, int to) {
      return block.slice(from, to).compact();
    }
  }

  /** Saved states. */
  static final class SavedStates extends Saved {
    SavedStates(GroupPlan plan, Batch block) {
      super(plan, block);
    }

    @Override
    Column[] firsts() {
      int n = plan.tableTypes.length;
      return Arrays.copyOfRange(block.columns(), n, n + plan.rest.length);
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      return state.savedGrowth(block, groupCount);
    }

    @Override
    void feed(GroupState state, int[] groups) {
      state.mergeSaved(block, groups);
    }

    @Override
    Piece slice(int from, int to) {
      return new SavedStates(plan, part(from, to));
    }
  }

  /** Saved pairs of a distinct input. */
  static final class SavedPairs extends Saved {
    private final int input;

    SavedPairs(GroupPlan plan, int input, Batch block) {
      super(plan, block);
      this.input = input;
    }

    @Override
    boolean isLate() {
      return true;
    }

    @Override
    long packingGrowth(GroupState state, int[] groups) {
      return state.input(input).packingGrowth(values(), positions(), groups, count());
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      return state.input(input).growth(values(), positions(), groups, count(), groupCount);
    }

    @Override
    void feed(GroupState state, int[] groups) {
      state.input(input).add(values(), positions(), groups, count(), state.groups());
    }

    @Override
    Piece slice(int from, int to) {
      return new SavedPairs(plan, input, part(from, to));
    }
  }

  /** Saved values of a list. */
  static final class SavedItems extends Saved {
    private final int input;
    private final int accumulator;

    SavedItems(GroupPlan plan, int input, int accumulator, Batch block) {
      super(plan, block);
      this.input = input;
      this.accumulator = accumulator;
    }

    @Override
    long growth(GroupState state, int[] groups, int groupCount) {
      long bytes = 0;
      for (FlatColumn c : values()) {
        if (c instanceof BytesColumn b) {
          bytes += b.offsets()[count()];
        }
      }
      return state.input(input).accumulator(accumulator).growth(groupCount, count(), bytes);
    }

    @Override
    void feed(GroupState state, int[] groups) {
      ((Listed) state.input(input).accumulator(accumulator)).addItems(values(), groups, count());
    }

    @Override
    Piece slice(int from, int to) {
      return new SavedItems(plan, input, accumulator, part(from, to));
    }
  }
}
