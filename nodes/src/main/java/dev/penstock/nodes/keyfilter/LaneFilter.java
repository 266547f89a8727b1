package dev.penstock.nodes.keyfilter;

import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.batch.kernel.Hashes;
import org.jspecify.annotations.Nullable;

/**
 * A runtime filter as one lane of a scan applies it: it is taken up when it is there, and rests for
 * a while when nearly all rows of a sample have passed. One thread at a time.
 */
public final class LaneFilter {
  /** After so many tested rows it is decided whether testing goes on. */
  static final int SAMPLE_ROWS = 8192;

  /** When more than this share (in percent) passed, it does not, ... */
  static final int USELESS_PERCENT = 90;

  /** ... until so many rows have gone by. */
  static final int REST_ROWS = 32 * SAMPLE_ROWS;

  /** A dictionary that is seen for the first time is tested whole if it is not much larger. */
  private static final int DICTIONARY_TIMES_ROWS = 4;

  private final RuntimeFilter source;
  private @Nullable KeyFilter filter;
  private int tested;
  private int passed;
  private int resting;
  private int[] at = {};
  private int[] notNull = {};
  private long[] words = {};
  private @Nullable FlatColumn dictionary;
  private byte @Nullable [] verdicts;

  public LaneFilter(RuntimeFilter source) {
    this.source = source;
  }

  /** Ordinal of the columns that the scan delivers. */
  public int column() {
    return source.column();
  }

  /** Whether the build side is complete; takes the filter up. */
  public boolean isThere() {
    if (filter == null && source.filter().isSet()) {
      filter = source.filter().get();
    }
    return filter != null;
  }

  /** Whether rows with null pass; only when it is there. */
  public boolean passesNull() {
    return now().nullPasses();
  }

  /** Whether the next rows are to be tested; counts them when not. */
  public boolean applies(int rows) {
    if (!isThere()) {
      return false;
    }
    if (resting > 0) {
      resting -= rows;
      return false;
    }
    return true;
  }

  /**
   * Selects; only after {@link #applies}.
   *
   * @param selection the rows' positions in the column, or null for 0 until count
   * @param out takes the positions that pass, in their order
   * @return how many
   */
  public int select(Column column, int @Nullable [] selection, int count, int[] out) {
    int n = selectUncounted(column, selection, count, out);
    tested += count;
    passed += n;
    if (tested >= SAMPLE_ROWS) {
      resting = passed * 100L > (long) tested * USELESS_PERCENT ? REST_ROWS : 0;
      tested = 0;
      passed = 0;
    }
    return n;
  }

  private int selectUncounted(Column column, int @Nullable [] selection, int count, int[] out) {
    int[] positions = selection == null ? Positions.identity(count) : selection;
    if (column instanceof ConstantColumn c) {
      int[] one = new int[1];
      int n = count > 0 && selectFlat(c.single(), Positions.identity(1), 1, one) == 1 ? count : 0;
      System.arraycopy(positions, 0, out, 0, n);
      return n;
    }
    if (column instanceof DictionaryColumn d) {
      byte[] pass = verdicts(d.dictionary(), count);
      return pass == null
          ? selectIds(d, positions, count, out)
          : select(d, pass, positions, count, out);
    }
    return selectFlat((FlatColumn) column, positions, count, out);
  }

  /**
   * For each entry of a dictionary whether it passes, and at the end whether null does; only when
   * it is there.
   */
  public byte[] verdicts(FlatColumn entries) {
    if (verdicts != null && dictionary == entries) {
      return verdicts;
    }
    int n = entries.length();
    byte[] pass = new byte[n + 1];
    int[] out = new int[n];
    int m = selectFlat(entries, Positions.identity(n), n, out);
    for (int i = 0; i < m; i++) {
      pass[out[i]] = 1;
    }
    pass[n] = (byte) (now().nullPasses ? 1 : 0);
    dictionary = entries;
    verdicts = pass;
    return pass;
  }

