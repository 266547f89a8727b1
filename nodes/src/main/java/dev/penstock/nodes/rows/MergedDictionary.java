package dev.penstock.nodes.rows;

import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Positions;
import dev.penstock.batch.kernel.Equality;
import dev.penstock.batch.kernel.Hashes;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary that others are added to: ids given once stay. Sources often bring a dictionary for
 * each row group, with mostly the same values. One thread.
 */
final class MergedDictionary {
  static final int MAX_VALUES = 1 << 16;

  private FlatColumn values;
  private long[] hashes = {};
  private int[] slots = {};

  MergedDictionary(FlatColumn first) {
    values = first;
  }

  FlatColumn values() {
    return values;
  }

  /**
   * Adds what is missing of another dictionary.
   *
   * @return for each id of the other its id here, or -1 for null; null if there would be too many
   *     values
   */
  int @Nullable [] add(FlatColumn other) {
    int own = values.length();
    int n = other.length();
    if (own + n > MAX_VALUES) {
      return null;
    }
    if (slots.length == 0) {
      hashes = new long[own];
      Hashes.hash(values, null, own, hashes);
      index(own);
    }
    long[] otherHashes = new long[n];
    Hashes.hash(other, null, n, otherHashes);
    int[] to = new int[n];
    int[] found = new int[n];
    int candidates = 0;
    for (int i = 0; i < n; i++) {
      to[i] = find(otherHashes[i]);
      found[candidates] = i;
      candidates += to[i] >= 0 ? 1 : 0;
    }
    // Nulls are told apart below; a null-safe comparison keeps them out of the way here.
    int equal =
        Equality.narrow(other, Positions.identity(n), values, to, found, candidates, true, found);
    ColumnBuilder builder = null;
    int next = own;
    int known = 0;
    for (int i = 0; i < n; i++) {
      if (known < equal && found[known] == i) {
        known++;
        to[i] = other.isNull(i) ? -1 : to[i];
      } else if (other.isNull(i)) {
        to[i] = -1;
      } else {
        if (builder == null) {
          builder = ColumnBuilder.of(values.type(), own + n);
          for (int v = 0; v < own; v++) {
            builder.append(values, v);
          }
          hashes = java.util.Arrays.copyOf(hashes, own + n);
        }
        builder.append(other, i);
        hashes[next] = otherHashes[i];
        to[i] = next++;
      }
    }
    if (builder != null) {
      values = builder.build();
      index(next);
    }
    return to;
  }

  /** The first id with that hash, or -1. */
  private int find(long hash) {
    int mask = slots.length - 1;
    for (int s = (int) hash & mask; slots[s] != 0; s = s + 1 & mask) {
      if (hashes[slots[s] - 1] == hash) {
        return slots[s] - 1;
      }
    }
    return -1;
  }

  private void index(int size) {
    int mask = Integer.highestOneBit(Math.max(8, size * 2)) * 2 - 1;
    slots = new int[mask + 1];
    for (int id = 0; id < size; id++) {
      int s = (int) hashes[id] & mask;
      while (slots[s] != 0) {
        s = s + 1 & mask;
      }
      slots[s] = id + 1;
    }
  }
}
