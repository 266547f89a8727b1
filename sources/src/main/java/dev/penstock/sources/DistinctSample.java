package dev.penstock.sources;

import dev.penstock.batch.Column;
import dev.penstock.batch.kernel.Hashes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The different values of a column at one place of the data: in rows that follow each other, or in
 * a dictionary. Values are told apart by 64-bit hashes.
 *
 * <p>How many different values the whole column has is estimated from several places by capture and
 * recapture (Lincoln and Petersen): of D values a place that shows a of them and one that shows b
 * have about a*b/D in common. Places without a common value say that values stay where they are
 * (sorted data, unique keys): then there are as many in the rest, per row, as in what was seen.
 *
 * <p>Not thread-safe.
 */
public final class DistinctSample {
  private static final int FIRST_SLOTS = 1024;

  private long[] slots = new long[FIRST_SLOTS]; // 0 = free
  private int used;
  private long rows;

  /** Adds the values of rows; nulls count as rows only. */
  public void add(Column column, int @Nullable [] positions, int count) {
    rows += count;
    addValues(column, positions, count);
  }

  /** Adds values that stand for so many rows: a dictionary. */
  public void addDictionary(Column values, long standsForRows) {
    rows += standsForRows;
    addValues(values, null, values.length());
  }

  private void addValues(Column column, int @Nullable [] positions, int count) {
    long[] hashes = new long[count];
    Hashes.hash(column, positions, count, hashes);
    boolean nulls = column.mayHaveNulls();
    for (int i = 0; i < count; i++) {
      if (!nulls || !column.isNull(positions == null ? i : positions[i])) {
        add(hashes[i]);
      }
    }
  }

  private void add(long hash) {
    long h = hash == 0 ? 1 : hash;
    if (insert(slots, h)) {
      used++;
      if (used * 2 > slots.length) {
        grow();
      }
    }
  }

  private static boolean insert(long[] slots, long h) {
    int at = slot(slots, h);
    boolean fresh = slots[at] == 0;
    slots[at] = h;
    return fresh;
  }

  /** Where the hash stands, or the free slot for it. */
  private static int slot(long[] slots, long h) {
    int mask = slots.length - 1;
    int at = (int) h & mask;
    while (slots[at] != 0 && slots[at] != h) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] more = new long[slots.length * 4];
    for (long h : slots) {
      if (h != 0) {
        insert(more, h);
      }
    }
    slots = more;
  }

  /** Different values that were seen. */
  public int distinct() {
    return used;
  }

  /** Rows that were seen. */
  public long rows() {
    return rows;
  }

  /**
   * The different values of a column of so many rows.
   *
   * @param places that do not overlap; none for an unknown number (-1)
   */
  public static long estimate(List<DistinctSample> places, long totalRows) {
    long seen = 0;
    long sum = 0;
    double pairs = 0;
    for (DistinctSample p : places) {
      seen += p.rows;
      pairs += (double) sum * p.used;
      sum += p.used;
    }
    long[] union = new long[Integer.highestOneBit((int) Math.min(sum, 1 << 28) + 16) * 4];
    short[] shown = new short[union.length]; // in how many places the value is
    int distinct = 0;
    double common = 0; // values that two places have in common, over all pairs of places
    for (DistinctSample p : places) {
      for (long h : p.slots) {
        if (h != 0) {
          int at = slot(union, h);
          union[at] = h;
          distinct += shown[at] == 0 ? 1 : 0;
          common += shown[at]++;
        }
      }
    }
    if (seen == 0) {
      return totalRows == 0 ? 0 : -1;
    }
    if (seen >= totalRows) {
      return distinct;
    }
    double byRows = (double) distinct * totalRows / seen;
    double byCommon = common == 0 ? byRows : pairs / common;
    return Math.round(Math.max(distinct, Math.min(byRows, byCommon)));
  }
}
