package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one flat column, chunk after chunk, in the order of the rows. A page is
 * decompressed only when one of its rows is wanted. Used by one thread at a time.
 *
 * <pre>
 * page 0 | page 1 | page 2        row = next row in the current page
 *          ^row                   loaded = levels read and values in place; valuesAt = the row that the value cursor stands at
 * </pre>
 */
final class ColumnReader implements FlatReader {
  private final ParquetColumn column;
  private final PageReader reader;
  private final PageLevels levels = new PageLevels();
  private final PlainForm plainForm;
  private final PlainValues plain;
  private final IdDecoder ids = new IdDecoder();
  private final Reservation held;

  private @Nullable Chunk chunk;
  private List<Page> pages = List.of();
  private @Nullable FlatColumn dictionary;
  private long dictionaryBytes;
  private int current; // ordinal in pages
  private int row;
  private boolean loaded;
  private int valuesAt;
  private long @Nullable [] pageNulls;

  private int[] scratchIds = {};
  private int[] gatheredIds = {};
  private int[] picks = {};

  ColumnReader(ParquetColumn column, PageCodec codec, Reservation held) {
    this.column = column;
    this.reader = new PageReader(codec, held);
    this.plainForm = new PlainForm(held);
    this.plain = PlainValues.of(column);
    this.held = held;
  }

  @Override
  public void begin(Chunk next) {
    end();
    chunk = next;
    pages = PageReader.pages(next);
    long rows = 0;
    for (Page p : pages) {
      rows += p.isDictionary() ? 0 : p.values();
    }
    if (rows != next.rows()) {
      throw next.place()
          .corrupt("it has " + rows + " values in a row group of " + next.rows() + " rows", 0);
    }
    current = 0;
    row = 0;
    loaded = false;
    if (!pages.isEmpty() && pages.get(0).isDictionary()) {
      readDictionary(next, pages.get(0));
      current = 1;
    }
    passEmptyPages();
  }

  @Override
  public void end() {
    chunk = null;
    pages = List.of();
    dictionary = null;
    held.shrink(dictionaryBytes);
    dictionaryBytes = 0;
  }

  /** The dictionary of a chunk of which nothing but its begin need be there; null without one. */
  @Nullable FlatColumn dictionaryOf(Chunk begin) {
    end();
    Page page = PageReader.dictionary(begin);
    if (page != null) {
      readDictionary(begin, page);
    }
    return dictionary;
  }

  private void readDictionary(Chunk c, Page page) {
    try {
      reader.load(c, page);
      int n = page.values();
      plain.page(reader.bytes, reader.from, reader.to, n);
      long bytes = valueBytes(column.type().layout(), n, page.uncompressedBytes());
      held.grow(bytes);
      dictionaryBytes = bytes;
      plain.start(n);
      plain.read(0, n);
      dictionary = plain.finish(null, n);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw c.place()
          .corrupt("the dictionary page: " + e.getMessage(), page.header() - c.from(), e);
    }
  }

  /** Bytes of a column of n values that take so many bytes in PLAIN form. */
  static long valueBytes(Layout layout, int n, int plainBytes) {
    return 64
        + switch (layout) {
          case BITS -> n / 8L;
          case INTS -> 4L * n;
          case LONGS, DOUBLES -> 8L * n;
          case BYTES -> 4L * n + plainBytes;
          default -> 16L * n;
        };
  }

  @Override
  public @Nullable FlatColumn dictionary() {
    return dictionary;
  }

  @Override
  public boolean isAllDictionary() {
    for (Page p : pages) {
      if (!p.isDictionary() && !p.hasIds()) {
        return false;
      }
    }
    return dictionary != null;
  }

  @Override
  public int uniformRows(int limit) {
    if (current >= pages.size()) {
      return limit;
    }
    boolean withIds = pages.get(current).hasIds();
    long rows = (long) pages.get(current).values() - row;
    for (int i = current + 1;
        i < pages.size() && rows < limit && pages.get(i).hasIds() == withIds;
        i++) {
      rows += pages.get(i).values();
    }
    return (int) Math.min(rows, limit);
  }

  @Override
  public boolean nextIsDictionary() {
    return current < pages.size() && pages.get(current).hasIds();
  }

