package dev.penstock.sparql.store;

/** Sorts positions by three columns: a merge sort, runs of few by insertion. */
final class TripleSort {
  private static final int FEW = 12;

  private final LongRow a;
  private final LongRow b;
  private final LongRow c;

  TripleSort(LongRow a, LongRow b, LongRow c) {
    this.a = a;
    this.b = b;
    this.c = c;
  }

  void sort(int[] order) {
    sort(order.clone(), order, 0, order.length);
  }

  private int compare(int x, int y) {
    int first = Long.compare(a.get(x), a.get(y));
    if (first != 0) {
      return first;
    }
    int second = Long.compare(b.get(x), b.get(y));
    return second != 0 ? second : Long.compare(c.get(x), c.get(y));
  }

  /** Both arrays hold the same positions; the sorted ones come into {@code to}. */
  private void sort(int[] from, int[] to, int low, int high) {
    if (high - low <= FEW) {
      for (int i = low + 1; i < high; i++) {
        int v = to[i];
        int j = i - 1;
        for (; j >= low && compare(to[j], v) > 0; j--) {
          to[j + 1] = to[j];
        }
        to[j + 1] = v;
      }
      return;
    }
    int middle = (low + high) >>> 1;
    sort(to, from, low, middle);
    sort(to, from, middle, high);
    if (compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, low, to, low, high - low);
      return;
    }
    int l = low;
    int r = middle;
    for (int i = low; i < high; i++) {
      to[i] = r == high || (l < middle && compare(from[l], from[r]) <= 0) ? from[l++] : from[r++];
    }
  }
}
