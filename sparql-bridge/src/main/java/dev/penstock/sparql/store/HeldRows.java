package dev.penstock.sparql.store;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of g, s, p, o on the heap, sorted in place by their bytes: each pass is stable, and bytes
 * that are the same in all rows need none.
 *
 * <pre>
 * segment = row row ...      row = g s p o (8 bytes each)
 * </pre>
 *
 * <p>One thread. Twice the rows' bytes are reserved, half of it for sorting.
 */
final class HeldRows implements AutoCloseable {
  private static final int MOST_SHIFT = 13;
  private static final int LEAST_SHIFT = 6;
  private static final long ROW_BYTES = 64;
  private static final int FIRST_LONGS = 256;

  private final int shift;
  private final int mask;
  private final long mostRows;
  private final Reservation memory;
  private List<long[]> segments = new ArrayList<>();
  private List<long[]> others = new ArrayList<>();
  private long[] last = new long[0];
  private final long[] first = new long[4];
  private final long[] differing = new long[4];
  private long held;
  private int rows;

  /**
   * @param memory takes what the rows need
   * @param mostBytes that may be taken
   */
  HeldRows(Reservation memory, long mostBytes) {
    this.memory = memory;
    this.mostRows = Math.min(Integer.MAX_VALUE / 2, mostBytes / ROW_BYTES);
    int fitting = 63 - Long.numberOfLeadingZeros(Math.max(1, mostRows / 4));
    this.shift = Math.max(LEAST_SHIFT, Math.min(MOST_SHIFT, fitting));
    this.mask = (1 << shift) - 1;
  }

  int rows() {
    return rows;
  }

  /** Is there room for so many rows more? What it takes for them is reserved. */
  boolean hasRoom(int more) {
    long need = (long) rows + more;
    long bytes = ROW_BYTES * ((need + mask) >> shift << shift);
    if (need > mostRows || (bytes > held && !memory.tryGrow(bytes - held))) {
      return false;
    }
    held = Math.max(held, bytes);
    return true;
  }

  /** Adds a row, for which there is room. */
  void add(long g, long s, long p, long o) {
    int at = (rows & mask) << 2;
    if (at == 0) {
      last = new long[Math.min(FIRST_LONGS, 4 << shift)];
      segments.add(last);
    } else if (at == last.length) {
      last = Arrays.copyOf(last, 2 * at);
      segments.set(segments.size() - 1, last);
    }
    if (rows++ == 0) {
      first[0] = g;
      first[1] = s;
      first[2] = p;
      first[3] = o;
    }
    last[at] = g;
    last[at + 1] = s;
    last[at + 2] = p;
    last[at + 3] = o;
    differing[0] |= g ^ first[0];
    differing[1] |= s ^ first[1];
    differing[2] |= p ^ first[2];
    differing[3] |= o ^ first[3];
  }

  /** Sorts by one part of the rows; those that are equal in it stay in their order. */
  void sort(int part, CancellationToken token) {
    for (int bits = 0; bits < Long.SIZE; bits += Byte.SIZE) {
      if ((differing[part] >>> bits & 255) != 0) {
        pass(part, bits, token);
      }
    }
  }

  private void pass(int part, int bits, CancellationToken token) {
    while (others.size() < segments.size()) {
      others.add(new long[segments.get(others.size()).length]);
    }
    int sign = bits == Long.SIZE - Byte.SIZE ? 128 : 0;
    int[] next = places(part, bits, sign, token);
    for (int k = 0; k < segments.size(); k++) {
      token.check();
      long[] from = segments.get(k);
      int end = inSegment(k) << 2;
      for (int at = 0; at < end; at += 4) {
        int to = next[((int) (from[at + part] >>> bits) & 255) ^ sign]++;
        long[] into = others.get(to >>> shift);
        int place = (to & mask) << 2;
        into[place] = from[at];
        into[place + 1] = from[at + 1];
        into[place + 2] = from[at + 2];
        into[place + 3] = from[at + 3];
      }
    }
    List<long[]> sorted = others;
    others = segments;
    segments = sorted;
  }

  /** Where the rows of each value of a byte begin. */
  private int[] places(int part, int bits, int sign, CancellationToken token) {
    int[] counts = new int[256];
    for (int k = 0; k < segments.size(); k++) {
      token.check();
      long[] from = segments.get(k);
      int end = inSegment(k) << 2;
      for (int at = part; at < end; at += 4) {
        counts[((int) (from[at] >>> bits) & 255) ^ sign]++;
      }
    }
    int place = 0;
    for (int v = 0; v < counts.length; v++) {
      int n = counts[v];
      counts[v] = place;
      place += n;
    }
    return counts;
  }

  private int inSegment(int k) {
    return Math.min(mask + 1, rows - (k << shift));
  }

  /** The rows as they stand, their parts in the order of a run. */
  Rows turned(RunWriter.Order order) {
    int k = order.ordinal();
    int toA = 1 + k % 3;
    int toB = 1 + (k + 1) % 3;
    int toC = 1 + (k + 2) % 3;
    return new Rows() {
      private long[] segment = new long[0];
      private int row;

      @Override
      boolean next() {
        if (row == rows) {
          return false;
        }
        int at = (row & mask) << 2;
        if (at == 0) {
          segment = segments.get(row >>> shift);
        }
        row++;
        g = segment[at];
        a = segment[at + toA];
        b = segment[at + toB];
        c = segment[at + toC];
        return true;
      }
    };
  }

  /** They are not sorted here: hands them out one segment after the other, and forgets them. */
  Supplier<LoadScan.@Nullable Part> parts() {
    others = new ArrayList<>();
    memory.shrink(held / 2);
    held -= held / 2;
    return new Supplier<>() {
      private int given;
      private long givenBytes;

      @Override
      public LoadScan.@Nullable Part get() {
        memory.shrink(givenBytes);
        held -= givenBytes;
        givenBytes = 0;
        if (given == segments.size()) {
          return null;
        }
        int n = inSegment(given);
        long[] from = segments.set(given++, last);
        givenBytes = Math.min(held, (ROW_BYTES / 2) << shift);
        long[][] out = new long[4][n];
        for (int i = 0; i < n; i++) {
          for (int part = 0; part < 4; part++) {
            out[part][i] = from[4 * i + part];
          }
        }
        return new LoadScan.Part(out, n);
      }
    };
  }

  @Override
  public void close() {
    memory.shrink(held);
    held = 0;
  }
}
