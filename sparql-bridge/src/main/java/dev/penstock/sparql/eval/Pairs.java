package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;

/**
 * Two columns of ids, of which either may be a constant: the value of argument k at position p is
 * {@code values[p & mask]}. Made for one call.
 */
final class Pairs {
  final long[] left;
  final long[] right;
  final int leftMask;
  final int rightMask;
  private final FlatColumn leftColumn;
  private final FlatColumn rightColumn;

  Pairs(Batch batch, Column[] args) {
    leftColumn = flat(batch, args[0]);
    rightColumn = flat(batch, args[1]);
    left = ((LongColumn) leftColumn).values();
    right = ((LongColumn) rightColumn).values();
    leftMask = args[0] instanceof ConstantColumn ? 0 : -1;
    rightMask = args[1] instanceof ConstantColumn ? 0 : -1;
  }

  private static FlatColumn flat(Batch batch, Column column) {
    return column instanceof ConstantColumn c
        ? c.single()
        : column.flat(batch.selection(), batch.count());
  }

  /** Where either is null, for positions that are rows. */
  boolean isNull(int position) {
    return leftColumn.isNull(position & leftMask) || rightColumn.isNull(position & rightMask);
  }

  /** A bitmap for the nulls of a result, with those of the rows set. */
  long[] nulls(Batch batch) {
    long[] out = new long[Bits.words(batch.length())];
    if (leftColumn.mayHaveNulls() || rightColumn.mayHaveNulls()) {
      for (int i = 0; i < batch.count(); i++) {
        int p = batch.position(i);
        if (isNull(p)) {
          Bits.set(out, p);
        }
      }
    }
    return out;
  }
}
