package dev.penstock.nodes.group;

import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * One word for each group, to which every value is applied: {@code bit-and bit-or bit-xor} of
 * integers, and {@code product} of doubles (the word is the bits of a double).
 */
final class Fold extends ColumnAccumulator {
  /** The operation. */
  enum Operation {
    AND,
    OR,
    XOR,
    PRODUCT
  }

  private final Operation operation;
  private final Longs words;

  Fold(Operation operation, Reservation reservation) {
    this.operation = operation;
    this.words =
        new Longs(
            reservation,
            1,
            switch (operation) {
              case AND -> -1;
              case OR, XOR -> 0;
              case PRODUCT -> Double.doubleToRawLongBits(1);
            });
  }

  @Override
  Longs[] words() {
    return new Longs[] {words};
  }

  @Override
  void ensure(int n) {
    words.ensure(n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    if (values instanceof LongColumn c) {
      addLongs(c.values(), at, groups, count);
    } else if (values instanceof IntColumn c) {
      addInts(c.values(), at, groups, count);
    } else {
      multiply(((DoubleColumn) values).values(), at, groups, count);
    }
  }

  private void addLongs(long[] v, int[] at, int @Nullable [] groups, int count) {
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      words.set(g, apply(words.get(g), v[at[i]]));
    }
  }

  private void addInts(int[] v, int[] at, int @Nullable [] groups, int count) {
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      words.set(g, apply(words.get(g), v[at[i]]));
    }
  }

  private long apply(long a, long b) {
    return switch (operation) {
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case PRODUCT ->
          Double.doubleToRawLongBits(Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
    };
  }

  private void multiply(double[] v, int[] at, int @Nullable [] groups, int count) {
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      double product = Double.longBitsToDouble(words.get(g)) * v[at[i]];
      words.set(g, Double.doubleToRawLongBits(product));
    }
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    Fold in = (Fold) other;
    for (int i = 0; i < count; i++) {
      words.set(to[i], apply(words.get(to[i]), in.words.get(from[i])));
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    long[] v = new long[count];
    for (int i = 0; i < count; i++) {
      v[i] = words.get(groups[i]);
    }
    return ValueColumn.ofWords(output.type(), v, nullsOf(valueCounts, 1, count), count);
  }
}