  @Override
  public void skip(int n) {
    int left = n;
    while (left > 0) {
      int take = Math.min(left, pages.get(current).values() - row);
      advance(take);
      left -= take;
    }
  }

  /** Moves the row cursor; values follow when they are needed. */
  private void advance(int n) {
    row += n;
    if (row == pages.get(current).values()) {
      current++;
      row = 0;
      loaded = false;
      passEmptyPages();
    }
  }

  private void passEmptyPages() {
    while (current < pages.size() && pages.get(current).values() == 0) {
      current++;
    }
  }

  @Override
  public Column read(int n, int @Nullable [] positions, int count, boolean keepDictionary) {
    Chunk c = java.util.Objects.requireNonNull(chunk);
    int offset = current < pages.size() ? pages.get(current).header() - c.from() : 0;
    try {
      return nextIsDictionary()
          ? readIds(c, n, positions, count, keepDictionary)
          : readPlain(c, n, positions, count);
    } catch (PenstockException e) {
      throw e;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw c.place().corrupt(String.valueOf(e.getMessage()), offset, e);
    }
  }

  private Column readPlain(Chunk c, int n, int @Nullable [] positions, int count) {
    plain.start(count);
    long[] nulls = null;
    int done = 0; // rows of the window
    int out = 0; // positions written
    while (done < n) {
      int take = Math.min(n - done, pages.get(current).values() - row);
      int wanted = positions == null ? take : below(positions, out, count, done + take) - out;
      if (wanted > 0) {
        load(c);
        int values = catchUp(take);
        boolean someNull = values < take;
        if (positions == null) {
          plain.read(out, values);
          if (someNull) {
            nulls = nulls == null ? new long[Bits.words(count)] : nulls;
            Bitmaps.or(pageNulls(), row, nulls, out, take);
          }
        } else {
          int[] p = picks(wanted);
          int k;
          if (someNull) {
            nulls = nulls == null ? new long[Bits.words(count)] : nulls;
            k = rank(positions, out, wanted, done, nulls, p);
          } else {
            k = wanted;
            for (int i = 0; i < wanted; i++) {
              p[i] = positions[out + i] - done;
            }
          }
          plain.pick(p, k, out, values);
          values = k;
        }
        if (someNull) {
          plain.spread(out, wanted, values, nulls);
        }
        valuesAt = row + take;
      }
      advance(take);
      done += take;
      out += wanted;
    }
    return plain.finish(nulls, count);
  }

  private Column readIds(
      Chunk c, int n, int @Nullable [] positions, int count, boolean keepDictionary) {
    boolean keep = keepDictionary || column.type().layout() == Layout.BYTES;
    if (!keep && gatheredIds.length < count) {
      held.grow(4L * (count - gatheredIds.length));
      gatheredIds = new int[count];
    }
    int[] result = keep ? new int[count] : gatheredIds;
    boolean anyNull = false;
    int done = 0;
    int out = 0;
    while (done < n) {
      int take = Math.min(n - done, pages.get(current).values() - row);
      int wanted = positions == null ? take : below(positions, out, count, done + take) - out;
      if (wanted > 0) {
        load(c);
        int values = catchUp(take);
        if (positions == null) {
          ids.read(result, out, values);
          if (values < take) {
            anyNull = true;
            spreadIds(result, out, take, values);
          }
        } else {
          if (scratchIds.length < take) {
            held.grow(4L * (take - scratchIds.length));
            scratchIds = new int[take];
          }
          int[] s = scratchIds;
          ids.read(s, 0, values);
          if (values < take) {
            anyNull = true;
            spreadIds(s, 0, take, values);
          }
          for (int i = 0; i < wanted; i++) {
            result[out + i] = s[positions[out + i] - done];
          }
        }
        valuesAt = row + take;
      }
      advance(take);
      done += take;
      out += wanted;
    }
    return ofDictionary(result, count, anyNull, keep);
  }

