package dev.penstock.nodes.table;

import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;

/**
 * The values of some rows and where they lie, whatever class of column they came in: row i has
 * {@code values()[at()[i]]}, and is null when {@code at()[i]} is negative. Nothing is copied but
 * positions.
 *
 * <p>Reusable: each {@link #set} replaces what it was before. Not thread-safe.
 */
public final class Located {
  private static final FlatColumn NONE = new IntColumn(DataType.INT32, new int[0], null, 0);

  private FlatColumn values = NONE;
  private int[] at = {};
  private int[] own = {};
  private boolean nulls;

  /**
   * Finds the first count positions of a column. The array of positions may be kept until the next
   * call.
   */
  public void set(Column column, int[] positions, int count) {
    nulls = false;
    if (column instanceof DictionaryColumn d) {
      values = d.dictionary();
      at = scratch(count);
      int[] ids = d.ids();
      int all = 0;
      for (int i = 0; i < count; i++) {
        int id = ids[positions[i]];
        at[i] = id;
        all |= id;
      }
      nulls = all < 0;
      if (values.nulls() != null) {
        dropNulls(at, values.nulls(), count);
      }
    } else if (column instanceof ConstantColumn c) {
      values = c.single();
      at = scratch(count);
      int place = values.isNull(0) ? -1 : 0;
      for (int i = 0; i < count; i++) {
        at[i] = place;
      }
      nulls = place < 0 && count > 0;
    } else {
      values = (FlatColumn) column;
      at = positions;
      long[] bitmap = values.nulls();
      if (bitmap != null) {
        at = scratch(count);
        System.arraycopy(positions, 0, at, 0, count);
        dropNulls(at, bitmap, count);
      }
    }
  }

  private void dropNulls(int[] places, long[] bitmap, int count) {
    int all = 0;
    for (int i = 0; i < count; i++) {
      int p = places[i];
      if (p >= 0 && Bits.get(bitmap, p)) {
        p = -1;
        places[i] = p;
      }
      all |= p;
    }
    nulls |= all < 0;
  }

  private int[] scratch(int count) {
    if (own.length < count) {
      own = new int[Math.max(count, 2048)];
    }
    return own;
  }

  /** Whether any of the rows is null. */
  public boolean hasNulls() {
    return nulls;
  }

  public FlatColumn values() {
    return values;
  }

  /** The places of the rows; not to be written. */
  public int[] at() {
    return at;
  }

  /** The bytes column, for keys and values of that layout. */
  BytesColumn bytes() {
    return (BytesColumn) values;
  }

  /** Bytes of the first count strings. */
  public long bytesOf(int count) {
    if (!(values instanceof BytesColumn c)) {
      return 0;
    }
    int[] offsets = c.offsets();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int p = at[i];
      if (p >= 0) {
        sum += offsets[p + 1] - offsets[p];
      }
    }
    return sum;
  }

  /** Forgets the column, so that it can be freed. */
  public void clear() {
    values = NONE;
    at = own;
  }
}
