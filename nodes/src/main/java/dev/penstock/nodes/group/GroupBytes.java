package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.ByteSlabs;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;

/**
 * A byte string for each group, or none. One that gives way to another of another size leaves a
 * hole in the slabs; when more is holes than strings, the strings are copied to new slabs. Not
 * thread-safe.
 */
final class GroupBytes {
  private static final long LEAST_HOLES = 1 << 16;

  private final Reservation reservation;
  private final Longs places;

  /** -1 for none. */
  private final Ints sizes;

  private ByteSlabs slabs;
  private int groupCount;
  private long holes;
  private long live;

  GroupBytes(Reservation reservation) {
    this.reservation = reservation;
    this.places = new Longs(reservation);
    this.sizes = new Ints(reservation, -1);
    this.slabs = new ByteSlabs(reservation);
  }

  void ensure(int n) {
    places.ensure(n);
    sizes.ensure(n);
    groupCount = Math.max(groupCount, n);
  }

  /** Bytes that so many groups, and strings of so many bytes in all, reserve at most. */
  long growth(int groups, long bytes) {
    long compaction =
        holes + live + bytes > LEAST_HOLES ? new ByteSlabs(reservation).growth(live + bytes) : 0;
    return places.growth(groups) + sizes.growth(groups) + slabs.growth(bytes) + compaction;
  }

  /** Bytes of the string of a group, -1 if it has none. */
  int size(int g) {
    return sizes.get(g);
  }

  /** Where the string of a group lies; there is one. */
  byte[] slab(int g) {
    return slabs.slab(places.get(g));
  }

  /** Where in the slab it begins. */
  int start(int g) {
    return (int) places.get(g);
  }

  /** Bytes of the strings of some groups. */
  long bytes(int[] groups, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.max(0, sizes.get(groups[i]));
    }
    return sum;
  }

  void set(int g, byte[] from, int start, int size) {
    int old = sizes.get(g);
    if (old == size) {
      // Most are as long as the one before: its place can be written over.
      System.arraycopy(from, start, slab(g), start(g), size);
      return;
    }
    if (old >= 0) {
      holes += old;
      live -= old;
    }
    places.set(g, slabs.add(from, start, size));
    sizes.set(g, size);
    live += size;
  }

  /** Gives the holes back if they are worth it. */
  void compact() {
    if (holes <= LEAST_HOLES || holes <= live) {
      return;
    }
    ByteSlabs fresh = new ByteSlabs(reservation);
    for (int g = 0; g < groupCount; g++) {
      if (sizes.get(g) >= 0) {
        places.set(g, fresh.add(slab(g), start(g), sizes.get(g)));
      }
    }
    slabs.clear();
    slabs = fresh;
    holes = 0;
  }

  /** The strings of some groups, null where there is none. */
  FlatColumn save(int[] groups, int count) {
    ValueColumn out = new ValueColumn(DataType.VARBINARY, count);
    for (int i = 0; i < count; i++) {
      int g = groups[i];
      if (sizes.get(g) < 0) {
        out.appendNull();
      } else {
        out.append(slab(g), start(g), sizes.get(g));
      }
    }
    return out.build();
  }

  /** What was saved, instead of all that is there; groups are 0 to count. */
  void load(BytesColumn in, int count) {
    ensure(count);
    slabs.clear();
    holes = 0;
    live = 0;
    for (int i = 0; i < count; i++) {
      int size = in.isNull(i) ? -1 : in.size(i);
      sizes.set(i, size);
      if (size >= 0) {
        places.set(i, slabs.add(in.slab(), in.start(i), size));
        live += size;
      }
    }
  }
}
