package dev.penstock.nodes.window;

import dev.penstock.batch.FlatColumn;

/** Reads an argument in the order of the sorted rows, some thousand rows at a time. */
final class ArgumentCursor {
  private final SortedRows rows;
  private final Argument argument;

  /** Rows {@code from} until {@code to} are in the column, the first at position 0. */
  int from;

  int to;
  FlatColumn column;

  ArgumentCursor(SortedRows rows, Argument argument) {
    this.rows = rows;
    this.argument = argument;
    this.column = rows.read(argument, 0, 0).flat(null, 0);
  }

  /** Makes the column hold a row; true if it was read anew. */
  boolean seek(int row) {
    if (row >= from && row < to) {
      return false;
    }
    rows.token.check();
    from = rows.readStart(row);
    to = rows.readEnd(row);
    column = rows.read(argument, from, to - from).flat(null, to - from);
    return true;
  }

  boolean isNull(int row) {
    seek(row);
    return column.isNull(row - from);
  }
}
