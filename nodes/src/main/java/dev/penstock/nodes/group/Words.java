package dev.penstock.nodes.group;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All values of a type that fits a word, sorted at the end: {@code percentile-cont percentile-disc
 * mode}. Values are kept by their place in the order, as in {@link LongPick}.
 *
 * <pre>
 * group -> an entry -> another -> ... ; an entry is a word
 * </pre>
 */
final class Words extends ColumnAccumulator implements Listed {
  private final DataType input;
  private final Reservation reservation;
  private final Ints first;
  private final Ints next;
  private final Longs values;
  private int entries;
  private @Nullable ListResults fromDisk;
  private long[] scratch = {};

  Words(DataType input, Reservation reservation) {
    this.input = input;
    this.reservation = reservation;
    this.first = new Ints(reservation, -1);
    this.next = new Ints(reservation, -1);
    this.values = new Longs(reservation);
  }

  @Override
  void ensure(int n) {
    first.ensure(n);
  }

  @Override
  void add(FlatColumn column, int[] at, int @Nullable [] groups, int count) {
    if (scratch.length < count) {
      scratch = new long[Math.max(count, 2048)];
    }
    words(column, at, count, scratch);
    room(count);
    for (int i = 0; i < count; i++) {
      put(groups == null ? 0 : groups[i], scratch[i]);
    }
  }

  @Override
  long growth(int groups, long rows, long bytes) {
    int n = (int) Math.min(Integer.MAX_VALUE, entries + rows);
    return first.growth(groups) + next.growth(n) + values.growth(n);
  }

