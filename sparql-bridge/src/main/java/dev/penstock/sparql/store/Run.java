package dev.penstock.sparql.store;

import dev.penstock.sparql.page.Bytes;

/**
 * The triples of one graph in the order of three of their parts, without duplicates: blocks, and an
 * index with the first triple of each.
 *
 * <pre>
 * SPO:  a = subject    b = predicate  c = object
 * POS:  a = predicate  b = object     c = subject
 * OSP:  a = object     b = subject    c = predicate
 *
 * index entry = a b c (8 each), place (40 bits) and length (24 bits) of the block
 * </pre>
 *
 * <p>Immutable.
 */
final class Run {
  static final int ENTRY = 32;
  static final int LENGTH_BITS = 24;
  private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  private final Bytes bytes;
  private final long index;
  private final long rows;

  /**
   * @param index where the entry of its first block lies
   */
  Run(Bytes bytes, long index, long rows) {
    this.bytes = bytes;
    this.index = index;
    this.rows = rows;
  }

  long size() {
    return rows;
  }

  /** The value of the first, second or third part of a triple. */
  long get(int part, long i) {
    long entry = bytes.getLong(index + ENTRY * (i >>> Block.SHIFT) + 24);
    long at = entry >>> LENGTH_BITS;
    return Block.get(
        bytes.piece(at, (int) entry & LENGTH_MASK),
        bytes.place(at),
        part,
        (int) i & (Block.ROWS - 1));
  }

  /** Copies values from a position on. */
  void copy(int part, long from, int count, long[] to) {
    copy(part, from, count, to, 0);
  }

  void copy(int part, long from, int count, long[] to, int toAt) {
    for (int done = 0; done < count; ) {
      long i = from + done;
      int row = (int) i & (Block.ROWS - 1);
      int n = Math.min(count - done, Block.ROWS - row);
      long entry = bytes.getLong(index + ENTRY * (i >>> Block.SHIFT) + 24);
      long at = entry >>> LENGTH_BITS;
      Block.copy(
          bytes.piece(at, (int) entry & LENGTH_MASK),
          bytes.place(at),
          part,
          row,
          n,
          to,
          toAt + done);
      done += n;
    }
  }

  /**
   * The first position, not before another one, that is not below the given parts.
   *
   * @param after the first one above them instead
   */
  long bound(long[] parts, int count, boolean after, long from) {
    // the first block whose first triple is not below: the bound is there or in the one before
    long low = from >>> Block.SHIFT;
    long high = (rows + Block.ROWS - 1) >>> Block.SHIFT;
    while (low < high) {
      long middle = (low + high) >>> 1;
      long at = index + ENTRY * middle;
      int order = 0;
      for (int k = 0; k < count && order == 0; k++) {
        order = Long.compare(bytes.getLong(at + 8L * k), parts[k]);
      }
      if (order < 0 || (after && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return from;
    }
    long block = low - 1;
    long first = Math.max(from, block << Block.SHIFT);
    long end = Math.min(rows, low << Block.SHIFT);
    while (first < end) {
      long middle = (first + end) >>> 1;
      int order = 0;
      for (int k = 0; k < count && order == 0; k++) {
        order = Long.compare(get(k, middle), parts[k]);
      }
      if (order < 0 || (after && order == 0)) {
        first = middle + 1;
      } else {
        end = middle;
      }
    }
    return first;
  }

  /**
   * The first position behind those that have the given parts, of which one may be the first: steps
   * that double lead there, as most ranges are short.
   *
   * @param from the first position that is not below the parts
   */
  long end(long[] parts, int count, long from) {
    if (from == rows || !has(parts, count, from)) {
      return from;
    }
    long in = from;
    long step = 1;
    while (in + step < rows && has(parts, count, in + step)) {
      in += step;
      step *= 2;
    }
    long out = Math.min(rows, in + step);
    while (out - in > 1) {
      long middle = (in + out) >>> 1;
      if (has(parts, count, middle)) {
        in = middle;
      } else {
        out = middle;
      }
    }
    return out;
  }

  private boolean has(long[] parts, int count, long i) {
    for (int k = 0; k < count; k++) {
      if (get(k, i) != parts[k]) {
        return false;
      }
    }
    return true;
  }
}
