package dev.penstock.batch;

/** The identity selection 0, 1, 2, ..., shared. */
public final class Positions {
  private static final int[] SHARED = make(1 << 16);

  private Positions() {}

  private static int[] make(int n) {
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      out[i] = i;
    }
    return out;
  }

  /** An array that begins 0, 1, ... count - 1. It is shared: nobody writes to it. */
  public static int[] identity(int count) {
    return count <= SHARED.length ? SHARED : make(count);
  }
}
