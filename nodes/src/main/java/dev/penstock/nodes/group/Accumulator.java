package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.group.GroupPlan.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The state of one function for all groups of a table, by column. Not thread-safe; {@link #merge}
 * only reads the other one, and may run in several threads over disjoint groups of it.
 */
abstract class Accumulator {
  /** Makes room for groups 0 until n; new ones hold the state of no rows. */
  abstract void ensure(int n);

  /**
   * Takes values: row i has {@code values[at[i]]}, and belongs to {@code groups[i]}.
   *
   * @param at no negative place, except for {@link Collect}, where it is a null
   * @param groups null when all rows belong to group 0
   */
  abstract void add(FlatColumn values, int[] at, int @Nullable [] groups, int count);

  /**
   * Adds the states of other's groups {@code from[i]} to those of {@code to[i]}; no two of either
   * are equal.
   */
  abstract void merge(Accumulator other, int[] from, int[] to, int count);

  /**
   * The result of these groups.
   *
   * @param valueCounts how many values (not null) each of them had
   */
  abstract FlatColumn result(
      String function, DataType type, int[] groups, long[] valueCounts, int count);

  /** An accumulator for values of a type. */
  static Accumulator of(Kind kind, DataType input, Reservation reservation) {
    return switch (kind) {
      case EXACT_SUM -> new ExactSum(input, reservation);
      case FLOAT_SUM -> new FloatSum(reservation);
      case MOMENTS -> new Moments(input, reservation);
      case COLLECT -> new Collect(input, reservation);
      case MIN, MAX ->
          switch (input.layout()) {
            case BITS, INTS, LONGS, DOUBLES -> new LongPick(kind == Kind.MIN, reservation);
            case PAIRS -> new PairPick(kind == Kind.MIN, input, reservation);
            case BYTES -> new BytesPick(kind == Kind.MIN, reservation);
            case OBJECTS ->
                throw PenstockException.unsupported(
                    "no-order",
                    "values of type " + input + " have no order; expected a type such as int64");
          };
    };
  }

  /** The null bitmap of a result: groups without a value. */
  static long @Nullable [] nullsOf(long[] valueCounts, long least, int count) {
    long[] bits = null;
    for (int i = 0; i < count; i++) {
      if (valueCounts[i] < least) {
        if (bits == null) {
          bits = new long[dev.penstock.batch.Bits.words(count)];
        }
        dev.penstock.batch.Bits.set(bits, i);
      }
    }
    return bits;
  }
}
