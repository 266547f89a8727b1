package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;

/** BOOLEAN, bit by bit. */
final class BitWriter extends ColumnWriter {
  private int waiting; // bits of the byte that is not complete
  private int bits;

  BitWriter(SinkColumn column, PageWriter pages) {
    super(column, pages);
  }

  @Override
  void write(Column in, Batch batch) {
    BitColumn flat = (BitColumn) in.flat(batch.selection(), batch.count());
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      if (flat.isNull(p)) {
        appendNull();
        continue;
      }
      appendPlainRow();
      int bit = flat.get(p) ? 1 : 0;
      pageBounds.add((long) bit);
      waiting |= bit << bits;
      if (++bits == 8) {
        endPlain();
      }
    }
  }

  @Override
  void endPlain() {
    if (bits > 0) {
      plain.putByte(waiting);
      waiting = 0;
      bits = 0;
    }
  }

  @Override
  boolean wantsDictionary() {
    return false;
  }

  @Override
  void clearDictionary() {}

  @Override
  int dictionarySize() {
    return 0;
  }

  @Override
  void putDictionary(GrowingBytes out) {}

  @Override
  void bound(int[] values, int from, int to) {}

  @Override
  long ownBytes() {
    return 16;
  }
}
