package dev.penstock.sparql.lookup;

import java.util.Arrays;

/** Solutions: for each variable of the query an id, 0 where it is unbound. One thread. */
final class Rows {
  static final long UNBOUND = 0;

  private final int width;
  private long[] cells;
  private int count;

  Rows(int width) {
    this.width = width;
    this.cells = new long[4 * width];
  }

  /** The one solution that binds nothing. */
  static Rows unit(int width) {
    Rows out = new Rows(width);
    out.add();
    return out;
  }

  int width() {
    return width;
  }

  int count() {
    return count;
  }

  long get(int row, int slot) {
    return cells[row * width + slot];
  }

  void set(int row, int slot, long id) {
    cells[row * width + slot] = id;
  }

  /** A row that binds nothing; its number. */
  int add() {
    if ((count + 1) * width > cells.length) {
      cells = Arrays.copyOf(cells, 2 * cells.length);
    }
    return count++;
  }

  /** A copy of a row; its number. */
  int add(Rows from, int row) {
    int to = add();
    System.arraycopy(from.cells, row * width, cells, to * width, width);
    return to;
  }

  /** Takes the last row away. */
  void drop() {
    count--;
    Arrays.fill(cells, count * width, (count + 1) * width, UNBOUND);
  }

  /** A row alone. */
  Rows only(int row) {
    Rows out = new Rows(width);
    out.add(this, row);
    return out;
  }

  void addAll(Rows others) {
    for (int i = 0; i < others.count; i++) {
      add(others, i);
    }
  }

  /** Adds what two rows bind together, if they bind no variable to different terms. */
  boolean join(Rows left, int l, Rows right, int r) {
    for (int k = 0; k < width; k++) {
      long a = left.get(l, k);
      long b = right.get(r, k);
      if (a != b && a != UNBOUND && b != UNBOUND) {
        return false;
      }
    }
    int to = add(left, l);
    for (int k = 0; k < width; k++) {
      long b = right.get(r, k);
      if (b != UNBOUND) {
        set(to, k, b);
      }
    }
    return true;
  }

  /** Do two rows bind a variable to the same term, and none to different ones? */
  static boolean overlap(Rows left, int l, Rows right, int r) {
    boolean any = false;
    for (int k = 0; k < left.width; k++) {
      long a = left.get(l, k);
      long b = right.get(r, k);
      if (a != UNBOUND && b != UNBOUND) {
        if (a != b) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  /** The ids of a row. */
  long[] row(int row) {
    return Arrays.copyOfRange(cells, row * width, (row + 1) * width);
  }
}