  private byte @Nullable [] verdicts(FlatColumn entries, int count) {
    if (entries != dictionary && entries.length() > (long) count * DICTIONARY_TIMES_ROWS) {
      dictionary = entries;
      verdicts = null;
      return null;
    }
    return verdicts(entries);
  }

  private static int select(
      DictionaryColumn column, byte[] pass, int[] positions, int count, int[] out) {
    int[] ids = column.ids();
    int none = pass.length - 1;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      int id = ids[p];
      out[n] = p;
      n += pass[id < 0 ? none : id];
    }
    return n;
  }

  /** By the entries of the rows alone. */
  private int selectIds(DictionaryColumn column, int[] positions, int count, int[] out) {
    Column rows = column.gather(positions, count);
    FlatColumn flat = rows.flat(null, count);
    int n = selectFlat(flat, Positions.identity(count), count, out);
    for (int i = 0; i < n; i++) {
      out[i] = positions[out[i]];
    }
    return n;
  }

  private KeyFilter now() {
    KeyFilter f = filter;
    if (f == null) {
      throw new IllegalStateException("a runtime filter is used before it applies");
    }
    return f;
  }

  private int selectFlat(FlatColumn column, int[] positions, int count, int[] out) {
    KeyFilter f = now();
    if (at.length < count) {
      at = new int[count];
      words = new long[count];
    }
    int n = count;
    int[] from = positions;
    if (column.mayHaveNulls()) {
      from = at;
      n = 0;
      for (int i = 0; i < count; i++) {
        int p = positions[i];
        at[n] = p;
        n += column.isNull(p) ? 0 : 1;
      }
      if (n < count && f.nullPasses) {
        return selectWithNulls(f, column, positions, count, n, out);
      }
    }
    return selectValues(f, column, from, n, out);
  }

  /** The values at {@code from} (which may be {@code at} itself) are not null. */
  private int selectValues(KeyFilter f, FlatColumn column, int[] from, int count, int[] out) {
    if (f.isEmpty()) {
      return 0;
    }
    KeySet set = f.set;
    int[] passing = from;
    int n = count;
    if (f.integers) {
      n =
          column instanceof LongColumn c
              ? inRange(c.values(), f.least(), f.greatest(), from, count)
              : inRange(((IntColumn) column).values(), f.least(), f.greatest(), from, count);
      passing = at;
    } else if (set != null) {
      Hashes.hash(column, from, count, words);
    }
    if (set == null) {
      System.arraycopy(passing, 0, out, 0, n);
      return n;
    }
    return set.select(words, passing, n, out);
  }

  /** The words within the range, and their positions in {@code at}, which may be {@code from}. */
  private int inRange(long[] values, long least, long greatest, int[] from, int count) {
    long[] w = words;
    int[] a = at;
    // Unsigned: the distance from the least value is at most that of the greatest one.
    long width = greatest - least + Long.MIN_VALUE;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = from[i];
      long word = values[p];
      a[n] = p;
      w[n] = word;
      n += word - least + Long.MIN_VALUE <= width ? 1 : 0;
    }
    return n;
  }

  private int inRange(int[] values, long least, long greatest, int[] from, int count) {
    long[] w = words;
    int[] a = at;
    long width = greatest - least + Long.MIN_VALUE;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = from[i];
      long word = values[p];
      a[n] = p;
      w[n] = word;
      n += word - least + Long.MIN_VALUE <= width ? 1 : 0;
    }
    return n;
  }

  /** Two ascending lists become one: the rows that are null, and those of the others that pass. */
  private int selectWithNulls(
      KeyFilter f, FlatColumn column, int[] positions, int count, int values, int[] out) {
    if (notNull.length < count) {
      notNull = new int[count];
    }
    int m = selectValues(f, column, at, values, notNull);
    int next = 0;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      boolean pass = column.isNull(p);
      if (!pass && next < m && notNull[next] == p) {
        pass = true;
        next++;
      }
      out[n] = p;
      n += pass ? 1 : 0;
    }
    return n;
  }
}
