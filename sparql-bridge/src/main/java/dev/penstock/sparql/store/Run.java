package dev.penstock.sparql.store;

/**
 * Triples in the order of three of their parts, without duplicates. Immutable.
 *
 * <pre>
 * SPO:  a = subject    b = predicate  c = object
 * POS:  a = predicate  b = object     c = subject
 * OSP:  a = object     b = subject    c = predicate
 * </pre>
 */
final class Run {
  private final LongRow[] keys;

  private Run(LongRow a, LongRow b, LongRow c) {
    this.keys = new LongRow[] {a, b, c};
  }

  /** Sorts; duplicates are dropped. */
  static Run of(LongRow a, LongRow b, LongRow c) {
    int n = a.size();
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    new TripleSort(a, b, c).sort(order);
    LongRow x = new LongRow();
    LongRow y = new LongRow();
    LongRow z = new LongRow();
    for (int i = 0; i < n; i++) {
      int r = order[i];
      int last = x.size() - 1;
      if (last < 0
          || x.get(last) != a.get(r)
          || y.get(last) != b.get(r)
          || z.get(last) != c.get(r)) {
        x.add(a.get(r));
        y.add(b.get(r));
        z.add(c.get(r));
      }
    }
    return new Run(x, y, z);
  }

  int size() {
    return keys[0].size();
  }

  /** The values of the first, second or third part. */
  LongRow key(int part) {
    return keys[part];
  }

  /**
   * The first position that is not below the given parts.
   *
   * @param after the first one above them instead
   */
  int bound(long[] parts, int count, boolean after) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = 0;
      for (int k = 0; k < count && order == 0; k++) {
        order = Long.compare(keys[k].get(middle), parts[k]);
      }
      if (order < 0 || (after && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  long sizeBytes() {
    return keys[0].sizeBytes() + keys[1].sizeBytes() + keys[2].sizeBytes();
  }
}
