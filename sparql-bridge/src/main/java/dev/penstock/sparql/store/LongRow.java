package dev.penstock.sparql.store;

import java.util.Arrays;

/** A growing row of longs in pieces of 256 KB, so that none is a humongous object. One writer. */
final class LongRow {
  private static final int SHIFT = 15;
  private static final int PIECE = 1 << SHIFT;
  private static final int MASK = PIECE - 1;

  private long[][] pieces = new long[4][];
  private int size;

  int size() {
    return size;
  }

  long get(int i) {
    return pieces[i >> SHIFT][i & MASK];
  }

  void add(long v) {
    int piece = size >> SHIFT;
    if (piece == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * piece);
    }
    long[] to = pieces[piece];
    int at = size & MASK;
    if (to == null) {
      pieces[piece] = to = new long[piece == 0 ? 64 : PIECE];
    } else if (at == to.length) {
      pieces[piece] = to = Arrays.copyOf(to, Math.min(PIECE, 2 * at));
    }
    to[at] = v;
    size++;
  }

  /** What it takes, at most, while it grows to hold so many values. */
  long bytesFor(int count) {
    if (count > PIECE) {
      return 8L * PIECE * ((count + MASK) >> SHIFT);
    }
    return 12L * Math.max(64, Integer.highestOneBit(2 * count - 1));
  }
}
