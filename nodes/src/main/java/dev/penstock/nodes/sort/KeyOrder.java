package dev.penstock.nodes.sort;

import dev.penstock.batch.Column;
import dev.penstock.batch.kernel.Ordering;

/** Compares rows by their keys, for what prefixes do not decide. Immutable. */
final class KeyOrder {
  private final SortKey[] keys;
  private final Ordering[] orderings;

  KeyOrder(SortKey[] keys) {
    this.keys = keys;
    this.orderings = new Ordering[keys.length];
    for (int k = 0; k < orderings.length; k++) {
      orderings[k] = Ordering.of(keys[k].expr().type());
    }
  }

  /** Compares one key of two rows: nulls and direction as the sort wants it. */
  int compareKey(int k, Column a, int i, Column b, int j) {
    SortKey key = keys[k];
    boolean an = a.isNull(i);
    boolean bn = b.isNull(j);
    if (an || bn) {
      return an == bn ? 0 : an == key.nullsFirst() ? -1 : 1;
    }
    int c = orderings[k].compare(a, i, b, j);
    return key.descending() ? -c : c;
  }

  /** Compares two rows by their keys, from one on; the columns are those of the keys. */
  int compare(int firstKey, Column[] a, int i, Column[] b, int j) {
    return compare(firstKey, keys.length, a, i, b, j);
  }

  /** Compares two rows by some of their keys. */
  int compare(int firstKey, int untilKey, Column[] a, int i, Column[] b, int j) {
    for (int k = firstKey; k < untilKey; k++) {
      int c = compareKey(k, a[k], i, b[k], j);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }
}
