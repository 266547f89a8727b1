package dev.penstock.batch.expr;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;

/**
 * Gathers the strings of a strict result, row by row in ascending positions; positions that are no
 * rows stay empty. Not thread-safe.
 */
final class TextSlab {
  /** No function makes more text than this of one batch: nobody has reserved it. */
  private static final int MOST = 1 << 28;

  private final Args x;
  private final int[] offsets;
  private byte[] slab;
  private int used;

  /** Offsets up to and with this position are known. */
  private int filled;

  TextSlab(Args x) {
    this(x, 16 * x.rowCount());
  }

  TextSlab(Args x, int bytes) {
    this.x = x;
    this.offsets = new int[x.length() + 1];
    this.slab = new byte[Math.max(bytes, 16)];
  }

  private void fill(int position) {
    while (filled < position) {
      offsets[++filled] = used;
    }
  }

  /** Room for so many more bytes; the slab may be another array afterwards. */
  private void reserve(int size) {
    if (slab.length - used < size) {
      long wanted = (long) used + size;
      if (wanted > MOST) {
        throw PenstockException.limit(
            "batch-too-wide",
            "a function makes more than "
                + MOST
                + " bytes of one batch; use smaller batches (rechunk+)");
      }
      slab = Arrays.copyOf(slab, (int) Math.min(MOST, Math.max(wanted, slab.length * 2L)));
    }
  }

  /** Begins the value of a row; {@link #append} it, then begin the next. */
  void begin(int position) {
    fill(position);
  }

  void append(byte[] from, int start, int end) {
    int size = end - start;
    reserve(size);
    if (size <= 16) {
      byte[] to = slab;
      int at = used;
      for (int i = 0; i < size; i++) {
        to[at + i] = from[start + i];
      }
    } else {
      System.arraycopy(from, start, slab, used, size);
    }
    used += size;
  }

  void append(byte b) {
    reserve(1);
    slab[used++] = b;
  }

  void add(int position, byte[] value) {
    fill(position);
    append(value, 0, value.length);
  }

  void add(int position, byte[] from, int start, int end) {
    fill(position);
    append(from, start, end);
  }

  BytesColumn column(DataType type) {
    fill(x.length());
    return new BytesColumn(type, slab, offsets, x.nulls(), x.length());
  }
}
