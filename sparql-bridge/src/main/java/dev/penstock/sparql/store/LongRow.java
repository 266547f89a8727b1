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

  /** Copies values {@code from} until {@code from + count} to the begin of an array. */
  void copy(int from, int count, long[] to) {
    for (int done = 0; done < count; ) {
      int at = from + done;
      int n = Math.min(count - done, PIECE - (at & MASK));
      System.arraycopy(pieces[at >> SHIFT], at & MASK, to, done, n);
      done += n;
    }
  }

  long sizeBytes() {
    return size < PIECE ? 8L * Math.max(64, 2 * size) : 8L * PIECE * ((size + MASK) >> SHIFT);
  }
}
