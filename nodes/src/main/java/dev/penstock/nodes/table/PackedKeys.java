package dev.penstock.nodes.table;

import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys whose columns all fit one long together. How many bits each column gets is found from the
 * data: the first rows, then wider when a value does not fit, until 64 bits are not enough; {@link
 * #assign} says so, and the owner goes on with {@link GenericKeys}.
 *
 * <pre>
 * packed key  | column 2 | column 1 | column 0 |      at most 16 bits: Direct index
 *                                                     one number column: Paged, while dense; else Hashed
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class PackedKeys {
  private static final int DIRECT_BITS = 16;
  private static final int FRUGAL_BITS = 12;
  private static final int STRIDE = 2048;
  private static final int PAGED_AGAIN = 1 << 16;

  private final DataType[] types;
  private final Reservation reservation;
  private final CancellationToken token;
  private final @Nullable Packer[] packers;
  private final Located[] located;
  private final boolean[] shared;
  private final boolean oneNumber;
  private final boolean pages;
  private boolean frugal;
  private Place @Nullable [] places;
  private Longs keys;
  private @Nullable PackedIndex index;
  private long[] packed = {};

  PackedKeys(
      DataType[] types, Reservation reservation, CancellationToken token, boolean scattered) {
    this.types = types;
    this.reservation = reservation;
    this.token = token;
    this.packers = new Packer[types.length];
    this.located = new Located[types.length];
    this.shared = new boolean[types.length];
    for (int c = 0; c < types.length; c++) {
      located[c] = new Located();
    }
    this.oneNumber = types.length == 1 && types[0].layout() != Layout.BYTES;
    this.pages = oneNumber && !scattered;
    this.keys = new Longs(reservation);
  }

  /** Whether keys of these types may be packed at all. */
  static boolean suits(DataType[] types) {
    for (DataType type : types) {
      switch (type.layout()) {
        case DOUBLES, PAIRS, OBJECTS -> {
          return false;
        }
        default -> {}
      }
    }
    return types.length > 0 && types.length <= 16;
  }

  int groups() {
    return index == null ? 0 : index.groups;
  }

  /**
   * Writes the group of each row; false (and nothing is assigned) when the keys cannot be packed.
   */
  boolean assign(Column[] columns, int[] positions, int count, int[] out) {
    if (count == 0) {
      return true;
    }
    locate(columns, positions, count);
    Packer.Fit fit = places == null ? Packer.Fit.WIDER : pack(places, packed, count);
    if (fit == Packer.Fit.WIDER && widen(count)) {
      fit = pack(places, packed, count);
    }
    if (fit == Packer.Fit.YES) {
      find(count, out);
    }
    for (Located l : located) {
      l.clear();
    }
    return fit == Packer.Fit.YES;
  }

  private void locate(Column[] columns, int[] positions, int count) {
    for (int c = 0; c < columns.length; c++) {
      located[c].set(columns[c], positions, count);
      shared[c] = columns[c] instanceof DictionaryColumn || columns[c] instanceof ConstantColumn;
    }
    if (packed.length < count) {
      reservation.grow(8L * (rows(count) - packed.length));
      packed = new long[rows(count)];
    }
  }

  private static int rows(int count) {
    return Math.max(count, Math.min(STRIDE, Integer.highestOneBit(count) << 1));
  }

  // ------------------------------------------------------------------ bounds

  void beFrugal() {
    frugal = true;
    if (index instanceof PackedIndex.Paged p) {
      p.close();
    }
  }

  /** Bytes that {@link #growth} reserves at most: for packing alone. */
  long packingGrowth(Column[] columns, int[] positions, int count) {
    long sum = packed.length < count ? 8L * rows(count) : 0;
    for (int c = 0; c < columns.length; c++) {
      if (packers[c] instanceof CodePacker p) {
        located[c].set(columns[c], positions, count);
        sum += p.growth(located[c], count);
        located[c].clear();
      }
    }
    return sum;
  }

  /** Bytes that {@link #assign} of these rows reserves at most. */
  long growth(Column[] columns, int[] positions, int count) {
    locate(columns, positions, count);
    Packer.Fit fit = Packer.Fit.WIDER;
    if (places != null) {
      fit = pack(places, packed, count);
    }
    int n = groups() + count;
    long sum = packed.length < count ? 8L * rows(count) : 0;
    if (fit == Packer.Fit.YES) {
      sum += keys.growth(n) + indexGrowth(n, count);
    } else {
      sum += conversion(columns, n, count);
    }
    for (Located l : located) {
      l.clear();
    }
    return sum;
  }

  private long indexGrowth(int n, int count) {
    if (index instanceof PackedIndex.Direct) {
      return 0;
    }
    if (index instanceof PackedIndex.Paged p) {
      return p.growth(count) + 2 * Slots.bytesFor(n);
    }
    PackedIndex.Hashed h = (PackedIndex.Hashed) index;
    long again =
        pages && !frugal && h.groups >= PAGED_AGAIN && h.willGrow(count)
            ? Longs.bytesFor(1, n) + 32L * n + (1L << 20)
            : 0;
    return h.growth(count) + again;
  }

  /** To wider places, or away from here. */
  private long conversion(Column[] columns, int n, int count) {
    long strings = 0;
    long codes = 0;
    for (int c = 0; c < columns.length; c++) {
      strings += 2 * located[c].bytesOf(count) + 8L * n;
      if (packers[c] instanceof CodePacker p) {
        strings += p.longest() * n;
      } else if (packers[c] == null && types[c].layout() == Layout.BYTES && shared[c]) {
        codes += 16L * Math.max(count, STRIDE) + 4L * located[c].values().length();
        codes += GenericKeys.bytesFor(new DataType[] {types[c]}, count, count);
        codes += 8 * located[c].bytesOf(count);
      }
    }
    long direct = 4L << (frugal ? FRUGAL_BITS : DIRECT_BITS);
    long paged = pages && !frugal ? PackedIndex.Paged.pagesFor(n, count) : 0;
    long wider = 2 * Longs.bytesFor(1, n) + direct + paged + 2 * Slots.bytesFor(n);
    return wider + codes + 2 * strings + GenericKeys.bytesFor(types, n, count);
  }

  private Packer.Fit pack(Place[] to, long[] out, int count) {
    Arrays.fill(out, 0, count, 0);
    for (int c = 0; c < packers.length; c++) {
      Packer.Fit fit = packers[c].pack(located[c], count, shared[c], to[c], out);
      if (fit != Packer.Fit.YES) {
        return fit;
      }
    }
    return Packer.Fit.YES;
  }

  private void find(int count, int[] out) {
    PackedIndex in = index;
    if (in instanceof PackedIndex.Hashed h
        && pages
        && !frugal
        && h.groups >= PAGED_AGAIN
        && h.willGrow(count)) {
      in = pagedAgain(h);
    }
    int done = in.assign(packed, 0, count, out);
    if (done < count) {
      PackedIndex.Hashed hashed = new PackedIndex.Hashed(keys, reservation, token);
      int groups = in.groups;
      in.free();
      index = hashed;
      hashed.adopt(groups);
      hashed.assign(packed, done, count, out);
    }
  }

  /** A paged index instead of a hashed one, if by now the keys lie close together. */
  private PackedIndex pagedAgain(PackedIndex.Hashed hashed) {
    long least = keys.get(0);
    long greatest = least;
    for (int g = 1; g < hashed.groups; g++) {
      long k = keys.get(g);
      least = Long.compareUnsigned(k, least) < 0 ? k : least;
      greatest = Long.compareUnsigned(k, greatest) > 0 ? k : greatest;
    }
    if (Long.compareUnsigned(greatest - least, 4L * hashed.groups) > 0) {
      return hashed;
    }
    int groups = hashed.groups;
    Longs old = keys;
    Longs fresh = new Longs(reservation);
    PackedIndex.Paged paged = new PackedIndex.Paged(fresh, reservation);
    keys = fresh;
    index = paged;
    hashed.free();
    long[] part = new long[STRIDE];
    int[] out = new int[STRIDE];
    for (int from = 0; from < groups; from += STRIDE) {
      token.check();
      int n = Math.min(STRIDE, groups - from);
      for (int i = 0; i < n; i++) {
        part[i] = old.get(from + i);
      }
      int done = index.assign(part, 0, n, out);
      if (done < n) {
        // No memory for pages after all: back to hashing.
        paged.free();
        fresh.clear();
        keys = old;
        PackedIndex.Hashed again = new PackedIndex.Hashed(old, reservation, token);
        index = again;
        again.adopt(groups);
        return again;
      }
    }
    old.clear();
    return paged;
  }

  // ------------------------------------------------------------------ places

  /**
   * Finds places for all values so far and those of the located rows, and moves the stored keys
   * there; false when they do not fit.
   */
  private boolean widen(int count) {
    for (int c = 0; c < types.length; c++) {
      if (packers[c] == null) {
        packers[c] =
            types[c].layout() == Layout.BYTES && shared[c]
                ? new CodePacker(types[c], reservation, token)
                : new NumberPacker(types[c]);
      }
      if (packers[c].observe(located[c], count, shared[c]) == Packer.Fit.NEVER) {
        return false;
      }
    }
    int groups = groups();
    if (groups > 0) {
      observeStored(groups);
    }
    Place[] next = plan();
    if (next == null) {
      return false;
    }
    Longs moved = new Longs(reservation);
    if (groups > 0) {
      move(groups, next, moved);
      index.free();
    }
    keys.clear();
    keys = moved;
    places = next;
    index = indexOf(next, moved);
    adopt(groups);
    return true;
  }

  private void observeStored(int groups) {
    Located one = new Located();
    int[] positions = PackedIndex.ascending(0, STRIDE);
    for (int from = 0; from < groups; from += STRIDE) {
      token.check();
      int n = Math.min(STRIDE, groups - from);
      FlatColumn[] columns = gather(PackedIndex.ascending(from, n), n);
      for (int c = 0; c < columns.length; c++) {
        if (packers[c] instanceof NumberPacker) {
          one.set(columns[c], positions, n);
          packers[c].observe(one, n, false);
        }
      }
    }
  }

  private void move(int groups, Place[] next, Longs moved) {
    Located[] stored = new Located[types.length];
    Arrays.setAll(stored, c -> new Located());
    int[] positions = PackedIndex.ascending(0, STRIDE);
    long[] part = new long[STRIDE];
    for (int from = 0; from < groups; from += STRIDE) {
      token.check();
      int n = Math.min(STRIDE, groups - from);
      FlatColumn[] columns = gather(PackedIndex.ascending(from, n), n);
      Arrays.fill(part, 0);
      for (int c = 0; c < columns.length; c++) {
        stored[c].set(columns[c], positions, n);
        Packer.Fit fit = packers[c].pack(stored[c], n, false, next[c], part);
        assert fit == Packer.Fit.YES : "a stored key does not fit its new place";
      }
      moved.ensure(from + n);
      for (int i = 0; i < n; i++) {
        moved.set(from + i, part[i]);
      }
    }
  }

  /** Shares the bits out: as few as fit a direct index, else all 64. */
  private Place @Nullable [] plan() {
    int needed = 0;
    for (Packer p : packers) {
      needed += p.neededBits();
    }
    if (needed > 64) {
      return null;
    }
    int n = packers.length;
    boolean direct = !oneNumber && needed + n <= DIRECT_BITS;
    int more = direct ? 1 : (64 - needed) / n;
    Place[] next = new Place[n];
    int shift = 0;
    for (int c = 0; c < n; c++) {
      int bits = packers[c].neededBits() + more;
      if (c == n - 1 && !direct) {
        bits = 64 - shift;
      }
      next[c] = packers[c].place(shift, bits);
      shift += bits;
    }
    return next;
  }

  private PackedIndex indexOf(Place[] of, Longs to) {
    Place last = of[of.length - 1];
    int bits = last.shift() + last.bits();
    if (bits <= (frugal ? FRUGAL_BITS : DIRECT_BITS)) {
      return new PackedIndex.Direct(to, bits, reservation);
    }
    return pages && !frugal
        ? new PackedIndex.Paged(to, reservation)
        : new PackedIndex.Hashed(to, reservation, token);
  }

  /** Puts the first groups of {@link #keys}, which are distinct, into the new index. */
  private void adopt(int groups) {
    if (groups == 0) {
      return;
    }
    if (index instanceof PackedIndex.Hashed h) {
      h.adopt(groups);
      return;
    }
    long[] part = new long[STRIDE];
    int[] out = new int[STRIDE];
    for (int from = 0; from < groups; from += STRIDE) {
      int n = Math.min(STRIDE, groups - from);
      for (int i = 0; i < n; i++) {
        part[i] = keys.get(from + i);
      }
      // Assigning writes each key to the group that it has already.
      if (index.assign(part, 0, n, out) < n) {
        index.free();
        PackedIndex.Hashed hashed = new PackedIndex.Hashed(keys, reservation, token);
        index = hashed;
        hashed.adopt(groups);
        return;
      }
    }
  }

  /** The keys of these groups. */
  FlatColumn[] gather(int[] groups, int count) {
    long[] part = new long[count];
    long[][] chunks = keys.chunks();
    for (int i = 0; i < count; i++) {
      int g = groups[i];
      part[i] = chunks[g >>> Longs.SHIFT][g & Longs.MASK];
    }
    FlatColumn[] out = new FlatColumn[types.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = packers[c].unpack(part, count, places[c]);
    }
    return out;
  }
}
