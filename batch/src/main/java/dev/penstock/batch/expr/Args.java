package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.Positions;
import org.jspecify.annotations.Nullable;

/**
 * What a strict kernel works on: arguments, and the positions that count.
 *
 * <pre>
 * value of argument k at position p   values[p & mask(k)]    the mask is 0 for a constant (an array of 1), -1 otherwise
 * selected, non-null rows             rows()[0 until rowCount()]
 * nulls of the result                 nulls(): a position is null where any argument is
 * </pre>
 *
 * <p>No constant argument is null. A kernel that cannot fail may compute every position when {@link
 * #dense}; the values at positions that are no rows are unspecified, but can be read. Made for one
 * call of one task.
 */
final class Args {
  private final FlatColumn[] columns;
  private final int[] masks;
  private final int length;
  private final int @Nullable [] selection;
  private final int count;
  private final long @Nullable [] nulls;
  private int @Nullable [] rows;
  private int rowCount = -1;

  private Args(
      FlatColumn[] columns,
      int[] masks,
      int length,
      int @Nullable [] selection,
      int count,
      long @Nullable [] nulls) {
    this.columns = columns;
    this.masks = masks;
    this.length = length;
    this.selection = selection;
    this.count = count;
    this.nulls = nulls;
  }

  /** Flattens dictionaries; constants become arrays of one. */
  static Args of(Batch batch, Column... args) {
    FlatColumn[] columns = new FlatColumn[args.length];
    int[] masks = new int[args.length];
    long[] nulls = null;
    for (int k = 0; k < args.length; k++) {
      if (args[k] instanceof ConstantColumn c) {
        columns[k] = c.single();
      } else {
        columns[k] = args[k].flat(batch.selection(), batch.count());
        masks[k] = -1;
        nulls = Bits.or(nulls, columns[k].nulls(), batch.length());
      }
    }
    return new Args(columns, masks, batch.length(), batch.selection(), batch.count(), nulls);
  }

  /** Physical length of the result. */
  int length() {
    return length;
  }

  /** The null bitmap of a strict result. */
  long @Nullable [] nulls() {
    return nulls;
  }

  /** Is computing all positions no dearer than computing the rows only? */
  boolean dense() {
    return selection == null || count > length >> 2;
  }

  private void findRows() {
    int[] in = selection != null ? selection : Positions.identity(count);
    long[] no = nulls;
    if (no == null) {
      rows = in;
      rowCount = count;
      return;
    }
    int[] out = new int[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = in[i];
      out[n] = p;
      n += (int) (~(no[p >> 6] >>> p) & 1);
    }
    rows = out;
    rowCount = n;
  }

  /**
   * The positions of the rows none of whose arguments is null, ascending; shared, not to be
   * written.
   */
  int[] rows() {
    if (rows == null) {
      findRows();
    }
    return rows;
  }

  int rowCount() {
    if (rowCount < 0) {
      findRows();
    }
    return rowCount;
  }

  int mask(int k) {
    return masks[k];
  }

  boolean constant(int k) {
    return masks[k] == 0;
  }

  DataType type(int k) {
    return columns[k].type();
  }

  int size() {
    return columns.length;
  }

  FlatColumn column(int k) {
    return columns[k];
  }

  int[] ints(int k) {
    return ((IntColumn) columns[k]).values();
  }

  long[] longs(int k) {
    return ((LongColumn) columns[k]).values();
  }

  double[] doubles(int k) {
    return ((DoubleColumn) columns[k]).values();
  }

  long[] pairs(int k) {
    return ((PairColumn) columns[k]).values();
  }

  long[] bits(int k) {
    return ((BitColumn) columns[k]).words();
  }

  BytesColumn bytes(int k) {
    return (BytesColumn) columns[k];
  }

  /** The string of a varchar argument. */
  String text(int k, int position) {
    return bytes(k).string(position & masks[k]);
  }

  /** The number of an int64 argument. */
  long number(int k, int position) {
    return longs(k)[position & masks[k]];
  }

  /** The host value, for messages. */
  @Nullable Object value(int k, int position) {
    return columns[k].value(position & masks[k]);
  }
}
