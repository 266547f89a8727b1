package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import java.util.Arrays;
import org.apache.parquet.format.Type;

/** INT32, INT64 and DOUBLE; integers with a dictionary as long as there are few different ones. */
final class NumberWriter extends ColumnWriter {
  private static final int MAX_DICTIONARY = 8192;
  private static final int SLOTS = 4 * MAX_DICTIONARY;

  private final boolean isDouble;
  private long[] values = {};
  private int count;
  private int[] slots = {}; // id + 1; 0 = empty

  NumberWriter(SinkColumn column, PageWriter pages) {
    super(column, pages);
    this.isDouble = column.physical() == Type.DOUBLE;
  }

  @Override
  void write(Column in, Batch batch) {
    FlatColumn flat = in.flat(batch.selection(), batch.count());
    int n = batch.count();
    for (int i = 0; i < n; i++) {
      int p = batch.position(i);
      if (flat.isNull(p)) {
        appendNull();
      } else if (flat instanceof LongColumn l) {
        append(l.values()[p]);
      } else if (flat instanceof IntColumn c) {
        append(c.values()[p]);
      } else {
        appendDouble(((DoubleColumn) flat).values()[p]);
      }
    }
  }

  private void appendDouble(double v) {
    appendPlainRow();
    plain.putLong(Double.doubleToRawLongBits(v));
    pageBounds.add(v);
  }

  private void append(long v) {
    if (hasDictionary()) {
      int id = id(v);
      if (id >= 0) {
        appendId(id);
        return;
      }
      endDictionary();
    }
    appendPlainRow();
    if (column.width() == 4) {
      plain.putInt((int) v);
    } else {
      plain.putLong(v);
    }
    pageBounds.add(v);
  }

  /** The id of a value, new if need be; -1 when the dictionary is full. */
  private int id(long v) {
    if (slots.length == 0) {
      slots = new int[SLOTS];
      values = new long[MAX_DICTIONARY];
    }
    long h = v * 0x9E3779B97F4A7C15L;
    int slot = (int) (h >>> 32) & SLOTS - 1;
    for (; ; slot = slot + 1 & SLOTS - 1) {
      int id = slots[slot] - 1;
      if (id < 0) {
        if (count == MAX_DICTIONARY) {
          return -1;
        }
        values[count] = v;
        slots[slot] = ++count;
        return count - 1;
      }
      if (values[id] == v) {
        return id;
      }
    }
  }

  @Override
  boolean wantsDictionary() {
    return column.physical() != Type.DOUBLE;
  }

  @Override
  void clearDictionary() {
    count = 0;
    Arrays.fill(slots, 0);
  }

  @Override
  int dictionarySize() {
    return count;
  }

  @Override
  void putDictionary(GrowingBytes out) {
    for (int i = 0; i < count; i++) {
      if (column.width() == 4) {
        out.putInt((int) values[i]);
      } else {
        out.putLong(values[i]);
      }
    }
  }

  @Override
  void bound(int[] ids, int from, int to) {
    for (int i = from; i < to; i++) {
      pageBounds.add(values[ids[i]]);
    }
  }

  @Override
  long ownBytes() {
    return 8L * values.length + 4L * slots.length + (isDouble ? 0 : 64);
  }
}