  private Column ofDictionary(int[] result, int count, boolean anyNull, boolean keep) {
    FlatColumn d = dictionary;
    if (d == null) {
      throw new IllegalArgumentException("a page of dictionary ids, but there is no dictionary");
    }
    checkIds(result, count, d.length(), anyNull ? -1 : 0);
    if (keep) {
      return new DictionaryColumn(d, result, count, anyNull);
    }
    if (!anyNull && d instanceof LongColumn l) {
      long[] in = l.values();
      long[] o = new long[count];
      for (int i = 0; i < count; i++) {
        o[i] = in[result[i]];
      }
      return new LongColumn(d.type(), o, null, count);
    }
    if (!anyNull && d instanceof IntColumn l) {
      int[] in = l.values();
      int[] o = new int[count];
      for (int i = 0; i < count; i++) {
        o[i] = in[result[i]];
      }
      return new IntColumn(d.type(), o, null, count);
    }
    return d.gather(result, count);
  }

  /** Every id lies between least and size - 1: the sign bit of both distances stays clear. */
  private static void checkIds(int[] ids, int count, int size, int least) {
    int last = size - 1;
    int signs = 0;
    for (int i = 0; i < count; i++) {
      signs |= (last - ids[i]) | (ids[i] - least);
    }
    if (signs < 0) {
      throw new IllegalArgumentException(
          "a dictionary id beyond the dictionary of " + size + " values");
    }
  }

  private void spreadIds(int[] o, int to, int rows, int values) {
    long[] nulls = pageNulls();
    int k = values - 1;
    for (int i = rows - 1; i >= 0; i--) {
      o[to + i] = Bits.get(nulls, row + i) ? -1 : o[to + k--];
    }
  }

  private long[] pageNulls() {
    return java.util.Objects.requireNonNull(pageNulls);
  }

  /** How many positions (from index on) lie below a row. */
  private static int below(int[] positions, int index, int count, int rowLimit) {
    if (index < count && positions[count - 1] < rowLimit) {
      return count;
    }
    int i = index;
    while (i < count && positions[i] < rowLimit) {
      i++;
    }
    return i;
  }

  /** Value ordinals of the wanted rows that are not null; the others become nulls of the output. */
  private int rank(int[] positions, int from, int wanted, int base, long[] nullsOut, int[] p) {
    long[] nulls = pageNulls();
    int k = 0;
    int at = row;
    int nullsBefore = 0;
    for (int i = 0; i < wanted; i++) {
      int r = row + positions[from + i] - base;
      nullsBefore += Bitmaps.count(nulls, at, r);
      at = r;
      if (Bits.get(nulls, r)) {
        Bits.set(nullsOut, from + i);
      } else {
        p[k++] = r - row - nullsBefore;
      }
    }
    return k;
  }

  private int[] picks(int n) {
    if (picks.length < n) {
      held.grow(4L * (n - picks.length));
      picks = new int[n];
    }
    return picks;
  }

  /**
   * Brings the value cursor to the current row; gives the number of values (not nulls) in the next
   * {@code take} rows.
   */
  private int catchUp(int take) {
    if (valuesAt < row) {
      int values = valuesIn(valuesAt, row);
      if (pages.get(current).hasIds()) {
        ids.skip(values);
      } else {
        plain.skip(values);
      }
      valuesAt = row;
    }
    return valuesIn(row, row + take);
  }

  private int valuesIn(int from, int to) {
    return pageNulls == null ? to - from : to - from - Bitmaps.count(pageNulls, from, to);
  }

  private void load(Chunk c) {
    if (loaded) {
      return;
    }
    Page page = pages.get(current);
    reader.load(c, page);
    int from = reader.from;
    pageNulls = null;
    if (column.optional()) {
      pageNulls = levels.nulls(c, page, reader.bytes, from, reader.to);
      from += levels.consumed;
    }
    int values = valuesIn(0, page.values());
    if (page.hasIds()) {
      if (values > 0) {
        if (from >= reader.to) {
          throw new IllegalArgumentException("the page has no values");
        }
        ids.begin(reader.bytes, from + 1, reader.to, reader.bytes[from] & 0xFF);
      }
    } else {
      Encoding encoding = page.encoding();
      plainForm.of(
          column.physical(), column.width(), encoding, reader.bytes, from, reader.to, values);
      plain.page(plainForm.bytes, plainForm.from, plainForm.to, values);
    }
    loaded = true;
    valuesAt = 0;
  }
}
