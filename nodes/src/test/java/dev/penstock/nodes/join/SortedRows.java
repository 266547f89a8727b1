package dev.penstock.nodes.join;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.SortedSource;
import java.util.Arrays;

/**
 * Rows of int64 columns in arrays, sorted by the first one, which is found by looking through all.
 */
final class SortedRows implements SortedSource {
  static final int FINDER_BYTES = 1000;

  private final long[][] columns;
  private final int rows;

  SortedRows(long[]... columns) {
    this.columns = columns;
    this.rows = columns[0].length;
  }

  @Override
  public Schema schema() {
    Field[] fields = new Field[columns.length];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = new Field("c" + i, DataType.INT64, false);
    }
    return Schema.of(fields);
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    throw new AssertionError("a merge join does not scan");
  }

  @Override
  public int sortedBy() {
    return 0;
  }

  @Override
  public long findsAmong(int column) {
    return column == 0 ? rows : -1;
  }

  @Override
  public long finderBytes(int count) {
    return FINDER_BYTES;
  }

  @Override
  public Finder finder(int column, int[] copied) {
    if (column != 0) {
      throw new AssertionError("column " + column);
    }
    long[] keys = columns[0];
    return new Finder() {
      private int first;

      @Override
      public long find(long key) {
        first = 0;
        while (first < rows && keys[first] < key) {
          first++;
        }
        return Arrays.stream(keys).filter(k -> k == key).count();
      }

      @Override
      public void copy(int c, long from, int count, long[] out, int outAt) {
        System.arraycopy(columns[copied[c]], first + (int) from, out, outAt, count);
      }
    };
  }
}
