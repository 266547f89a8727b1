package dev.penstock.nodes.table;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;

/**
 * Further columns of the first row of each group of a {@link KeyTable}. After each assignment
 * {@link #keep} takes those of the new groups.
 *
 * <p>Not thread-safe; once nothing is added, reads may be shared.
 */
public final class FirstRows {
  private final KeyColumn[] columns;
  private final Located located = new Located();
  private int kept;

  public FirstRows(DataType[] types, Reservation reservation) {
    this.columns = new KeyColumn[types.length];
    for (int c = 0; c < types.length; c++) {
      columns[c] = KeyColumn.of(types[c], reservation);
    }
  }

  /**
   * The first row of each group from {@code known} on, in order of groups.
   *
   * @param groups the group of each row, as assigned
   */
  public static int[] find(int[] groups, int count, int known, int groupCount) {
    int[] rows = new int[groupCount - known];
    java.util.Arrays.fill(rows, -1);
    for (int row = 0; row < count; row++) {
      int fresh = groups[row] - known;
      if (fresh >= 0 && rows[fresh] < 0) {
        rows[fresh] = row;
      }
    }
    return rows;
  }

  /** Keeps the rows of groups that are new since the last call. */
  public void keep(Column[] of, int[] positions, int[] groups, int count, int groupCount) {
    if (groupCount == kept) {
      return;
    }
    int[] rows = find(groups, count, kept, groupCount);
    for (int c = 0; c < columns.length; c++) {
      located.set(of[c], positions, count);
      columns[c].append(located, rows, rows.length);
    }
    located.clear();
    kept = groupCount;
  }

  /** Bytes that {@link #keep} of so many rows reserves at most. */
  public long growth(Column[] of, int[] positions, int count) {
    long sum = 0;
    for (int c = 0; c < columns.length; c++) {
      located.set(of[c], positions, count);
      sum += columns[c].growth(located, count);
    }
    located.clear();
    return sum;
  }

  /** The columns of these groups. */
  public FlatColumn[] read(int[] groups, int count) {
    FlatColumn[] out = new FlatColumn[columns.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = columns[c].gather(groups, count);
    }
    return out;
  }
}
