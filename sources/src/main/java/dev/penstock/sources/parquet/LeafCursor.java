package dev.penstock.sources.parquet;

import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the entries (repetition level, definition level, value if the level is the highest) of
 * one leaf of a nested column. Page by page; not fast. Used by one thread at a time.
 */
final class LeafCursor {
  private final ParquetColumn column;
  private final int maxDefinition;
  private final int maxRepetition;
  private final PageReader reader;
  private final PlainForm plainForm;
  private final PlainValues plain;
  private final IdDecoder ids = new IdDecoder();
  private final Reservation held;

  private @Nullable Chunk chunk;
  private List<Page> pages = List.of();
  private @Nullable FlatColumn dictionary;
  private int nextPage;
  private int[] repetitions = {};
  private int[] definitions = {};
  private int entries; // of the page
  private int at;
  private int valueAt;
  private @Nullable FlatColumn values;
  private long pageHeld;

  LeafCursor(SchemaNode leaf, PageCodec codec, Reservation held) {
    ColumnTypes.Typed t = ColumnTypes.of(leaf.element());
    this.column = ParquetFile.leaf(leaf, t);
    this.maxDefinition = leaf.definition();
    this.maxRepetition = leaf.repetition();
    this.reader = new PageReader(codec, held);
    this.plainForm = new PlainForm(held);
    this.plain = PlainValues.of(column);
    this.held = held;
  }

  void begin(Chunk next) {
    end();
    chunk = next;
    pages = PageReader.pages(next);
    nextPage = 0;
    entries = 0;
    at = 0;
    if (!pages.isEmpty() && pages.get(0).isDictionary()) {
      Page p = pages.get(0);
      reader.load(next, p);
      try {
        plain.page(reader.bytes, reader.from, reader.to, p.values());
        reserve(ColumnReader.valueBytes(column.type().layout(), p.values(), p.uncompressedBytes()));
        plain.start(p.values());
        plain.read(0, p.values());
        dictionary = plain.finish(null, p.values());
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw next.place()
            .corrupt("the dictionary page: " + e.getMessage(), p.header() - next.from(), e);
      }
      nextPage = 1;
    }
    advancePage();
  }

  void end() {
    chunk = null;
    pages = List.of();
    dictionary = null;
    values = null;
    held.shrink(pageHeld);
    pageHeld = 0;
  }

  private void reserve(long bytes) {
    held.grow(bytes);
    pageHeld += bytes;
  }

  /** No entry is left. */
  boolean isDone() {
    return at >= entries;
  }

  /** Of the next entry; 0 at the end, where a row would begin. */
  int repetition() {
    return at < entries ? repetitions[at] : 0;
  }

  /** Of the next entry, which must be there. */
  int definition() {
    if (at >= entries) {
      throw new IllegalArgumentException("its values end before its rows");
    }
    return definitions[at];
  }

  /** The host value of the next entry, whose definition level is the highest. */
  @Nullable Object value() {
    FlatColumn v = values;
    return v == null ? null : v.value(valueAt);
  }

  /** Passes the next entry. */
  void consume() {
    if (definition() == maxDefinition) {
      valueAt++;
    }
    at++;
    if (at >= entries) {
      advancePage();
    }
  }

  private void advancePage() {
    Chunk c = java.util.Objects.requireNonNull(chunk);
    entries = 0;
    at = 0;
    while (nextPage < pages.size() && pages.get(nextPage).values() == 0) {
      nextPage++;
    }
    if (nextPage >= pages.size()) {
      return;
    }
    Page page = pages.get(nextPage++);
    try {
      load(c, page);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw c.place().corrupt(String.valueOf(e.getMessage()), page.header() - c.from(), e);
    }
  }

  private void load(Chunk c, Page page) {
    reader.load(c, page);
    int n = page.values();
    if (repetitions.length < n) {
      reserve(8L * n);
      repetitions = new int[n];
      definitions = new int[n];
    }
    int from = reader.from;
    if (page.version() == 2) {
      levels(c.bytes(), page.data(), page.repetitionBytes(), maxRepetition, repetitions, n);
      levels(
          c.bytes(),
          page.data() + page.repetitionBytes(),
          page.definitionBytes(),
          maxDefinition,
          definitions,
          n);
    } else {
      from = prefixedLevels(page, from, maxRepetition, repetitions, n);
      from = prefixedLevels(page, from, maxDefinition, definitions, n);
    }
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += definitions[i] == maxDefinition ? 1 : 0;
    }
    values = values(page, from, count);
    entries = n;
    valueAt = 0;
  }

  private void levels(byte[] b, int from, int length, int max, int[] out, int n) {
    if (max == 0) {
      java.util.Arrays.fill(out, 0, n, 0);
      return;
    }
    ids.begin(b, from, from + length, RunEncoder.width(max + 1));
    ids.read(out, 0, n);
    for (int i = 0; i < n; i++) {
      if (out[i] > max) {
        throw new IllegalArgumentException(
            "a level of " + out[i] + " where " + max + " is the highest");
      }
    }
  }

  private int prefixedLevels(Page page, int from, int max, int[] out, int n) {
    if (max == 0) {
      java.util.Arrays.fill(out, 0, n, 0);
      return from;
    }
    if (page.levelEncoding() != Encoding.RLE) {
      throw new IllegalArgumentException(
          "levels of a nested column in encoding " + page.levelEncoding());
    }
    int length = reader.to - from < 4 ? -1 : LittleEndian.getInt(reader.bytes, from);
    if (length < 0 || length > reader.to - from - 4) {
      throw new IllegalArgumentException("the levels declare " + length + " bytes");
    }
    levels(reader.bytes, from + 4, length, max, out, n);
    return from + 4 + length;
  }

  private @Nullable FlatColumn values(Page page, int from, int count) {
    if (count == 0) {
      return null;
    }
    if (page.hasIds()) {
      FlatColumn d = dictionary;
      if (d == null || from >= reader.to) {
        throw new IllegalArgumentException(
            "a page of dictionary ids without ids or without a dictionary");
      }
      int[] out = new int[count];
      ids.begin(reader.bytes, from + 1, reader.to, reader.bytes[from] & 0xFF);
      ids.read(out, 0, count);
      for (int id : out) {
        if (id < 0 || id >= d.length()) {
          throw new IllegalArgumentException(
              "dictionary id " + id + " in a dictionary of " + d.length());
        }
      }
      return (FlatColumn) d.gather(out, count);
    }
    plainForm.of(
        column.physical(), column.width(), page.encoding(), reader.bytes, from, reader.to, count);
    plain.page(plainForm.bytes, plainForm.from, plainForm.to, count);
    plain.start(count);
    plain.read(0, count);
    return plain.finish(null, count);
  }
}
