package dev.penstock.nodes.join;

/**
 * Candidate pairs: a position of the probe batch and a build row id each. A scratch buffer of one
 * lane.
 */
final class Pairs {
  final int[] at;
  final int[] ids;
  int count;

  Pairs(int capacity) {
    at = new int[capacity];
    ids = new int[capacity];
  }

  int capacity() {
    return at.length;
  }

  void add(int position, int id) {
    at[count] = position;
    ids[count++] = id;
  }

  /** Keeps the pairs at these indexes (ascending). */
  void keep(int[] indexes, int n) {
    if (n < count) {
      for (int i = 0; i < n; i++) {
        at[i] = at[indexes[i]];
        ids[i] = ids[indexes[i]];
      }
      count = n;
    }
  }
}
