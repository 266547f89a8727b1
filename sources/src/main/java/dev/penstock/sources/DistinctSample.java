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
  private static final int FIRST_SLOTS = 64;

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
    int mask = slots.length - 1;
    int at = (int) h & mask;
    while (slots[at] != 0) {
      if (slots[at] == h) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = h;
    return true;
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

  private boolean has(long h) {
    int mask = slots.length - 1;
    int at = (int) h & mask;
    while (slots[at] != 0) {
      if (slots[at] == h) {
        return true;
      }
      at = (at + 1) & mask;
    }
    return false;
  }

  /** Different values that were seen. */
  public int distinct() {
    return used;
  }

  /** Rows that were seen. */
  public long rows() {
    return rows;
  }

  private int common(DistinctSample other) {
    int n = 0;
    for (long h : other.slots) {
      if (h != 0 && has(h)) {
        n++;
      }
    }
    return n;
  }

  /**
   * The different values of a column of so many rows.
   *
   * @param places that do not overlap; none for an unknown number (-1)
   */
  public static long estimate(List<DistinctSample> places, long totalRows) {
    DistinctSample union = new DistinctSample();
    double pairs = 0;
    double common = 0;
    for (int i = 0; i < places.size(); i++) {
      DistinctSample p = places.get(i);
      for (int j = 0; j < i; j++) {
        pairs += (double) p.used * places.get(j).used;
        common += places.get(j).common(p);
      }
      for (long h : p.slots) {
        if (h != 0) {
          union.add(h);
        }
      }
      union.rows += p.rows;
    }
    if (union.rows == 0) {
      return totalRows == 0 ? 0 : -1;
    }
    if (union.rows >= totalRows) {
      return union.used;
    }
    double byRows = (double) union.used * totalRows / union.rows;
    double byCommon = common == 0 ? byRows : pairs / common;
    return Math.round(Math.max(union.used, Math.min(byRows, byCommon)));
  }
}
