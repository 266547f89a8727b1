package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Located;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of a {@link GroupState}: its accumulators, and how many rows with nulls each group had
 * (from the first one on). A distinct input only keeps its different pairs of group and value;
 * {@link #settle} feeds them to the accumulators at the end.
 */
final class InputState {
  private static final int STRIDE = 2048;

  private final GroupPlan.Input input;
  private final QueryContext query;
  private final Reservation reservation;
  private final Accumulator[] accumulators;

  private final Staging staging;

  private final Located[] located;
  private final FlatColumn[] from;
  private final int[][] places;

  /** Nulls of each group. */
  private @Nullable Longs missing;

  /** Distinct: the pairs, and how many values that are not null each group has once settled. */
  private @Nullable KeyTable pairs;

  private @Nullable DataType[] pairTypes = {};
  private boolean frugal;
  private final @Nullable Longs values;
  private final int[][] at;
  private int[] groupsAt = {};

  InputState(GroupPlan.Input input, QueryContext query, Reservation reservation) {
    this.input = input;
    this.query = query;
    this.reservation = reservation;
    this.accumulators = new Accumulator[input.accumulators().size()];
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = Accumulator.of(input.accumulators().get(i), input, reservation);
    }
    this.staging = new Staging(input, accumulators, reservation);
    int columns = input.exprs().size();
    this.located = new Located[columns];
    this.from = new FlatColumn[columns];
    this.places = new int[columns][];
    this.at = new int[columns][0];
    for (int c = 0; c < columns; c++) {
      located[c] = new Located();
    }
    if (input.distinct()) {
      DataType[] types = new DataType[columns + 1];
      types[0] = DataType.INT32;
      for (int c = 0; c < columns; c++) {
        types[c + 1] = input.exprs().get(c).type();
      }
      this.pairTypes = types;
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

  /** Forgets all pairs. */
  void clearPairs() {
    pairs.close();
    pairs = new KeyTable(pairTypes, query.budget(), "group (distinct)", query.token());
    if (frugal) {
      pairs.beFrugal();
    }
  }

  void beFrugal() {
    frugal = true;
    if (pairs != null) {
      pairs.beFrugal();
    }
  }

  Accumulator accumulator(int i) {
    return accumulators[i];
  }

  /** Takes rows; groups null means that all belong to group 0. */
  void add(Column[] columns, int[] positions, int @Nullable [] groups, int count, int groupCount) {
    boolean nulls = locate(columns, positions, count);
    if (pairs != null) {
      addPairs(pairs, groups, count, nulls);
    } else {
      feed(nulls, groups, count, groupCount);
    }
    for (Located l : located) {
      l.clear();
    }
  }

  /** Finds the values of rows; whether a row may have to be left out. */
  private boolean locate(Column[] columns, int[] positions, int count) {
    boolean nulls = false;
    for (int c = 0; c < columns.length; c++) {
      located[c].set(columns[c], positions, count);
      from[c] = located[c].values();
      places[c] = located[c].at();
      nulls |= c < input.strict() && located[c].hasNulls();
    }
    return nulls;
  }

  private void feed(boolean nulls, int @Nullable [] groups, int count, int groupCount) {
    for (Accumulator a : accumulators) {
      a.ensure(groupCount);
    }
    if (!nulls) {
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
    int n = keepWhole(groups, count, m);
    for (Accumulator a : accumulators) {
      a.add(from, at, groups == null ? null : groupsAt, n);
    }
  }

  /**
   * Writes the rows without a null, in the columns where that matters, to {@link #at} and {@link
   * #groupsAt}; returns how many.
   *
   * @param lost counts the others, by group; or null
   */
  private int keepWhole(int @Nullable [] groups, int count, @Nullable Longs lost) {
    scratch(count);
    int n = 0;
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      int all = 0;
      for (int c = 0; c < input.strict(); c++) {
        all |= places[c][i];
      }
      if (all >= 0) {
        for (int c = 0; c < at.length; c++) {
          at[c][n] = places[c][i];
        }
        groupsAt[n++] = g;
      } else if (lost != null) {
        lost.set(g, lost.get(g) + 1);
      }
    }
    return n;
  }

  private void scratch(int count) {
    if (groupsAt.length < count) {
      groupsAt = new int[Math.max(count, STRIDE)];
      for (int c = 0; c < at.length; c++) {
        at[c] = new int[groupsAt.length];
      }
    }
  }

  // ------------------------------------------------------------------ distinct

  private void addPairs(KeyTable to, int @Nullable [] groups, int count, boolean nulls) {
    assignPairs(to, spreadPairs(groups, count, nulls));
  }

  /** Writes pairs to {@link #groupsAt} and {@link #at}; returns how many. */
  private int spreadPairs(int @Nullable [] groups, int count, boolean nulls) {
    int n = count;
    if (nulls) {
      n = keepWhole(groups, count, null);
    } else {
      scratch(count);
      for (int i = 0; i < count; i++) {
        groupsAt[i] = groups == null ? 0 : groups[i];
      }
      for (int c = 0; c < at.length; c++) {
        System.arraycopy(places[c], 0, at[c], 0, count);
      }
    }
    return n;
  }

  /** Adds the pairs of {@link #groupsAt} and the values at {@link #at}. */
  private void assignPairs(KeyTable to, int n) {
    to.assign(pairColumns(n), Positions.identity(n), n, new int[n]);
  }

  private Column[] pairColumns(int n) {
    Column[] columns = new Column[at.length + 1];
    columns[0] = new IntColumn(DataType.INT32, groupsAt, null, n);
    for (int c = 0; c < at.length; c++) {
      columns[c + 1] = new DictionaryColumn(from[c], at[c], n);
    }
    return columns;
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

  /** Ends the input: all rows, and all pairs, are there. */
  void settle(int groupCount) {
    if (pairs != null) {
      feedPairs(groupCount);
    }
    for (Accumulator a : accumulators) {
      a.settle(groupCount, query.token());
    }
  }

  /** Gives all pairs to the accumulators. */
  void feedPairs(int groupCount) {
    KeyTable all = pairs;
    values.ensure(groupCount);
    int[] numbers = new int[STRIDE];
    for (int start = 0; start < all.groups(); start += STRIDE) {
      query.token().check();
      int n = Math.min(STRIDE, all.groups() - start);
      for (int i = 0; i < n; i++) {
        numbers[i] = start + i;
      }
      FlatColumn[] columns = all.keys(numbers, n);
      int[] groups = ((IntColumn) columns[0]).values();
      locate(Arrays.copyOfRange(columns, 1, columns.length), Positions.identity(n), n);
      for (int i = 0; i < n; i++) {
        values.set(groups[i], values.get(groups[i]) + 1);
      }
      feed(false, groups, n, groupCount);
    }
  }

  // ------------------------------------------------------------------ bounds and saved states

  /** Bytes that {@link #ensure} reserves at most. */
  long ensureGrowth(int groupCount) {
    long sum = missing == null ? 0 : missing.growth(groupCount);
    for (Accumulator a : accumulators) {
      sum += a.growth(groupCount, 0, 0);
    }
    return sum + (values == null ? 0 : values.growth(groupCount));
  }

  /**
   * Bytes that {@link #add} reserves at most.
   *
   * @param groups as there; for distinct inputs only
   */
  long growth(
      Column[] columns, int[] positions, int @Nullable [] groups, int count, int groupCount) {
    boolean nulls = locate(columns, positions, count);
    long sum = 0;
    if (pairs != null) {
      int n = spreadPairs(groups, count, nulls);
      sum = pairs.growth(pairColumns(n), Positions.identity(n), n);
    } else {
      sum = nulls && missing == null ? Longs.bytesFor(1, groupCount) : 0;
      for (Accumulator a : accumulators) {
        sum += a.growth(groupCount, count, a.rowBytes(from, places, count));
      }
    }
    for (Located l : located) {
      l.clear();
    }
    return sum;
  }

  /** Bytes that {@link #growth} of a distinct input itself reserves at most. */
  long packingGrowth(Column[] columns, int[] positions, int @Nullable [] groups, int count) {
    boolean nulls = locate(columns, positions, count);
    int n = spreadPairs(groups, count, nulls);
    long sum = pairs.packingGrowth(pairColumns(n), Positions.identity(n), n);
    for (Located l : located) {
      l.clear();
    }
    return sum;
  }

  /** Bytes that {@link #merge} reserves at most. */
  long mergeGrowth(InputState other, int[] groups, int count, int groupCount, boolean lists) {
    long sum = other.missing != null && missing == null ? Longs.bytesFor(1, groupCount) : 0;
    for (int i = 0; i < accumulators.length; i++) {
      Accumulator a = other.accumulators[i];
      sum +=
          a instanceof Listed && !lists
              ? accumulators[i].growth(groupCount, 0, 0)
              : accumulators[i].growth(
                  groupCount, a.stateRows(groups, count), a.stateBytes(groups, count));
    }
    return sum;
  }

  /** Appends the saved states of these groups; none for a distinct input. */
  void save(int[] groups, int count, List<Column> out) {
    if (pairs != null) {
      return;
    }
    long[] lost = new long[count];
    Longs m = missing;
    if (m != null) {
      for (int i = 0; i < count; i++) {
        lost[i] = m.get(groups[i]);
      }
    }
    out.add(new LongColumn(DataType.INT64, lost, null, count));
    for (Accumulator a : accumulators) {
      out.addAll(List.of(a.save(groups, count)));
    }
  }

  /** How many columns {@link #save} appends. */
  int savedColumns() {
    return pairs == null ? 1 + staging.savedColumns() : 0;
  }

  /** Bytes that {@link #mergeSaved} reserves at most. */
  long savedGrowth(Batch saved, int column, int groupCount) {
    if (pairs != null) {
      return 0;
    }
    long sum = missing == null ? Longs.bytesFor(1, groupCount) : 0;
    return sum + staging.growth(saved, column + 1, groupCount);
  }

  /** Adds saved states to these groups; returns the first column after them. */
  int mergeSaved(Batch saved, int column, int[] to, int groupCount) {
    if (pairs != null) {
      return column;
    }
    long[] lost = ((LongColumn) saved.column(column)).values();
    addMissing(lost, to, saved.count(), groupCount);
    staging.merge(saved, column + 1, to);
    return column + savedColumns();
  }

  private void addMissing(long[] lost, int[] to, int count, int groupCount) {
    Longs m = missing;
    for (int i = 0; i < count; i++) {
      if (lost[i] != 0) {
        if (m == null) {
          m = new Longs(reservation);
          m.ensure(groupCount);
          missing = m;
        }
        m.set(to[i], m.get(to[i]) + lost[i]);
      }
    }
  }

  /** Bytes that {@link #settle} reserves at most. */
  long settleGrowth(int groupCount) {
    long sum = 0;
    KeyTable all = pairs;
    if (all == null) {
      for (Accumulator a : accumulators) {
        sum += a.settleGrowth(groupCount);
      }
      return sum;
    }
    int n = all.groups();
    for (Accumulator a : accumulators) {
      long bytes = a.words().length > 0 ? 0 : pairBytes(all, a);
      sum += a.growth(groupCount, n, bytes);
      sum += a instanceof Listed ? 108L * n + (1 << 14) : 0;
    }
    return sum;
  }

  private long pairBytes(KeyTable all, Accumulator a) {
    long sum = 0;
    int[] numbers = new int[STRIDE];
    for (int start = 0; start < all.groups(); start += STRIDE) {
      query.token().check();
      int n = Math.min(STRIDE, all.groups() - start);
      for (int i = 0; i < n; i++) {
        numbers[i] = start + i;
      }
      FlatColumn[] columns = all.keys(numbers, n);
      locate(Arrays.copyOfRange(columns, 1, columns.length), Positions.identity(n), n);
      sum += a.rowBytes(from, places, n);
    }
    return sum;
  }

  // ------------------------------------------------------------------ ends

  /**
   * Adds groups of another state; not for distinct inputs.
   *
   * @param lists whether the values of lists are among them
   */
  void merge(InputState other, int[] from, int[] to, int count, int groupCount, boolean lists) {
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i].ensure(groupCount);
      if (lists || !(accumulators[i] instanceof Listed)) {
        accumulators[i].merge(other.accumulators[i], from, to, count);
      }
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
