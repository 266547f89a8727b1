package dev.penstock.nodes.group;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Located;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * One input of a {@link GroupState}: its accumulators, and how many nulls each group had (from the
 * first null on). A distinct input only keeps its different pairs of group and value; {@link
 * #settle} feeds them to the accumulators at the end.
 */
final class InputState {
  private static final int STRIDE = 2048;

  private final GroupPlan.Input input;
  private final QueryContext query;
  private final Reservation reservation;
  private final Accumulator[] accumulators;
  private final Located located = new Located();

  /** Nulls of each group. */
  private @Nullable Longs missing;

  /** Distinct: the pairs, and how many values that are not null each group has once settled. */
  private final @Nullable KeyTable pairs;

  private final @Nullable Longs values;
  private int[] at = {};
  private int[] groupsAt = {};

  InputState(GroupPlan.Input input, QueryContext query, Reservation reservation) {
    this.input = input;
    this.query = query;
    this.reservation = reservation;
    this.accumulators = new Accumulator[input.accumulators().size()];
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] =
          Accumulator.of(input.accumulators().get(i), input.expr().type(), reservation);
    }
    if (input.distinct()) {
      DataType[] types = {DataType.INT32, input.expr().type()};
      this.pairs = new KeyTable(types, query.budget(), "group (distinct)", query.token());
      this.values = new Longs(reservation);
    } else {
      this.pairs = null;
      this.values = null;
    }
  }

  @Nullable KeyTable pairs() {
    return pairs;
  }

  Accumulator accumulator(int i) {
    return accumulators[i];
  }

  /** Takes rows; groups null means that all belong to group 0. */
  void add(Column column, int[] positions, int @Nullable [] groups, int count, int groupCount) {
    located.set(column, positions, count);
    if (pairs != null) {
      addPairs(pairs, groups, count);
    } else {
      feed(located.values(), located.at(), located.hasNulls(), groups, count, groupCount);
    }
    located.clear();
  }

  private void feed(
      FlatColumn from,
      int[] places,
      boolean nulls,
      int @Nullable [] groups,
      int count,
      int groupCount) {
    for (Accumulator a : accumulators) {
      a.ensure(groupCount);
    }
    if (input.keepsNulls() || !nulls) {
      for (Accumulator a : accumulators) {
        a.add(from, places, groups, count);
      }
      return;
    }
    Longs m = missing;
    if (m == null) {
      m = new Longs(reservation);
      missing = m;
    }
    m.ensure(groupCount);
    scratch(count);
    int n = 0;
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      if (places[i] < 0) {
        m.set(g, m.get(g) + 1);
      } else {
        at[n] = places[i];
        groupsAt[n++] = g;
      }
    }
    for (Accumulator a : accumulators) {
      a.add(from, at, groups == null ? null : groupsAt, n);
    }
  }

  private void scratch(int count) {
    if (at.length < count) {
      at = new int[Math.max(count, STRIDE)];
      groupsAt = new int[at.length];
    }
  }

  // ------------------------------------------------------------------ distinct

  private void addPairs(KeyTable to, int @Nullable [] groups, int count) {
    scratch(count);
    int n = 0;
    int[] places = located.at();
    for (int i = 0; i < count; i++) {
      if (places[i] >= 0 || input.keepsNulls()) {
        at[n] = places[i];
        groupsAt[n++] = groups == null ? 0 : groups[i];
      }
    }
    assignPairs(to, located.values(), n);
  }

  /** Adds the pairs of {@link #groupsAt} and the values at {@link #at}. */
  private void assignPairs(KeyTable to, FlatColumn from, int n) {
    Column[] columns = {
      new IntColumn(DataType.INT32, groupsAt, null, n), new DictionaryColumn(from, at, n)
    };
    to.assign(columns, Positions.identity(n), n, new int[n]);
  }

  /** Adds some pairs of another state, whose groups are these groups of here. */
  void mergePairs(InputState other, int[] numbers, int count, Ints groupOf) {
    FlatColumn[] columns = other.pairs.keys(numbers, count);
    int[] groups = ((IntColumn) columns[0]).values();
    scratch(count);
    located.set(columns[1], Positions.identity(count), count);
    for (int i = 0; i < count; i++) {
      groupsAt[i] = groupOf.get(groups[i]);
    }
    System.arraycopy(located.at(), 0, at, 0, count);
    assignPairs(pairs, located.values(), count);
  }

  /** Takes the groups of pairs {@code from} until {@code from + count}. */
  interface PairGroups {
    void take(int from, int[] groups, int count);
  }

  /** Gives the group of each pair, in order of their numbers. */
  void groupsOfPairs(PairGroups to) {
    int[] numbers = new int[STRIDE];
    for (int from = 0; from < pairs.groups(); from += STRIDE) {
      query.token().check();
      int n = Math.min(STRIDE, pairs.groups() - from);
      for (int i = 0; i < n; i++) {
        numbers[i] = from + i;
      }
      to.take(from, ((IntColumn) pairs.keys(numbers, n)[0]).values(), n);
    }
  }

  /** Ends a distinct input: all pairs are there. */
  void settle(int groupCount) {
    if (pairs == null) {
      return;
    }
    values.ensure(groupCount);
    int[] numbers = new int[STRIDE];
    for (int from = 0; from < pairs.groups(); from += STRIDE) {
      query.token().check();
      int n = Math.min(STRIDE, pairs.groups() - from);
      for (int i = 0; i < n; i++) {
        numbers[i] = from + i;
      }
      FlatColumn[] columns = pairs.keys(numbers, n);
      int[] groups = ((IntColumn) columns[0]).values();
      located.set(columns[1], Positions.identity(n), n);
      int[] places = located.at();
      for (int i = 0; i < n; i++) {
        if (places[i] >= 0) {
          values.set(groups[i], values.get(groups[i]) + 1);
        }
      }
      feed(located.values(), places, located.hasNulls(), groups, n, groupCount);
    }
  }

  // ------------------------------------------------------------------ ends

  /** Adds groups of another state; not for distinct inputs. */
  void merge(InputState other, int[] from, int[] to, int count, int groupCount) {
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i].ensure(groupCount);
      accumulators[i].merge(other.accumulators[i], from, to, count);
    }
    Longs theirs = other.missing;
    if (theirs != null) {
      Longs m = missing;
      if (m == null) {
        m = new Longs(reservation);
        missing = m;
      }
      m.ensure(groupCount);
      for (int i = 0; i < count; i++) {
        m.set(to[i], m.get(to[i]) + theirs.get(from[i]));
      }
    }
  }

  /**
   * Makes room for all groups, also those without rows, so that everything below may be read for
   * them.
   */
  void ensure(int groupCount) {
    for (Accumulator a : accumulators) {
      a.ensure(groupCount);
    }
    if (missing != null) {
      missing.ensure(groupCount);
    }
    if (values != null) {
      values.ensure(groupCount);
    }
  }

  /** How many values, not null, each of these groups had. */
  void valueCounts(Longs rows, int[] groups, int count, long[] out) {
    Longs counts = values == null ? rows : values;
    for (int i = 0; i < count; i++) {
      out[i] = counts.get(groups[i]);
    }
    Longs m = missing;
    if (m != null && values == null) {
      for (int i = 0; i < count; i++) {
        out[i] -= m.get(groups[i]);
      }
    }
  }

  void close() {
    if (pairs != null) {
      pairs.close();
    }
  }
}
