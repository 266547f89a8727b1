package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Positions;
import org.jspecify.annotations.Nullable;

/**
 * Selection vectors, branch-free. In every method {@code sel} is ascending positions (its first
 * {@code count} entries) or null for 0 until count; {@code out} may be the same array as {@code
 * sel}; what comes back is how many positions were written.
 */
final class Selections {
  private Selections() {}

  /** All rows. */
  static int all(int @Nullable [] sel, int count, int[] out) {
    System.arraycopy(sel != null ? sel : Positions.identity(count), 0, out, 0, count);
    return count;
  }

  /** Those whose bit is set. */
  static int set(long[] words, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += (int) (words[i >> 6] >>> i & 1);
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += (int) (words[p >> 6] >>> p & 1);
      }
    }
    return n;
  }

  /** Those whose bit is clear; all when there is no bitmap. */
  static int clear(long @Nullable [] words, int @Nullable [] sel, int count, int[] out) {
    if (words == null) {
      return all(sel, count, out);
    }
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = sel == null ? i : sel[i];
      out[n] = p;
      n += (int) (~(words[p >> 6] >>> p) & 1);
    }
    return n;
  }

  /** Those of out[0 until n] that are not null, in place. */
  static int dropNulls(long @Nullable [] nulls, int[] out, int n) {
    return nulls == null ? n : clear(nulls, out, n, out);
  }

  /** Those through whose id a bit is set; bit 0 of the table stands for the id -1. */
  static int mapped(long[] table, int[] ids, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        int id = ids[i] + 1;
        out[n] = i;
        n += (int) (table[id >> 6] >>> id & 1);
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        int id = ids[p] + 1;
        out[n] = p;
        n += (int) (table[id >> 6] >>> id & 1);
      }
    }
    return n;
  }

  /** A bitmap of so many bits in which these positions are set. */
  static long[] bits(int[] positions, int n, int length) {
    long[] words = new long[Bits.words(length)];
    mark(words, positions, n);
    return words;
  }

  static void mark(long[] words, int[] positions, int n) {
    for (int i = 0; i < n; i++) {
      int p = positions[i];
      words[p >> 6] |= 1L << p;
    }
  }

  /** The rows whose boolean is not null and equals wanted. */
  static int where(Column c, boolean wanted, int @Nullable [] sel, int count, int[] out) {
    if (c instanceof ConstantColumn k) {
      boolean all = !k.isNull(0) && ((BitColumn) k.single()).get(0) == wanted;
      return all ? all(sel, count, out) : 0;
    }
    if (c instanceof DictionaryColumn d) {
      BitColumn dictionary = (BitColumn) d.dictionary();
      int[] entries = new int[dictionary.length()];
      int n = where(dictionary, wanted, null, dictionary.length(), entries);
      return mapped(shifted(entries, n, dictionary.length()), d.ids(), sel, count, out);
    }
    BitColumn b = (BitColumn) c;
    int n = wanted ? set(b.words(), sel, count, out) : clear(b.words(), sel, count, out);
    return dropNulls(b.nulls(), out, n);
  }

  /** The table of {@link #mapped} for these entries of a dictionary. */
  static long[] shifted(int[] entries, int n, int dictionaryLength) {
    long[] table = new long[Bits.words(dictionaryLength + 1)];
    for (int i = 0; i < n; i++) {
      Bits.set(table, entries[i] + 1);
    }
    return table;
  }

  /** The rows that are null (or not). */
  static int whereNull(Column c, boolean wanted, int @Nullable [] sel, int count, int[] out) {
    if (!c.mayHaveNulls()) {
      return wanted ? 0 : all(sel, count, out);
    }
    if (c instanceof ConstantColumn) {
      return c.isNull(0) == wanted ? all(sel, count, out) : 0;
    }
    if (c instanceof DictionaryColumn d) {
      int[] ids = d.ids();
      int flip = wanted ? 0 : 1;
      long[] no = d.dictionary().nulls();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int p = sel == null ? i : sel[i];
        int id = ids[p];
        int isNull = id >>> 31;
        if (no != null && id >= 0) {
          isNull = (int) (no[id >> 6] >>> id & 1);
        }
        out[n] = p;
        n += isNull ^ flip;
      }
      return n;
    }
    long[] nulls = ((FlatColumn) c).nulls();
    return wanted ? set(nulls, sel, count, out) : clear(nulls, sel, count, out);
  }
}
