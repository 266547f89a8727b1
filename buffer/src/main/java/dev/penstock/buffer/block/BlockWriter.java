package dev.penstock.buffer.block;

import java.nio.ByteBuffer;

/**
 * Arrays into a window of bytes, which is emptied whenever it is full. Every array starts at a
 * multiple of 8 bytes.
 *
 * <p>Methods with a selection write the values at its first {@code n} positions.
 */
public abstract class BlockWriter {
  /** Where bytes go. */
  protected Window to;

  /** The next byte. */
  protected int at;

  protected BlockWriter(Window to) {
    this.to = to;
  }

  /** The window has no room for a long: takes its bytes away and sets {@link #at} back. */
  protected abstract void full();

  final void put(long value) {
    if (at + 8 > to.size) {
      full();
    }
    to.longs.put(at >> 3, value);
    at += 8;
  }

  final void longs(long[] values, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min((to.size - at) >> 3, n - from);
      if (k == 0) {
        full();
        continue;
      }
      to.longs.put(at >> 3, values, from, k);
      at += k << 3;
      from += k;
    }
  }

  final void longs(long[] values, int[] selection, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min((to.size - at) >> 3, n - from);
      if (k == 0) {
        full();
        continue;
      }
      int o = at >> 3;
      var out = to.longs;
      for (int i = 0; i < k; i++) {
        out.put(o + i, values[selection[from + i]]);
      }
      at += k << 3;
      from += k;
    }
  }

  final void doubles(double[] values, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min((to.size - at) >> 3, n - from);
      if (k == 0) {
        full();
        continue;
      }
      to.doubles.put(at >> 3, values, from, k);
      at += k << 3;
      from += k;
    }
  }

  final void doubles(double[] values, int[] selection, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min((to.size - at) >> 3, n - from);
      if (k == 0) {
        full();
        continue;
      }
      int o = at >> 3;
      var out = to.doubles;
      for (int i = 0; i < k; i++) {
        out.put(o + i, values[selection[from + i]]);
      }
      at += k << 3;
      from += k;
    }
  }

  /** Pairs of longs. */
  final void pairs(long[] values, int[] selection, int n) {
    for (int i = 0; i < n; i++) {
      int p = 2 * selection[i];
      put(values[p]);
      put(values[p + 1]);
    }
  }

  final void ints(int[] values, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min((to.size - at) >> 2, n - from);
      if (k == 0) {
        full();
        continue;
      }
      to.ints.put(at >> 2, values, from, k);
      at += k << 2;
      from += k;
    }
    pad();
  }

  final void ints(int[] values, int[] selection, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min((to.size - at) >> 2, n - from);
      if (k == 0) {
        full();
        continue;
      }
      int o = at >> 2;
      var out = to.ints;
      for (int i = 0; i < k; i++) {
        out.put(o + i, values[selection[from + i]]);
      }
      at += k << 2;
      from += k;
    }
    pad();
  }

  /** The n + 1 offsets of consecutive values, from 0. */
  final void offsets(int[] offsets, int n) {
    int first = offsets[0];
    if (first == 0) {
      ints(offsets, n + 1);
      return;
    }
    for (int i = 0; i <= n; i++) {
      oneInt(offsets[i] - first);
    }
    pad();
  }

  /** The offsets of the selected values, as they will lie one behind the other. */
  final void offsets(int[] offsets, int[] selection, int n) {
    int sum = 0;
    oneInt(0);
    for (int i = 0; i < n; i++) {
      int p = selection[i];
      sum += offsets[p + 1] - offsets[p];
      oneInt(sum);
    }
    pad();
  }

  private void oneInt(int value) {
    if (at + 4 > to.size) {
      full();
    }
    to.ints.put(at >> 2, value);
    at += 4;
  }

  /** Bytes without padding: several calls make one array; then {@link #pad}. */
  final void bytes(byte[] values, int start, int n) {
    int from = start;
    int end = start + n;
    while (from < end) {
      int k = Math.min(to.size - at, end - from);
      if (k == 0) {
        full();
        continue;
      }
      to.bytes.put(at, values, from, k);
      at += k;
      from += k;
    }
  }

  /** The first n bytes of a buffer, padded. */
  final void bytes(ByteBuffer values, int n) {
    int from = 0;
    while (from < n) {
      int k = Math.min(to.size - at, n - from);
      if (k == 0) {
        full();
        continue;
      }
      to.bytes.put(at, values, from, k);
      at += k;
      from += k;
    }
    pad();
  }

  /** Zeros up to the next multiple of 8; the window's size is one. */
  final void pad() {
    while ((at & 7) != 0) {
      to.bytes.put(at++, (byte) 0);
    }
  }

  /** The bitmap of the selected positions. */
  final void bits(long[] words, int[] selection, int n) {
    for (int from = 0; from < n; from += 64) {
      int k = Math.min(64, n - from);
      long word = 0;
      for (int i = 0; i < k; i++) {
        int p = selection[from + i];
        word |= (words[p >> 6] >>> p & 1L) << i;
      }
      put(word);
    }
  }

  /** Whether any of the selected bits is set. */
  static boolean any(long[] words, int[] selection, int n) {
    for (int i = 0; i < n; i++) {
      int p = selection[i];
      if ((words[p >> 6] >>> p & 1L) != 0) {
        return true;
      }
    }
    return false;
  }
}
