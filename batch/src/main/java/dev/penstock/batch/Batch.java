package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/**
 * Some rows: columns of one physical length, and the positions of them that are rows. Immutable;
 * columns may be shared with other batches.
 *
 * <pre>
 * columns   c0  c1  c2       physical positions 0 .. length-1
 * selection [1, 4, 5]        or absent: all positions are rows
 * count     3                rows
 * </pre>
 *
 * <p>The selection is strictly ascending. A batch has about 2048 rows, never more than {@link
 * #MAX_ROWS}.
 */
public final class Batch {
  /** The usual number of rows. */
  public static final int ROWS = 2048;

  /** No batch is longer; masks and scratch arrays may rely on it. */
  public static final int MAX_ROWS = 65_536;

  private final Column[] columns;
  private final int length;
  private final int @Nullable [] selection;
  private final int count;

  private Batch(Column[] columns, int length, int @Nullable [] selection, int count) {
    this.columns = columns;
    this.length = length;
    this.selection = selection;
    this.count = count;
    assert length <= MAX_ROWS : length;
    assert columnsHaveLength();
  }

  private boolean columnsHaveLength() {
    for (Column c : columns) {
      if (c.length() != length) {
        throw new AssertionError("a column of " + c.length() + " in a batch of " + length);
      }
    }
    return true;
  }

  /** All positions are rows. The array is kept. */
  public static Batch of(int length, Column... columns) {
    return new Batch(columns, length, null, length);
  }

  /**
   * The same columns, only these positions of them (ascending; the array is kept, its first count
   * entries are read).
   */
  public Batch withSelection(int @Nullable [] positions, int newCount) {
    return new Batch(columns, length, positions, newCount);
  }

  /** Other columns of the same physical length, same selection. The array is kept. */
  public Batch withColumns(Column... others) {
    return new Batch(others, length, selection, count);
  }

  /** The columns; the shared array. */
  public Column[] columns() {
    return columns;
  }

  public Column column(int ordinal) {
    return columns[ordinal];
  }

  /** Physical length. */
  public int length() {
    return length;
  }

  /**
   * Positions of the rows (the first {@link #count} entries), or null when all positions are rows.
   */
  public int @Nullable [] selection() {
    return selection;
  }

  /** Rows. */
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The physical position of a row. */
  public int position(int row) {
    return selection == null ? row : selection[row];
  }

  /** A selection array in any case: the own one, or 0 until count. Not to be written. */
  public int[] positions() {
    return selection != null ? selection : Positions.identity(count);
  }

  /** The same rows without a selection; copies when there is one. */
  public Batch compact() {
    if (selection == null) {
      return this;
    }
    Column[] out = new Column[columns.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = columns[i].gather(selection, count);
    }
    return of(count, out);
  }

  /** Rows {@code from} until {@code to}; shares the columns. */
  public Batch slice(int from, int to) {
    if (from == 0 && to == count) {
      return this;
    }
    int[] out = new int[to - from];
    for (int i = from; i < to; i++) {
      out[i - from] = position(i);
    }
    return withSelection(out, out.length);
  }

  /** Bytes that the batch keeps alive, shared columns counted whole. */
  public long sizeBytes() {
    long sum = 64 + (selection == null ? 0 : 4L * selection.length);
    for (Column c : columns) {
      sum += c.sizeBytes();
    }
    return sum;
  }

  /** A row as host values: for edges and tests. */
  public @Nullable Object[] row(int row) {
    int p = position(row);
    @Nullable Object[] out = new Object[columns.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = columns[i].value(p);
    }
    return out;
  }
}
