package dev.penstock.nodes.group;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one function for all groups of a table, by column. Not thread-safe; {@link #merge}
 * only reads the other one, and may run in several threads over disjoint groups of it.
 */
abstract class Accumulator {
  private static final Longs[] NO_WORDS = {};

  /** Makes room for groups 0 until n; new ones hold the state of no rows. */
  abstract void ensure(int n);

  /**
   * Takes rows: row i has {@code values[c][at[c][i]]} in column c, null where that place is
   * negative, and belongs to {@code groups[i]}.
   *
   * @param at no negative place in the columns that the input says are never null
   * @param groups null when all rows belong to group 0
   */
  abstract void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count);

  /**
   * Adds the states of other's groups {@code from[i]} to those of {@code to[i]}; no two of either
   * are equal. Neither is settled.
   */
  abstract void merge(Accumulator other, int[] from, int[] to, int count);

  // ------------------------------------------------------------------ spilling

  /** The arrays of words that are the state of each group; none for states of other shapes. */
  Longs[] words() {
    return NO_WORDS;
  }

  /**
   * Bytes that taking rows, or states, reserves at most.
   *
   * @param groups how many groups there are then
   * @param rows how many rows, or values that states list, are taken
   * @param bytes how many bytes they bring, by {@link #rowBytes} or {@link #stateBytes}
   */
  long growth(int groups, long rows, long bytes) {
    long sum = 0;
    for (Longs w : words()) {
      sum += w.growth(groups);
    }
    return sum;
  }

  /** Bytes of these rows that are kept beside words, at most. */
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    return 0;
  }

  /** Bytes of the states of these groups that are kept beside words. */
  long stateBytes(int[] groups, int count) {
    return 0;
  }

  /** How many values the states of these groups list; for those that do not, count. */
  long stateRows(int[] groups, int count) {
    return count;
  }

  /** Bytes that {@link #settle} reserves at most. */
  long settleGrowth(int groups) {
    return 0;
  }

  /** The states of these groups as columns; none when {@link Listed} gives them. */
  FlatColumn[] save(int[] groups, int count) {
    List<FlatColumn> out = new ArrayList<>();
    for (Longs w : words()) {
      int width = w.width();
      long[][] chunks = w.chunks();
      for (int k = 0; k < width; k++) {
        long[] column = new long[count];
        for (int i = 0; i < count; i++) {
          column[i] = chunks[groups[i] >>> Longs.SHIFT][(groups[i] & Longs.MASK) * width + k];
        }
        out.add(new LongColumn(DataType.INT64, column, null, count));
      }
    }
    return out.toArray(new FlatColumn[0]);
  }

  /** How many columns {@link #save} gives. */
  int savedColumns() {
    int n = 0;
    for (Longs w : words()) {
      n += w.width();
    }
    return n;
  }

  /** Replaces the states of groups 0 until count by saved ones. */
  void load(FlatColumn[] columns, int count) {
    ensure(count);
    int c = 0;
    for (Longs w : words()) {
      int width = w.width();
      long[][] chunks = w.chunks();
      for (int k = 0; k < width; k++) {
        long[] column = ((LongColumn) columns[c++]).values();
        for (int i = 0; i < count; i++) {
          chunks[i >>> Longs.SHIFT][(i & Longs.MASK) * width + k] = column[i];
        }
      }
    }
  }

  /** All rows are there: after it, results may be read, by several threads. */
  void settle(int groups, CancellationToken token) {}

  /**
   * The result of these groups.
   *
   * @param valueCounts how many rows without a null each of them had
   */
  abstract FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count);

  /** An accumulator of a kind for an input. */
  static Accumulator of(StateKind kind, GroupPlan.Input input, Reservation reservation) {
    DataType type = input.exprs().get(0).type();
    return switch (kind) {
      case EXACT_SUM -> new ExactSum(type, reservation);
      case FLOAT_SUM -> new FloatSum(reservation);
      case INTERVAL_SUM -> new IntervalSum(reservation);
      case MOMENTS -> new Moments(type, reservation);
      case HIGH_MOMENTS -> new HighMoments(reservation);
      case CO_MOMENTS -> new CoMoments(reservation);
      case AND -> new Fold(Fold.Operation.AND, reservation);
      case OR -> new Fold(Fold.Operation.OR, reservation);
      case XOR -> new Fold(Fold.Operation.XOR, reservation);
      case PRODUCT -> new Fold(Fold.Operation.PRODUCT, reservation);
      case APPROX_DISTINCT -> new ApproxDistinct(reservation);
      case PLAIN_TEXTS -> new Texts(Texts.Style.PLAIN, input, reservation);
      case ARRAY_TEXTS -> new Texts(Texts.Style.ARRAY, input, reservation);
      case OBJECT_TEXTS -> new Texts(Texts.Style.OBJECT, input, reservation);
      case FIRST -> new RowPick(RowPick.Rule.FIRST, input, reservation);
      case LAST -> new RowPick(RowPick.Rule.LAST, input, reservation);
      case LEAST_BY -> new RowPick(RowPick.Rule.LEAST, input, reservation);
      case GREATEST_BY -> new RowPick(RowPick.Rule.GREATEST, input, reservation);
      case SORTED ->
          switch (type.layout()) {
            case BITS, INTS, LONGS, DOUBLES -> new Words(type, reservation);
            case PAIRS, BYTES, OBJECTS -> new SortedValues(reservation);
          };
      case MIN, MAX -> pick(kind == StateKind.MIN, type, reservation);
    };
  }

  private static Accumulator pick(boolean min, DataType type, Reservation reservation) {
    return switch (type.layout()) {
      case BITS, INTS, LONGS, DOUBLES -> new LongPick(min, reservation);
      case PAIRS -> new PairPick(min, type, reservation);
      case BYTES -> new BytesPick(min, reservation);
      case OBJECTS ->
          throw PenstockException.unsupported(
              "no-order",
              "values of type " + type + " have no order; expected a type such as int64");
    };
  }

  /** The null bitmap of a result: groups without a value. */
  static long @Nullable [] nullsOf(long[] valueCounts, long least, int count) {
    long[] bits = null;
    for (int i = 0; i < count; i++) {
      if (valueCounts[i] < least) {
        if (bits == null) {
          bits = new long[Bits.words(count)];
        }
        Bits.set(bits, i);
      }
    }
    return bits;
  }
}
