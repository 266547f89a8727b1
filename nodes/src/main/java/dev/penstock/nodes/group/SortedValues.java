package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All values of a type that does not fit a word (strings, wide decimals, uuids), sorted at the end:
 * {@code percentile-disc mode}.
 */
final class SortedValues extends EntryAccumulator {
  private final Reservation reservation;
  private final RowBytes row = new RowBytes();
  private @Nullable ListResults fromDisk;

  SortedValues(Reservation reservation) {
    super(reservation);
    this.reservation = reservation;
  }

  @Override
  long settleGrowth(int groups) {
    return entries.sortGrowth(groups);
  }

  @Override
  public FlatColumn[] sortItems(int[] items, long[] numbers, int count) {
    return entries.sortColumns(items, null, count);
  }

  @Override
  public ListResults sorted(List<GroupPlan.Output> outputs, int groups, Workspace workspace) {
    fromDisk = new ValueResults(outputs, groups, reservation);
    return fromDisk;
  }

  @Override
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    return 2 * RowBytes.bound(values[0], at[0], count);
  }

  @Override
  void add(FlatColumn[] columns, int[][] places, int @Nullable [] groups, int count) {
    FlatColumn values = columns[0];
    int[] at = places[0];
    for (int i = 0; i < count; i++) {
      row.clear();
      row.key(values, at[i], false, false);
      int keySize = row.size();
      row.value(values, at[i]);
      entries.append(groups == null ? 0 : groups[i], row.bytes(), 0, keySize, row.size());
    }
  }

  @Override
  void settle(int groups, CancellationToken token) {
    entries.sort(groups, token);
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    if (fromDisk != null) {
      return fromDisk.result(output, groups, count);
    }
    ValueColumn out = new ValueColumn(output.type(), count);
    boolean mode = output.function().equals("mode");
    for (int i = 0; i < count; i++) {
      int e = entries.first(groups[i]);
      if (e < 0) {
        out.appendNull();
        continue;
      }
      if (mode) {
        e = mode(e);
      } else {
        for (long k = Percentile.discrete(output.parameters(), valueCounts[i]); k > 0; k--) {
          e = entries.next(e);
        }
      }
      out.append(entries.slab(e), entries.valueStart(e), entries.valueSize(e));
    }
    return out.build();
  }

  /** The value that comes most often; of several the least. */
  private int mode(int from) {
    int best = from;
    long most = 0;
    for (int e = from; e >= 0; ) {
      int value = e;
      long run = 0;
      for (; e >= 0 && entries.sameKeys(e, value); e = entries.next(e)) {
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
