package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.ByteSlabs;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The least or greatest of byte strings, by unsigned bytes. A value that loses leaves a hole in the
 * slabs; when more is holes than values, the values are copied to new slabs.
 */
final class BytesPick extends ColumnAccumulator {
  private static final long LEAST_HOLES = 1 << 16;

  private final Reservation reservation;
  private final boolean min;
  private final Longs places;

  /** -1 for no value. */
  private final Ints sizes;

  private ByteSlabs slabs;
  private int groupCount;
  private long holes;
  private long live;

  BytesPick(boolean min, Reservation reservation) {
    this.reservation = reservation;
    this.min = min;
    this.places = new Longs(reservation);
    this.sizes = new Ints(reservation, -1);
    this.slabs = new ByteSlabs(reservation);
  }

  @Override
  void ensure(int n) {
    places.ensure(n);
    sizes.ensure(n);
    groupCount = Math.max(groupCount, n);
  }

  @Override
  long growth(int groups, long rows, long bytes) {
    long compaction =
        holes + live + bytes > LEAST_HOLES ? new ByteSlabs(reservation).growth(live + bytes) : 0;
    return places.growth(groups) + sizes.growth(groups) + slabs.growth(bytes) + compaction;
  }

  @Override
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    return RowBytes.bound(values[0], at[0], count);
  }

  @Override
  long stateBytes(int[] groups, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.max(0, sizes.get(groups[i]));
    }
    return sum;
  }

  @Override
  FlatColumn[] save(int[] groups, int count) {
    ValueColumn out = new ValueColumn(DataType.VARBINARY, count);
    for (int i = 0; i < count; i++) {
      int size = sizes.get(groups[i]);
      if (size < 0) {
        out.appendNull();
      } else {
        long place = places.get(groups[i]);
        out.append(slabs.slab(place), (int) place, size);
      }
    }
    return new FlatColumn[] {out.build()};
  }

  @Override
  int savedColumns() {
    return 1;
  }

  @Override
  void load(FlatColumn[] columns, int count) {
    ensure(count);
    slabs.clear();
    BytesColumn in = (BytesColumn) columns[0];
    for (int i = 0; i < count; i++) {
      int size = in.isNull(i) ? -1 : in.size(i);
      sizes.set(i, size);
      if (size >= 0) {
        places.set(i, slabs.add(in.slab(), in.start(i), size));
      }
    }
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    BytesColumn c = (BytesColumn) values;
    byte[] slab = c.slab();
    int[] offsets = c.offsets();
    for (int i = 0; i < count; i++) {
      int start = offsets[at[i]];
      take(groups == null ? 0 : groups[i], slab, start, offsets[at[i] + 1] - start);
    }
    if (holes > LEAST_HOLES && holes > live) {
      compact();
    }
  }

  private void take(int g, byte[] slab, int start, int size) {
    int old = sizes.get(g);
    if (old >= 0) {
      long place = places.get(g);
      int from = (int) place;
      int c =
          Arrays.compareUnsigned(slab, start, start + size, slabs.slab(place), from, from + old);
      if (min ? c >= 0 : c <= 0) {
        return;
      }
      holes += old;
      live -= old;
    }
    places.set(g, slabs.add(slab, start, size));
    sizes.set(g, size);
    live += size;
  }

  private void compact() {
    ByteSlabs fresh = new ByteSlabs(reservation);
    for (int g = 0; g < groupCount; g++) {
      if (sizes.get(g) >= 0) {
        long place = places.get(g);
        places.set(g, fresh.add(slabs.slab(place), (int) place, sizes.get(g)));
      }
    }
    slabs.clear();
    slabs = fresh;
    holes = 0;
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    BytesPick in = (BytesPick) other;
    for (int i = 0; i < count; i++) {
      int size = in.sizes.get(from[i]);
      if (size >= 0) {
        long place = in.places.get(from[i]);
        take(to[i], in.slabs.slab(place), (int) place, size);
      }
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    DataType type = output.type();
    int[] offsets = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += Math.max(0, sizes.get(groups[i]));
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
        long place = places.get(groups[i]);
        System.arraycopy(slabs.slab(place), (int) place, out, offsets[i], size);
      }
    }
    return new BytesColumn(type, out, offsets, nullsOf(valueCounts, 1, count), count);
  }
}
