package dev.penstock.nodes.sort;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import org.jspecify.annotations.Nullable;

/**
 * Puts columns of one type one after another, an array copy a column. Dictionary columns that share
 * their dictionary stay such.
 */
public final class Concat {
  private final DataType type;
  private final FlatColumn[] parts;
  private final int length;

  private Concat(DataType type, FlatColumn[] parts, int length) {
    this.type = type;
    this.parts = parts;
    this.length = length;
  }

  /**
   * One column of all values of the parts, in order.
   *
   * @param parts at least one
   */
  public static Column of(DataType type, Column... parts) {
    if (parts.length == 1) {
      return parts[0];
    }
    int length = 0;
    boolean shared = true;
    for (Column part : parts) {
      length += part.length();
      shared &=
          part instanceof DictionaryColumn d
              && parts[0] instanceof DictionaryColumn first
              && d.dictionary() == first.dictionary();
    }
    if (shared) {
      return ids(parts, length);
    }
    FlatColumn[] flat = new FlatColumn[parts.length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = parts[i].flat(null, parts[i].length());
    }
    return new Concat(type, flat, length).flat();
  }

  private static Column ids(Column[] parts, int length) {
    int[] out = new int[length];
    int at = 0;
    boolean nulls = false;
    for (Column part : parts) {
      DictionaryColumn d = (DictionaryColumn) part;
      System.arraycopy(d.ids(), 0, out, at, d.length());
      at += d.length();
      nulls |= d.mayHaveNulls();
    }
    return new DictionaryColumn(((DictionaryColumn) parts[0]).dictionary(), out, length, nulls);
  }

  private FlatColumn flat() {
    return switch (type.layout()) {
      case BITS -> bits();
      case INTS -> ints();
      case LONGS -> longs();
      case DOUBLES -> doubles();
      case PAIRS -> pairs();
      case BYTES -> bytes();
      case OBJECTS -> objects();
    };
  }

  private long @Nullable [] nulls() {
    long[] out = null;
    int at = 0;
    for (FlatColumn part : parts) {
      long[] in = part.nulls();
      if (in != null) {
        if (out == null) {
          out = new long[Bits.words(length)];
        }
        copyBits(in, part.length(), out, at);
      }
      at += part.length();
    }
    return out;
  }

  /** Ors the first n bits into {@code out} from a bit on. */
  private static void copyBits(long[] in, int n, long[] out, int at) {
    int shift = at & 63;
    for (int w = 0; w < Bits.words(n); w++) {
      long word = in[w];
      int left = n - (w << 6);
      if (left < 64) {
        word &= (1L << left) - 1;
      }
      int to = (at >> 6) + w;
      out[to] |= word << shift;
      if (shift != 0 && word >>> (64 - shift) != 0) {
        out[to + 1] |= word >>> (64 - shift);
      }
    }
  }

  private FlatColumn bits() {
    long[] out = new long[Bits.words(length)];
    int at = 0;
    for (FlatColumn part : parts) {
      copyBits(((BitColumn) part).words(), part.length(), out, at);
      at += part.length();
    }
    return new BitColumn(type, out, nulls(), length);
  }

  private FlatColumn ints() {
    int[] out = new int[length];
    int at = 0;
    for (FlatColumn part : parts) {
      System.arraycopy(((IntColumn) part).values(), 0, out, at, part.length());
      at += part.length();
    }
    return new IntColumn(type, out, nulls(), length);
  }

  private FlatColumn longs() {
    long[] out = new long[length];
    int at = 0;
    for (FlatColumn part : parts) {
      System.arraycopy(((LongColumn) part).values(), 0, out, at, part.length());
      at += part.length();
    }
    return new LongColumn(type, out, nulls(), length);
  }

  private FlatColumn doubles() {
    double[] out = new double[length];
    int at = 0;
    for (FlatColumn part : parts) {
      System.arraycopy(((DoubleColumn) part).values(), 0, out, at, part.length());
      at += part.length();
    }
    return new DoubleColumn(type, out, nulls(), length);
  }

  private FlatColumn pairs() {
    long[] out = new long[2 * length];
    int at = 0;
    for (FlatColumn part : parts) {
      System.arraycopy(((PairColumn) part).values(), 0, out, 2 * at, 2 * part.length());
      at += part.length();
    }
    return new PairColumn(type, out, nulls(), length);
  }

  private FlatColumn bytes() {
    long total = 0;
    for (FlatColumn part : parts) {
      int[] offsets = ((BytesColumn) part).offsets();
      total += offsets[part.length()] - offsets[0];
    }
    if (total > Integer.MAX_VALUE - 16) {
      throw PenstockException.limit(
          "batch-too-wide", "strings of one batch hold " + total + " bytes; at most 2 GiB fit");
    }
    byte[] out = new byte[(int) total];
    int[] places = new int[length + 1];
    int at = 0;
    int used = 0;
    for (FlatColumn part : parts) {
      BytesColumn c = (BytesColumn) part;
      int[] offsets = c.offsets();
      int first = offsets[0];
      int n = c.length();
      System.arraycopy(c.slab(), first, out, used, offsets[n] - first);
      for (int i = 0; i < n; i++) {
        places[at + i] = offsets[i] - first + used;
      }
      at += n;
      used += offsets[n] - first;
    }
    places[length] = used;
    return new BytesColumn(type, out, places, nulls(), length);
  }

  private FlatColumn objects() {
    @Nullable Object[] out = new Object[length];
    int at = 0;
    for (FlatColumn part : parts) {
      System.arraycopy(((ObjectColumn) part).values(), 0, out, at, part.length());
      at += part.length();
    }
    return new ObjectColumn(type, out, nulls(), length);
  }
}