  @Override
  long stateRows(int[] groups, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += size(groups[i]);
    }
    return sum;
  }

  private int size(int group) {
    int size = 0;
    for (int e = first.get(group); e >= 0; e = next.get(e)) {
      size++;
    }
    return size;
  }

  @Override
  long settleGrowth(int groups) {
    long most = 0;
    for (int g = 0; g < groups; g++) {
      most = Math.max(most, size(g));
    }
    return most < 2 ? 0 : 24 * Math.max(most * 3 / 2, 64);
  }

  @Override
  public int first(int group) {
    return first.get(group);
  }

  @Override
  public int next(int item) {
    return next.get(item);
  }

  @Override
  public int itemBytes(int item) {
    return 8;
  }

  @Override
  public FlatColumn[] saveItems(int[] items, int count) {
    long[] out = new long[count];
    for (int i = 0; i < count; i++) {
      out[i] = values.get(items[i]);
    }
    return new FlatColumn[] {new LongColumn(DataType.INT64, out, null, count)};
  }

  @Override
  public void addItems(FlatColumn[] columns, int[] groups, int count) {
    long[] in = ((LongColumn) columns[0]).values();
    room(count);
    for (int i = 0; i < count; i++) {
      put(groups[i], in[i]);
    }
  }

  @Override
  public int items() {
    return entries;
  }

  @Override
  public int valueBytes(int item) {
    return 8;
  }

  @Override
  public FlatColumn[] sortItems(int[] items, long[] numbers, int count) {
    BytesColumn none = ListSort.empty(count);
    return new FlatColumn[] {saveItems(items, count)[0], none, none};
  }

  @Override
  public void clear(int groups) {
    first.clear();
    next.clear();
    values.clear();
    entries = 0;
    first.ensure(groups);
  }

  @Override
  public ListResults sorted(List<GroupPlan.Output> outputs, int groups, Workspace workspace) {
    WordResults results = new WordResults(this, outputs, groups, reservation);
    fromDisk = results;
    return results;
  }

  private void room(int more) {
    if (more > Integer.MAX_VALUE - entries) {
      throw PenstockException.limit(
          "too-many-values", "an aggregate that keeps its values has more than 2^31 of them");
    }
    next.ensure(entries + more);
    values.ensure(entries + more);
  }

  private void put(int group, long word) {
    int e = entries++;
    values.set(e, word);
    next.set(e, first.get(group));
    first.set(group, e);
  }

  /** The values as words that sort as they do. */
  static void words(FlatColumn values, int[] at, int count, long[] out) {
    if (values instanceof LongColumn c) {
      long[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = v[at[i]];
      }
    } else if (values instanceof IntColumn c) {
      int[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = v[at[i]];
      }
    } else if (values instanceof DoubleColumn c) {
      double[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = Ordering.doubleKey(v[at[i]]);
      }
    } else {
      long[] words = ((BitColumn) values).words();
      for (int i = 0; i < count; i++) {
        int p = at[i];
        out[i] = words[p >> 6] >>> p & 1;
      }
    }
  }

  /** The inverse of {@link Ordering#doubleKey}. */
  static double ofKey(long key) {
    return Double.longBitsToDouble(key ^ (key >> 63 & Long.MAX_VALUE));
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    Words in = (Words) other;
    for (int i = 0; i < count; i++) {
      for (int e = in.first.get(from[i]); e >= 0; e = in.next.get(e)) {
        room(1);
        put(to[i], in.values.get(e));
      }
    }
  }

  /** Writes the values of each group in order along its chain. */
  @Override
  void settle(int groups, CancellationToken token) {
    long[] sorted = {};
    long held = 0;
    for (int g = 0; g < groups; g++) {
      int size = size(g);
      if (size < 2) {
        continue;
      }
      token.check();
      if (sorted.length < size) {
        int wanted = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(size * 3L / 2, 64));
        reservation.grow(8L * wanted);
        reservation.shrink(held);
        held = 8L * wanted;
        sorted = new long[wanted];
      }
      int n = 0;
      for (int e = first.get(g); e >= 0; e = next.get(e)) {
        sorted[n++] = values.get(e);
      }
      Arrays.sort(sorted, 0, n);
      n = 0;
      for (int e = first.get(g); e >= 0; e = next.get(e)) {
        values.set(e, sorted[n++]);
      }
    }
    reservation.shrink(held);
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    if (fromDisk != null) {
      return fromDisk.result(output, groups, count);
    }
    long[] out = new long[count];
    for (int i = 0; i < count; i++) {
      int e = first.get(groups[i]);
      if (e < 0) {
        continue;
      }
      if (output.function().equals("percentile-cont")) {
        out[i] = Double.doubleToRawLongBits(between(output, e, valueCounts[i]));
      } else {
        long word = output.function().equals("mode") ? mode(e) : disc(output, e, valueCounts[i]);
        out[i] = ofWord(word);
      }
    }
    return ValueColumn.ofWords(output.type(), out, nullsOf(valueCounts, 1, count), count);
  }

  private long disc(GroupPlan.Output output, int from, long size) {
    int e = from;
    for (long k = Percentile.discrete(output.parameters(), size); k > 0; k--) {
      e = next.get(e);
    }
    return values.get(e);
  }

  private double between(GroupPlan.Output output, int from, long size) {
    double at = Percentile.continuous(output.parameters(), size);
    int e = from;
    for (long k = (long) at; k > 0; k--) {
      e = next.get(e);
    }
    double low = number(values.get(e));
    double share = at - (long) at;
    if (share == 0) {
      return low;
    }
    return Percentile.between(low, number(values.get(next.get(e))), share);
  }

  /** The value of a word, in a word. */
  long ofWord(long word) {
    return input.equals(DataType.FLOAT64) ? Double.doubleToRawLongBits(ofKey(word)) : word;
  }

  double number(long word) {
    return input.equals(DataType.FLOAT64) ? ofKey(word) : Int128.toDouble(word, input.scale());
  }

  /** The value that comes most often; of several the least. */
  private long mode(int from) {
    long best = values.get(from);
    long most = 0;
    for (int e = from; e >= 0; ) {
      long value = values.get(e);
      long run = 0;
      for (; e >= 0 && values.get(e) == value; e = next.get(e)) {
        run++;
      }
      if (run > most) {
        most = run;
        best = value;
      }
    }
    return best;
  }
}
