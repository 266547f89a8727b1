package dev.penstock.buffer.block;

import java.nio.ByteBuffer;

/**
 * Arrays out of a window of bytes, which is filled again whenever it is used up. What it is asked
 * for is checked against the bytes that are left of the block before anything is allocated.
 */
public abstract class BlockReader {
  protected Window from;

  /** The next byte. */
  protected int at;

  /** Where the bytes in the window end. */
  protected int end;

  /** Bytes of the block that have not been asked for. */
  private long left;

  protected BlockReader(Window from) {
    this.from = from;
  }

  /** A block of so many bytes begins. */
  final void begin(long bytes) {
    left = bytes;
  }

  /** Whether all of the block was read. */
  final boolean isAtEnd() {
    return left == 0;
  }

  /** The window is used up: brings the next bytes of the block and sets {@link #at}. */
  protected abstract void more();

  private void ask(long bytes) {
    if (bytes < 0 || bytes > left) {
      throw new IllegalStateException(bytes + " bytes are expected where " + left + " are left");
    }
    left -= bytes;
  }

  final long get() {
    ask(8);
    if (at == end) {
      more();
    }
    long value = from.longs.get(at >> 3);
    at += 8;
    return value;
  }

  final long[] longs(int n) {
    ask(8L * n);
    long[] out = new long[n];
    int have = 0;
    while (have < n) {
      int k = Math.min((end - at) >> 3, n - have);
      if (k == 0) {
        more();
        continue;
      }
      from.longs.get(at >> 3, out, have, k);
      at += k << 3;
      have += k;
    }
    return out;
  }

  final double[] doubles(int n) {
    ask(8L * n);
    double[] out = new double[n];
    int have = 0;
    while (have < n) {
      int k = Math.min((end - at) >> 3, n - have);
      if (k == 0) {
        more();
        continue;
      }
      from.doubles.get(at >> 3, out, have, k);
      at += k << 3;
      have += k;
    }
    return out;
  }

  final int[] ints(int n) {
    ask(padded(4L * n));
    int[] out = new int[n];
    int have = 0;
    while (have < n) {
      int k = Math.min((end - at) >> 2, n - have);
      if (k == 0) {
        more();
        continue;
      }
      from.ints.get(at >> 2, out, have, k);
      at += k << 2;
      have += k;
    }
    at = (at + 7) & ~7;
    return out;
  }

  final byte[] bytes(int n) {
    ask(padded(n));
    byte[] out = new byte[n];
    int have = 0;
    while (have < n) {
      int k = Math.min(end - at, n - have);
      if (k == 0) {
        more();
        continue;
      }
      from.bytes.get(at, out, have, k);
      at += k;
      have += k;
    }
    at = (at + 7) & ~7;
    return out;
  }

  /** Padded bytes to the start of a buffer. */
  final void bytes(ByteBuffer into, int n) {
    ask(padded(n));
    int have = 0;
    while (have < n) {
      int k = Math.min(end - at, n - have);
      if (k == 0) {
        more();
        continue;
      }
      into.put(have, from.bytes, at, k);
      at += k;
      have += k;
    }
    at = (at + 7) & ~7;
  }

  static long padded(long bytes) {
    return (bytes + 7) & ~7L;
  }
}
