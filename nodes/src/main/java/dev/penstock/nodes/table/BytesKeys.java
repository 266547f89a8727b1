package dev.penstock.nodes.table;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Byte strings, copied into slabs: a batch that brought one is not kept alive by it. */
final class BytesKeys extends KeyColumn {
  private final Longs places;
  private final Ints sizes;
  private final ByteSlabs slabs;
  private int longest;

  BytesKeys(DataType type, Reservation reservation) {
    super(type, reservation);
    this.places = new Longs(reservation);
    this.sizes = new Ints(reservation);
    this.slabs = new ByteSlabs(reservation);
  }

  @Override
  void write(Located in, int[] rows, int count, int from) {
    places.ensure(from + count);
    sizes.ensure(from + count);
    byte[] slab = in.bytes().slab();
    int[] offsets = in.bytes().offsets();
    int[] at = in.at();
    for (int i = 0; i < count; i++) {
      int p = at[rows[i]];
      if (p >= 0) {
        int start = offsets[p];
        int size = offsets[p + 1] - start;
        places.set(from + i, slabs.add(slab, start, size));
        sizes.set(from + i, size);
        longest = Math.max(longest, size);
      }
    }
  }

  int longest() {
    return longest;
  }

  @Override
  long writeGrowth(Located in, int n, int count) {
    return places.growth(n) + sizes.growth(n) + slabs.growth(in.bytesOf(count));
  }

  @Override
  int compare(Located in, int[] entries, int[] rows, int count, int[] out) {
    int[] at = in.at();
    int n = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      out[n] = row;
      if (same(in, at[row], entries[row])) {
        n++;
      }
    }
    return n;
  }

  @Override
  boolean same(Located in, int place, int entry) {
    BytesColumn c = in.bytes();
    int[] offsets = c.offsets();
    int start = offsets[place];
    int size = offsets[place + 1] - start;
    if (size != sizes.get(entry)) {
      return false;
    }
    if (size == 0) {
      return true;
    }
    long stored = places.get(entry);
    byte[] slab = slabs.slab(stored);
    int from = (int) stored;
    byte[] other = c.slab();
    if (size < 8) {
      for (int i = 0; i < size; i++) {
        if (other[start + i] != slab[from + i]) {
          return false;
        }
      }
      return true;
    }
    return Arrays.equals(other, start, start + size, slab, from, from + size);
  }

  @Override
  FlatColumn read(int[] entries, int count, long @Nullable [] nulls) {
    int[] offsets = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += entries[i] < 0 ? 0 : sizes.get(entries[i]);
      if (total > Integer.MAX_VALUE - 16) {
        throw PenstockException.limit(
            "batch-too-wide", "strings of one batch hold more than 2 GiB");
      }
      offsets[i + 1] = (int) total;
    }
    byte[] out = new byte[(int) total];
    for (int i = 0; i < count; i++) {
      int size = offsets[i + 1] - offsets[i];
      if (size > 0) {
        long place = places.get(entries[i]);
        System.arraycopy(slabs.slab(place), (int) place, out, offsets[i], size);
      }
    }
    return new BytesColumn(type, out, offsets, nulls, count);
  }
}
