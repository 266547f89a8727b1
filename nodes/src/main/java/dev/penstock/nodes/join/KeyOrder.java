package dev.penstock.nodes.join;

import dev.penstock.batch.Column;
import dev.penstock.batch.kernel.Ordering;

/** The order of rows by their keys: ascending, nulls last, key by key. Stateless. */
final class KeyOrder {
  private final Ordering[] orderings;
  private final boolean[] nullSafe;

  KeyOrder(JoinSpec spec) {
    nullSafe = spec.nullSafe();
    orderings = new Ordering[nullSafe.length];
    for (int k = 0; k < orderings.length; k++) {
      orderings[k] = Ordering.of(spec.buildKeys().get(k).type());
    }
  }

  /** Whether a row can match nothing. */
  boolean isNullKey(Column[] keys, int position) {
    for (int k = 0; k < keys.length; k++) {
      if (!nullSafe[k] && keys[k].isNull(position)) {
        return true;
      }
    }
    return false;
  }

  int compare(Column[] a, int i, Column[] b, int j) {
    for (int k = 0; k < orderings.length; k++) {
      boolean aNull = a[k].isNull(i);
      boolean bNull = b[k].isNull(j);
      int order =
          aNull || bNull ? Boolean.compare(aNull, bNull) : orderings[k].compare(a[k], i, b[k], j);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
