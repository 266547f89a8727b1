package dev.penstock.nodes.table;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of dictionary columns, by the number of the value in a table of all values seen. The
 * numbers of the entries of the last dictionary are remembered, so that a row costs two array
 * reads.
 */
final class CodePacker extends Packer {
  /** With more values than this, codes are not worth it. */
  private static final int MOST_CODES = 65_535;

  private static final int MOST_ENTRIES = 65_536;
  private static final int UNKNOWN = -1;

  private final Reservation reservation;
  private final GenericKeys values;
  private @Nullable FlatColumn dictionary;

  /** Code of each entry of the dictionary: 1 + number, 0 for null. */
  private int[] codes = {};

  private int[] rowCodes = {};
  private int[] missing = {};

  CodePacker(DataType type, Reservation reservation, CancellationToken token) {
    this.reservation = reservation;
    this.values = new GenericKeys(new DataType[] {type}, reservation, token);
  }

  @Override
  Fit observe(Located in, int count, boolean shared) {
    return code(in, count, shared) ? Fit.YES : Fit.NEVER;
  }

  @Override
  int neededBits() {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(values.groups()));
  }

  @Override
  Place place(int shift, int bits) {
    return new Place(shift, bits, 0, true);
  }

  @Override
  Fit pack(Located in, int count, boolean shared, Place place, long[] out) {
    if (!code(in, count, shared)) {
      return Fit.NEVER;
    }
    if (values.groups() > place.mask()) {
      return Fit.WIDER;
    }
    int shift = place.shift();
    int[] c = rowCodes;
    for (int i = 0; i < count; i++) {
      out[i] |= (long) c[i] << shift;
    }
    return Fit.YES;
  }

  /** Bytes that {@link #code} reserves at most. */
  long growth(Located in, int count) {
    FlatColumn entries = in.values();
    int fresh = Math.min(count, entries.length());
    long sum = rowCodes.length < count ? 8L * Math.max(count, 2048) : 0;
    if (entries != dictionary && entries.length() <= MOST_ENTRIES) {
      sum += codes.length < entries.length() ? 4L * entries.length() : 0;
    } else if (entries == dictionary && codes.length > 0) {
      fresh = Math.min(fresh, unknown(in.at(), count));
    }
    return fresh == 0 ? sum : sum + values.growthOf(in, count);
  }

  private int unknown(int[] at, int count) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      n += at[i] >= 0 && codes[at[i]] == UNKNOWN ? 1 : 0;
    }
    return n;
  }

  /** The longest of all values, in bytes. */
  long longest() {
    return values.longest(0);
  }

  /** Fills {@link #rowCodes}; false when there are too many values. */
  private boolean code(Located in, int count, boolean shared) {
    if (rowCodes.length < count) {
      int rows = Math.max(count, 2048);
      reservation.grow(8L * (rows - rowCodes.length));
      rowCodes = new int[rows];
      missing = new int[rows];
    }
    if (shared && in.values().length() <= MOST_ENTRIES) {
      codeShared(in, count);
    } else {
      codeFlat(in, count);
    }
    return values.groups() <= MOST_CODES;
  }

  private void codeShared(Located in, int count) {
    FlatColumn entries = in.values();
    if (entries != dictionary) {
      int n = entries.length();
      if (codes.length < n) {
        reservation.grow(4L * n);
        reservation.shrink(4L * codes.length);
        codes = new int[n];
      }
      Arrays.fill(codes, 0, n, UNKNOWN);
      dictionary = entries;
    }
    int[] known = codes;
    int[] at = in.at();
    int[] out = rowCodes;
    int unknown = 0;
    for (int i = 0; i < count; i++) {
      int p = at[i];
      int c = p < 0 ? 0 : known[p];
      out[i] = c;
      unknown |= c;
    }
    if (unknown < 0) {
      learn(entries, at, count);
      for (int i = 0; i < count; i++) {
        out[i] = at[i] < 0 ? 0 : known[at[i]];
      }
    }
  }

  private void learn(FlatColumn entries, int[] at, int count) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = at[i];
      if (p >= 0 && codes[p] == UNKNOWN) {
        codes[p] = 0;
        missing[n++] = p;
      }
    }
    values.assign(new Column[] {entries}, missing, n, rowCodes);
    for (int i = 0; i < n; i++) {
      codes[missing[i]] = rowCodes[i] + 1;
    }
  }

  private void codeFlat(Located in, int count) {
    int[] at = in.at();
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (at[i] >= 0) {
        missing[n++] = at[i];
      }
    }
    values.assign(new Column[] {in.values()}, missing, n, rowCodes);
    // Spread from the back: row i is at or behind its place among those that are not null.
    for (int i = count - 1; i >= 0; i--) {
      rowCodes[i] = at[i] < 0 ? 0 : rowCodes[--n] + 1;
    }
  }

  @Override
  FlatColumn unpack(long[] packed, int count, Place place) {
    int[] entries = new int[count];
    for (int i = 0; i < count; i++) {
      entries[i] = (int) place.field(packed[i]) - 1;
    }
    return values.gather(0, entries, count);
  }
}
