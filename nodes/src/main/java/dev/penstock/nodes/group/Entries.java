package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.ByteSlabs;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A list of byte strings for each group, each with a sort key in front.
 *
 * <pre>
 * group -> first entry -> next entry -> ... ; an entry is key ++ value in the slabs
 * </pre>
 *
 * <p>Entries stand in the order in which they came, until {@link #sort} puts them in the order of
 * their keys. Not thread-safe; after sorting, reads may be shared.
 */
final class Entries {
  private final Reservation reservation;
  private final Ints first;
  private final Ints last;
  private final Ints next;
  private final Longs places;
  private final Ints keySizes;
  private final Ints sizes;
  private ByteSlabs slabs;
  private int count;

  Entries(Reservation reservation) {
    this.reservation = reservation;
    this.first = new Ints(reservation, -1);
    this.last = new Ints(reservation, -1);
    this.next = new Ints(reservation, -1);
    this.places = new Longs(reservation);
    this.keySizes = new Ints(reservation);
    this.sizes = new Ints(reservation);
    this.slabs = new ByteSlabs(reservation);
  }

  void ensure(int groups) {
    first.ensure(groups);
    last.ensure(groups);
  }

  /** Adds an entry: keySize bytes of key, the rest its value. */
  void append(int group, byte[] from, int start, int keySize, int size) {
    int e = count;
    if (e == Integer.MAX_VALUE) {
      throw PenstockException.limit(
          "too-many-values", "an aggregate that keeps its values has more than 2^31 of them");
    }
    next.ensure(e + 1);
    places.ensure(e + 1);
    keySizes.ensure(e + 1);
    sizes.ensure(e + 1);
    places.set(e, slabs.add(from, start, size));
    keySizes.set(e, keySize);
    sizes.set(e, size);
    count++;
    int tail = last.get(group);
    if (tail < 0) {
      first.set(group, e);
    } else {
      next.set(tail, e);
    }
    last.set(group, e);
  }

  /** Adds the entries of another's group to one of here. */
  void appendAll(int group, Entries other, int from) {
    for (int e = other.first.get(from); e >= 0; e = other.next.get(e)) {
      append(group, other.slab(e), other.start(e), other.keySizes.get(e), other.sizes.get(e));
    }
  }

  // ------------------------------------------------------------------ reading

  /** The first entry of a group, negative if it has none. */
  int first(int group) {
    return first.get(group);
  }

  /** The entry after this one, negative after the last. */
  int next(int entry) {
    return next.get(entry);
  }

  byte[] slab(int entry) {
    return slabs.slab(places.get(entry));
  }

  private int start(int entry) {
    return (int) places.get(entry);
  }

  /** Where the value of an entry begins in its slab. */
  int valueStart(int entry) {
    return start(entry) + keySizes.get(entry);
  }

  int valueSize(int entry) {
    return sizes.get(entry) - keySizes.get(entry);
  }

  boolean sameKeys(int a, int b) {
    return compare(a, b) == 0;
  }

  private int compare(int a, int b) {
    int i = start(a);
    int k = start(b);
    return Arrays.compareUnsigned(slab(a), i, i + keySizes.get(a), slab(b), k, k + keySizes.get(b));
  }

  // ------------------------------------------------------------------ spilling

  /** Bytes that taking so many entries of so many bytes reserves at most. */
  long growth(int groups, long rows, long bytes) {
    int n = (int) Math.min(Integer.MAX_VALUE, count + rows);
    return first.growth(groups)
        + last.growth(groups)
        + next.growth(n)
        + places.growth(n)
        + keySizes.growth(n)
        + sizes.growth(n)
        + slabs.growth(bytes);
  }

  long bytesOf(int[] groups, int n) {
    long sum = 0;
    for (int i = 0; i < n; i++) {
      for (int e = first.get(groups[i]); e >= 0; e = next.get(e)) {
        sum += sizes.get(e);
      }
    }
    return sum;
  }

  long entriesOf(int[] groups, int n) {
    long sum = 0;
    for (int i = 0; i < n; i++) {
      for (int e = first.get(groups[i]); e >= 0; e = next.get(e)) {
        sum++;
      }
    }
    return sum;
  }

  int size(int entry) {
    return sizes.get(entry);
  }

  /** Bytes that {@link #sort} reserves at most: its arrays grow by half, old and new alive. */
  long sortGrowth(int groups) {
    int[] one = new int[1];
    long most = 0;
    for (one[0] = 0; one[0] < groups; one[0]++) {
      most = Math.max(most, entriesOf(one, 1));
    }
    return most < 2 ? 0 : 72 * Math.max(most * 3 / 2, 64);
  }

  /** Sizes of the keys, and keys with values. */
  FlatColumn[] save(int[] entries, int n) {
    int[] keys = new int[n];
    ValueColumn out = new ValueColumn(DataType.VARBINARY, n);
    for (int i = 0; i < n; i++) {
      keys[i] = keySizes.get(entries[i]);
      out.append(slab(entries[i]), start(entries[i]), sizes.get(entries[i]));
    }
    return new FlatColumn[] {new IntColumn(DataType.INT32, keys, null, n), out.build()};
  }

  int entries() {
    return count;
  }

  /**
   * A word that orders entries as their keys do unless they begin alike, their keys, their values.
   *
   * @param words what to take instead of the beginnings of keys; or null
   */
  FlatColumn[] sortColumns(int[] entries, long @Nullable [] words, int n) {
    long[] begins = new long[n];
    ValueColumn keys = new ValueColumn(DataType.VARBINARY, n);
    ValueColumn values = new ValueColumn(DataType.VARBINARY, n);
    for (int i = 0; i < n; i++) {
      int e = entries[i];
      begins[i] = words == null ? prefix(e) : words[i];
      keys.append(slab(e), start(e), keySizes.get(e));
      values.append(slab(e), valueStart(e), valueSize(e));
    }
    return new FlatColumn[] {
      new LongColumn(DataType.INT64, begins, null, n), keys.build(), values.build()
    };
  }

  /** Forgets all entries; there is room for so many groups again. */
  void clear(int groups) {
    reservation.shrink(slabs.heldBytes());
    slabs = new ByteSlabs(reservation);
    first.clear();
    last.clear();
    next.clear();
    places.clear();
    keySizes.clear();
    sizes.clear();
    count = 0;
    ensure(groups);
  }

  /** The first eight bytes of a key, as a number that orders as they do. */
  private long prefix(int e) {
    byte[] slab = slab(e);
    int start = start(e);
    int size = Math.min(8, keySizes.get(e));
    long p = 0;
    for (int i = 0; i < size; i++) {
      p |= (slab[start + i] & 0xFFL) << (56 - 8 * i);
    }
    return p ^ Long.MIN_VALUE;
  }

  void add(FlatColumn[] columns, int[] groups, int n) {
    int[] keys = ((IntColumn) columns[0]).values();
    BytesColumn in = (BytesColumn) columns[1];
    for (int i = 0; i < n; i++) {
      append(groups[i], in.slab(), in.start(i), keys[i], in.size(i));
    }
  }

  // ------------------------------------------------------------------ sorting

  /** Sorts the entries of each group by their keys; equal ones stay as they are. */
  void sort(int groups, CancellationToken token) {
    Sorter sorter = new Sorter();
    for (int g = 0; g < groups; g++) {
      int size = 0;
      for (int e = first.get(g); e >= 0; e = next.get(e)) {
        size++;
      }
      if (size > 1) {
        token.check();
        sorter.sort(g, size);
      }
    }
    sorter.free();
  }

  /** Merge sort of the entries of a group by the first eight bytes of their keys, then the rest. */
  private final class Sorter {
    private int[] order = {};
    private int[] other = {};
    private long[] prefixes = {};
    private long[] otherPrefixes = {};
    private long held;

    void sort(int group, int size) {
      room(size);
      int n = 0;
      for (int e = first.get(group); e >= 0; e = next.get(e)) {
        order[n] = e;
        prefixes[n++] = prefix(e);
      }
      for (int width = 1; width < n; width *= 2) {
        for (int from = 0; from < n; from += 2 * width) {
          merge(from, Math.min(n, from + width), (int) Math.min(n, from + 2L * width));
        }
        int[] o = order;
        order = other;
        other = o;
        long[] p = prefixes;
        prefixes = otherPrefixes;
        otherPrefixes = p;
        if (width > Integer.MAX_VALUE / 2) {
          break;
        }
      }
      first.set(group, order[0]);
      for (int i = 1; i < n; i++) {
        next.set(order[i - 1], order[i]);
      }
      next.set(order[n - 1], -1);
      last.set(group, order[n - 1]);
    }

    private void room(int size) {
      if (order.length < size) {
        int wanted = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(size * 3L / 2, 64));
        reservation.grow(24L * wanted);
        reservation.shrink(held);
        held = 24L * wanted;
        order = new int[wanted];
        other = new int[wanted];
        prefixes = new long[wanted];
        otherPrefixes = new long[wanted];
      }
    }

    private void merge(int from, int middle, int to) {
      int a = from;
      int b = middle;
      for (int i = from; i < to; i++) {
        boolean left = b >= to || (a < middle && !after(a, b));
        int pick = left ? a++ : b++;
        other[i] = order[pick];
        otherPrefixes[i] = prefixes[pick];
      }
    }

    private boolean after(int a, int b) {
      return prefixes[a] != prefixes[b]
          ? prefixes[a] > prefixes[b]
          : compare(order[a], order[b]) > 0;
    }

    void free() {
      reservation.shrink(held);
    }
  }
}
