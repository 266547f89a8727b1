package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.ByteSlabs;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The value of the first or last row of each group, in the order of sort keys: {@code first last
 * arg-min arg-max}. Of rows with equal keys it is that of the first that came (the last one for
 * {@code last}), and after a merge of any of them.
 *
 * <pre>
 * a group: key ++ (0 = null | 1 ++ value) in the slabs; a row that loses leaves a hole there,
 *          and when more is holes than rows, the rows are copied to new slabs
 * </pre>
 */
final class RowPick extends Accumulator {
  /** What the keys are. */
  enum Rule {
    /** The input's order; its first row. */
    FIRST,
    LAST,
    /** The second argument; its least value. */
    LEAST,
    GREATEST
  }

  private static final long LEAST_HOLES = 1 << 16;

  private final Rule rule;
  private final RowOrder order;
  private final Reservation reservation;
  private final Longs places;
  private final Ints keySizes;

  /** -1 for no row. */
  private final Ints sizes;

  private final RowBytes row = new RowBytes();
  private ByteSlabs slabs;
  private int groupCount;
  private long holes;
  private long live;

  RowPick(Rule rule, GroupPlan.Input input, Reservation reservation) {
    this.rule = rule;
    this.order = input.order();
    this.reservation = reservation;
    this.places = new Longs(reservation);
    this.keySizes = new Ints(reservation);
    this.sizes = new Ints(reservation, -1);
    this.slabs = new ByteSlabs(reservation);
  }

  @Override
  void ensure(int n) {
    places.ensure(n);
    keySizes.ensure(n);
    sizes.ensure(n);
    groupCount = Math.max(groupCount, n);
  }

  @Override
  long growth(int groups, long rows, long bytes) {
    long compaction =
        holes + live + bytes > LEAST_HOLES ? new ByteSlabs(reservation).growth(live + bytes) : 0;
    return places.growth(groups)
        + keySizes.growth(groups)
        + sizes.growth(groups)
        + slabs.growth(bytes)
        + compaction;
  }

  @Override
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    long sum = count;
    for (int c = 0; c < values.length; c++) {
      sum += RowBytes.bound(values[c], at[c], count);
    }
    return sum;
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
    int[] keys = new int[count];
    ValueColumn out = new ValueColumn(DataType.VARBINARY, count);
    for (int i = 0; i < count; i++) {
      int g = groups[i];
      if (sizes.get(g) < 0) {
        out.appendNull();
      } else {
        keys[i] = keySizes.get(g);
        out.append(slabs.slab(places.get(g)), (int) places.get(g), sizes.get(g));
      }
    }
    return new FlatColumn[] {new IntColumn(DataType.INT32, keys, null, count), out.build()};
  }

  @Override
  int savedColumns() {
    return 2;
  }

  @Override
  void load(FlatColumn[] columns, int count) {
    ensure(count);
    slabs.clear();
    int[] keys = ((IntColumn) columns[0]).values();
    BytesColumn in = (BytesColumn) columns[1];
    for (int i = 0; i < count; i++) {
      int size = in.isNull(i) ? -1 : in.size(i);
      sizes.set(i, size);
      keySizes.set(i, keys[i]);
      if (size >= 0) {
        places.set(i, slabs.add(in.slab(), in.start(i), size));
      }
    }
  }

  @Override
  void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count) {
    boolean byArgument = rule == Rule.LEAST || rule == Rule.GREATEST;
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      row.clear();
      if (byArgument) {
        row.key(values[1], at[1][i], false, false);
      } else {
        order.write(values, at, i, row);
      }
      int keySize = row.size();
      if (!wins(g, row.bytes(), 0, keySize)) {
        continue;
      }
      int place = at[0][i];
      row.oneByte(place < 0 ? 0 : 1);
      if (place >= 0) {
        row.value(values[0], place);
      }
      take(g, row.bytes(), 0, keySize, row.size());
    }
    if (holes > LEAST_HOLES && holes > live) {
      compact();
    }
  }

  private boolean wins(int g, byte[] key, int start, int size) {
    if (sizes.get(g) < 0) {
      return true;
    }
    long place = places.get(g);
    int from = (int) place;
    int c =
        Arrays.compareUnsigned(
            key, start, start + size, slabs.slab(place), from, from + keySizes.get(g));
    return switch (rule) {
      case FIRST, LEAST -> c < 0;
      case LAST -> c >= 0;
      case GREATEST -> c > 0;
    };
  }

  private void take(int g, byte[] from, int start, int keySize, int size) {
    int old = sizes.get(g);
    if (old == size) {
      // Most values are as long as the one before: its place can be written over.
      long place = places.get(g);
      System.arraycopy(from, start, slabs.slab(place), (int) place, size);
      keySizes.set(g, keySize);
      return;
    }
    if (old >= 0) {
      holes += old;
      live -= old;
    }
    places.set(g, slabs.add(from, start, size));
    keySizes.set(g, keySize);
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
    RowPick in = (RowPick) other;
    for (int i = 0; i < count; i++) {
      int size = in.sizes.get(from[i]);
      if (size < 0) {
        continue;
      }
      long place = in.places.get(from[i]);
      byte[] slab = in.slabs.slab(place);
      int keySize = in.keySizes.get(from[i]);
      if (wins(to[i], slab, (int) place, keySize)) {
        take(to[i], slab, (int) place, keySize, size);
      }
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    ValueColumn out = new ValueColumn(output.type(), count);
    for (int i = 0; i < count; i++) {
      int g = groups[i];
      long place = places.get(g);
      int value = (int) place + keySizes.get(g);
      if (sizes.get(g) < 0 || slabs.slab(place)[value] == 0) {
        out.appendNull();
      } else {
        out.append(slabs.slab(place), value + 1, sizes.get(g) - keySizes.get(g) - 1);
      }
    }
    return out.build();
  }
}
