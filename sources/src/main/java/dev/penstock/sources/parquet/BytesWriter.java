package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * BYTE_ARRAY with a dictionary as long as the different values are few; FIXED_LEN_BYTE_ARRAY
 * without.
 */
final class BytesWriter extends ColumnWriter {
  private static final int MAX_DICTIONARY = 32_768;
  private static final int MAX_DICTIONARY_BYTES = 1 << 20;
  private static final int SLOTS = 4 * MAX_DICTIONARY;

  private final boolean isInterval;
  private final byte[] fixed = new byte[16];
  private final GrowingBytes slab = new GrowingBytes();
  private int[] starts = {0};
  private int count;
  private int[] slots = {}; // id + 1; 0 = empty
  private @Nullable FlatColumn lastDictionary;
  private int[] lastIds = {}; // id in lastDictionary -> own id + 1

  BytesWriter(SinkColumn column, PageWriter pages) {
    super(column, pages);
    this.isInterval = column.field().type().kind() == Kind.INTERVAL;
  }

  @Override
  void write(Column in, Batch batch) {
    if (in instanceof DictionaryColumn d
        && d.dictionary() instanceof BytesColumn
        && hasDictionary()) {
      writeIds(d, batch, 0);
      return;
    }
    writeFlat(in.flat(batch.selection(), batch.count()), batch, 0);
  }

  private void writeFlat(FlatColumn flat, Batch batch, int from) {
    for (int i = from; i < batch.count(); i++) {
      int p = batch.position(i);
      if (flat.isNull(p)) {
        appendNull();
      } else if (flat instanceof BytesColumn b) {
        append(b.slab(), b.start(p), b.size(p));
      } else {
        PairColumn pair = (PairColumn) flat;
        if (isInterval) {
          interval(Interval.of(pair.high(p), pair.low(p)));
        } else {
          LittleEndian.putBigEndianLong(fixed, 0, pair.high(p));
          LittleEndian.putBigEndianLong(fixed, 8, pair.low(p));
        }
        append(fixed, 0, column.width());
      }
    }
  }

  private void interval(Interval v) {
    long millis = v.micros() / 1000;
    if (v.months() < 0
        || v.days() < 0
        || v.micros() < 0
        || v.micros() % 1000 != 0
        || millis > 0xFFFF_FFFFL) {
      throw PenstockException.incorrect(
          "interval-not-storable",
          "column "
              + column.field().name()
              + ": the interval "
              + v
              + " cannot be stored in Parquet, which holds non-negative months, days and milliseconds; cast it to varchar");
    }
    LittleEndian.putInt(fixed, 0, v.months());
    LittleEndian.putInt(fixed, 4, v.days());
    LittleEndian.putInt(fixed, 8, (int) millis);
  }

  /** Each entry of a dictionary is looked up once. */
  private void writeIds(DictionaryColumn d, Batch batch, int from) {
    BytesColumn entries = (BytesColumn) d.dictionary();
    if (lastDictionary != entries) {
      lastDictionary = entries;
      lastIds = new int[entries.length()];
    }
    int[] ids = d.ids();
    for (int i = from; i < batch.count(); i++) {
      int theirs = ids[batch.position(i)];
      if (theirs < 0 || entries.isNull(theirs)) {
        appendNull();
        continue;
      }
      int own = lastIds[theirs] - 1;
      if (own < 0) {
        own = id(entries.slab(), entries.start(theirs), entries.size(theirs));
        if (own < 0) {
          endDictionary();
          writeFlat(d.flat(batch.selection(), batch.count()), batch, i);
          return;
        }
        lastIds[theirs] = own + 1;
      }
      appendId(own);
    }
  }

  private void append(byte[] b, int from, int n) {
    if (hasDictionary()) {
      int id = id(b, from, n);
      if (id >= 0) {
        appendId(id);
        return;
      }
      endDictionary();
    }
    appendPlainRow();
    if (column.width() < 0) {
      plain.putInt(n);
    }
    plain.put(b, from, n);
    pageBounds.add(b, from, n);
  }

  private int id(byte[] b, int from, int n) {
    if (slots.length == 0) {
      slots = new int[SLOTS];
    }
    int h = 0;
    for (int i = from; i < from + n; i++) {
      h = 31 * h + b[i];
    }
    int slot = (h * 0x9E3779B9) >>> 8 & SLOTS - 1;
    for (; ; slot = slot + 1 & SLOTS - 1) {
      int id = slots[slot] - 1;
      if (id < 0) {
        if (count == MAX_DICTIONARY || slab.size + (long) n > MAX_DICTIONARY_BYTES) {
          return -1;
        }
        if (count + 2 > starts.length) {
          starts = Arrays.copyOf(starts, Math.max(64, starts.length * 2));
        }
        slab.put(b, from, n);
        starts[count + 1] = slab.size;
        slots[slot] = ++count;
        return count - 1;
      }
      if (Arrays.equals(slab.bytes, starts[id], starts[id + 1], b, from, from + n)) {
        return id;
      }
    }
  }

  @Override
  boolean wantsDictionary() {
    return column.width() < 0;
  }

  @Override
  void clearDictionary() {
    count = 0;
    lastDictionary = null;
    slab.clear();
    Arrays.fill(slots, 0);
  }

  @Override
  int dictionarySize() {
    return count;
  }

  @Override
  void putDictionary(GrowingBytes out) {
    for (int i = 0; i < count; i++) {
      int n = starts[i + 1] - starts[i];
      out.putInt(n);
      out.put(slab.bytes, starts[i], n);
    }
  }

  @Override
  void bound(int[] ids, int from, int to) {
    boolean[] seen = new boolean[count];
    for (int i = from; i < to; i++) {
      int id = ids[i];
      if (!seen[id]) {
        seen[id] = true;
        pageBounds.add(slab.bytes, starts[id], starts[id + 1] - starts[id]);
      }
    }
  }

  @Override
  long ownBytes() {
    return slab.bytes.length + 4L * starts.length + 4L * slots.length + 4L * lastIds.length;
  }
}
