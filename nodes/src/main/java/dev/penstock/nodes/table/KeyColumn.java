package dev.penstock.nodes.table;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * One column of stored values, by entry number: appended to, compared with, gathered from. One
 * class for each layout.
 *
 * <p>Doubles are stored in one form for equal values: 0.0 for -0.0, one NaN. Not thread-safe; reads
 * may be shared once nobody appends.
 */
abstract sealed class KeyColumn permits IntKeys, LongKeys, PairKeys, BytesKeys, ObjectKeys {
  final DataType type;
  private final Reservation reservation;
  private int length;

  /** One bit an entry; made with the first null. */
  private @Nullable Longs nulls;

  KeyColumn(DataType type, Reservation reservation) {
    this.type = type;
    this.reservation = reservation;
  }

  static KeyColumn of(DataType type, Reservation reservation) {
    return switch (type.layout()) {
      case BITS, INTS -> new IntKeys(type, reservation);
      case LONGS, DOUBLES -> new LongKeys(type, reservation);
      case PAIRS -> new PairKeys(type, reservation);
      case BYTES -> new BytesKeys(type, reservation);
      case OBJECTS -> new ObjectKeys(type, reservation);
    };
  }

  final int length() {
    return length;
  }

  /** Appends the values of these rows. */
  final void append(Located in, int[] rows, int count) {
    if (count == 0) {
      return;
    }
    write(in, rows, count, length);
    if (in.hasNulls() || nulls != null) {
      appendNulls(in.at(), rows, count);
    }
    length += count;
  }

  /** Bytes that {@link #append} of so many of these rows reserves at most. */
  final long growth(Located in, int count) {
    long bits = 0;
    if (nulls != null) {
      bits = nulls.growth((length + count + 63) >>> 6);
    } else if (in.hasNulls()) {
      bits = Longs.bytesFor(1, (length + count + 63) >>> 6);
    }
    return bits + writeGrowth(in, length + count, count);
  }

  /** Of {@link #write} of so many rows: entries 0 until n. */
  abstract long writeGrowth(Located in, int n, int count);

  /** Bytes of a new column for as many entries as one that is converted, without strings. */
  static long bytesFor(DataType type, int n) {
    int words =
        switch (type.layout()) {
          case PAIRS, BYTES -> 2;
          default -> 1;
        };
    return Longs.bytesFor(words, n) + Longs.bytesFor(1, (n + 63) >>> 6);
  }

  private void appendNulls(int[] at, int[] rows, int count) {
    Longs bits = nulls;
    if (bits == null) {
      bits = new Longs(reservation);
    }
    bits.ensure((length + count + 63) >>> 6);
    nulls = bits;
    for (int i = 0; i < count; i++) {
      if (at[rows[i]] < 0) {
        int g = length + i;
        bits.set(g >>> 6, bits.get(g >>> 6) | 1L << g);
      }
    }
  }

  /** Stores values from entry {@code from} on; whatever for nulls. Makes room first. */
  abstract void write(Located in, int[] rows, int count, int from);

  final boolean isNull(int entry) {
    Longs bits = nulls;
    return bits != null && (bits.get(entry >>> 6) >>> entry & 1) != 0;
  }

  /**
   * Keeps the rows among {@code rows} whose value equals that of their entry, null equal to null;
   * returns how many.
   *
   * @param entries indexed by row
   * @param out may be the array of rows
   */
  final int narrow(Located in, int[] entries, int[] rows, int count, int[] out) {
    if (!in.hasNulls() && nulls == null) {
      return compare(in, entries, rows, count, out);
    }
    int[] at = in.at();
    int n = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      boolean isNull = at[row] < 0;
      if (isNull == isNull(entries[row]) && (isNull || same(in, at[row], entries[row]))) {
        out[n++] = row;
      }
    }
    return n;
  }

  /** {@link #narrow} without nulls on either side. */
  abstract int compare(Located in, int[] entries, int[] rows, int count, int[] out);

  /** Whether the value at a place equals that of an entry; neither is null. */
  abstract boolean same(Located in, int place, int entry);

  /** The values of these entries; a negative entry gives null. */
  final FlatColumn gather(int[] entries, int count) {
    long[] bits = null;
    for (int i = 0; i < count; i++) {
      int g = entries[i];
      if (g < 0 || (nulls != null && isNull(g))) {
        if (bits == null) {
          bits = new long[Bits.words(count)];
        }
        bits[i >> 6] |= 1L << i;
      }
    }
    return read(entries, count, bits);
  }

  /**
   * The values of these entries with these nulls; entries that are negative are among the nulls.
   */
  abstract FlatColumn read(int[] entries, int count, long @Nullable [] bits);
}
