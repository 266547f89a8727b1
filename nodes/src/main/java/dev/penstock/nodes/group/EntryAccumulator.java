package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;

/** An accumulator whose state is all its values, as {@link Entries}. */
abstract class EntryAccumulator extends Accumulator implements Listed {
  final Entries entries;

  EntryAccumulator(Reservation reservation) {
    this.entries = new Entries(reservation);
  }

  @Override
  void ensure(int n) {
    entries.ensure(n);
  }

  @Override
  long growth(int groups, long rows, long bytes) {
    return entries.growth(groups, rows, bytes);
  }

  @Override
  long stateBytes(int[] groups, int count) {
    return entries.bytesOf(groups, count);
  }

  @Override
  long stateRows(int[] groups, int count) {
    return entries.entriesOf(groups, count);
  }

  @Override
  public int first(int group) {
    return entries.first(group);
  }

  @Override
  public int next(int item) {
    return entries.next(item);
  }

  @Override
  public int itemBytes(int item) {
    return entries.size(item);
  }

  @Override
  public FlatColumn[] saveItems(int[] items, int count) {
    return entries.save(items, count);
  }

  @Override
  public void addItems(FlatColumn[] columns, int[] groups, int count) {
    entries.add(columns, groups, count);
  }

  @Override
  public int items() {
    return entries.entries();
  }

  @Override
  public int valueBytes(int item) {
    return entries.valueSize(item);
  }

  @Override
  public void clear(int groups) {
    entries.clear(groups);
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    EntryAccumulator in = (EntryAccumulator) other;
    for (int i = 0; i < count; i++) {
      entries.appendAll(to[i], in.entries, from[i]);
    }
  }
}
