package dev.penstock.nodes.table;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Positions;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;

/**
 * Keys of any types: hash all rows, look for candidates for all, compare column by column, insert
 * what is new.
 *
 * <p>Numbers need not be given in the order of rows: of two new keys in one batch the later may get
 * the lower number. Not thread-safe.
 */
final class GenericKeys {
  private static final int STRIDE = 2048;

  private final CancellationToken token;
  private final KeyColumn[] columns;
  private final Longs hashes;
  private final Slots slots;
  private final Located[] located;
  private int groups;

  // Scratch of one stride, as large as was needed so far.
  private final Reservation reservation;
  private long[] rowHashes = {};
  private int[] active = {};
  private int[] candidates = {};
  private int[] fresh = {};
  private int[] slot = {};

  GenericKeys(DataType[] types, Reservation reservation, CancellationToken token) {
    this.token = token;
    this.reservation = reservation;
    this.columns = new KeyColumn[types.length];
    this.located = new Located[types.length];
    for (int c = 0; c < types.length; c++) {
      columns[c] = KeyColumn.of(types[c], reservation);
      located[c] = new Located();
    }
    this.hashes = new Longs(reservation);
    this.slots = new Slots(reservation);
  }

  int groups() {
    return groups;
  }

  /** Writes the group of each row; new keys make new groups. */
  void assign(Column[] keys, int[] positions, int count, int[] out) {
    if (count <= STRIDE) {
      assignStride(keys, positions, count, out);
      return;
    }
    int[] part = new int[STRIDE];
    int[] groupsOfPart = new int[STRIDE];
    for (int from = 0; from < count; from += STRIDE) {
      token.check();
      int n = Math.min(STRIDE, count - from);
      System.arraycopy(positions, from, part, 0, n);
      assignStride(keys, part, n, groupsOfPart);
      System.arraycopy(groupsOfPart, 0, out, from, n);
    }
  }

  private void assignStride(Column[] keys, int[] positions, int count, int[] out) {
    if (rowHashes.length < count) {
      scratch(rows(count));
    }
    Hashes.hash(keys, positions, count, rowHashes);
    for (int c = 0; c < keys.length; c++) {
      located[c].set(keys[c], positions, count);
    }
    if (slots.needsGrowth(groups + count)) {
      slots.grow(groups + count, hashes, groups, token);
    }
    for (int i = 0; i < count; i++) {
      slot[i] = (int) rowHashes[i] & slots.mask();
    }
    int left = count;
    int[] rows = Positions.identity(count);
    while (left > 0) {
      int found = slots.candidates(rowHashes, rows, left, slot, out, groups, fresh);
      // Rows from `found` on in fresh are new groups, in order of rows; the others have a candidate
      // in out.
      if (found > 0) {
        append(found);
      }
      int n = without(rows, left, fresh, found, candidates);
      int matched = n;
      System.arraycopy(candidates, 0, active, 0, n);
      int[] same = candidates;
      for (int c = 0; c < columns.length && matched > 0; c++) {
        matched = columns[c].narrow(located[c], out, same, matched, same);
      }
      left = without(active, n, same, matched, active);
      rows = active;
      for (int i = 0; i < left; i++) {
        slot[active[i]] = (slot[active[i]] + 1) & slots.mask();
      }
    }
    for (Located l : located) {
      l.clear();
    }
  }

  /** Bytes that assigning these rows, at most a stride, reserves at most. */
  long growth(Column[] keys, int[] positions, int count) {
    long sum = scratchGrowth(count);
    sum += hashes.growth(groups + count) + slots.growth(groups + count);
    for (int c = 0; c < keys.length; c++) {
      located[c].set(keys[c], positions, count);
      sum += columns[c].growth(located[c], count);
      located[c].clear();
    }
    return sum;
  }

  /** The same for so many of some rows of one column. */
  long growthOf(Located in, int count) {
    return scratchGrowth(count)
        + hashes.growth(groups + count)
        + slots.growth(groups + count)
        + columns[0].growth(in, count);
  }

  private long scratchGrowth(int count) {
    return rowHashes.length < count ? 24L * rows(count) : 0;
  }

  private static int rows(int count) {
    return Math.min(STRIDE, Math.max(64, Integer.highestOneBit(count) << 1));
  }

  /** The size of the longest string of a column. */
  int longest(int column) {
    return columns[column] instanceof BytesKeys b ? b.longest() : 0;
  }

  /** Bytes of a table that takes over so many groups, and rows on top of them. */
  static long bytesFor(DataType[] types, int n, int count) {
    long sum = 24L * rows(count) + Longs.bytesFor(1, n) + 2 * Slots.bytesFor(2 * n);
    for (DataType type : types) {
      sum += KeyColumn.bytesFor(type, n);
    }
    return sum;
  }

  /** Takes rows whose keys are new and all different; they get the next numbers in order. */
  void adopt(Column[] keys, int[] positions, int count) {
    long[] rowHash = new long[count];
    Hashes.hash(keys, positions, count, rowHash);
    if (slots.needsGrowth(groups + count)) {
      slots.grow(2 * (groups + count), hashes, groups, token);
    }
    int[] rows = Positions.identity(count);
    for (int c = 0; c < columns.length; c++) {
      located[c].set(keys[c], positions, count);
      columns[c].append(located[c], rows, count);
      located[c].clear();
    }
    hashes.ensure(groups + count);
    for (int i = 0; i < count; i++) {
      hashes.set(groups + i, rowHash[i]);
      slots.insert(rowHash[i], groups + i);
    }
    groups += count;
  }

  private void scratch(int rows) {
    reservation.grow(24L * (rows - rowHashes.length));
    rowHashes = new long[rows];
    active = new int[rows];
    candidates = new int[rows];
    fresh = new int[rows];
    slot = new int[rows];
  }

  private void append(int count) {
    hashes.ensure(groups + count);
    for (int i = 0; i < count; i++) {
      hashes.set(groups + i, rowHashes[fresh[i]]);
    }
    for (int c = 0; c < columns.length; c++) {
      columns[c].append(located[c], fresh, count);
    }
    groups += count;
  }

  /** The rows that are not among those taken (a subsequence); out may be the array of rows. */
  private static int without(int[] rows, int count, int[] taken, int takenCount, int[] out) {
    if (takenCount == count) {
      return 0;
    }
    int n = 0;
    int t = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (t < takenCount && taken[t] == row) {
        t++;
      } else {
        out[n++] = row;
      }
    }
    return n;
  }

  FlatColumn gather(int column, int[] entries, int count) {
    return columns[column].gather(entries, count);
  }

  FlatColumn[] gather(int[] entries, int count) {
    FlatColumn[] out = new FlatColumn[columns.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = columns[c].gather(entries, count);
    }
    return out;
  }

  /** The stored hashes of these groups. */
  void hashes(int[] entries, int count, long[] out) {
    long[][] chunks = hashes.chunks();
    for (int i = 0; i < count; i++) {
      int g = entries[i];
      out[i] = chunks[g >>> Longs.SHIFT][g & Longs.MASK];
    }
  }
}
