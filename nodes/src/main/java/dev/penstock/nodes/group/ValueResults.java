package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import java.util.List;

/** Discrete percentiles and the mode of byte strings, from a list that was sorted on disk. */
final class ValueResults extends ListResults {
  private final List<GroupPlan.Output> outputs;

  /** By output: an entry for each group. */
  private final Entries[] values;

  private int group;
  private long count;
  private long place;

  // The run of equal values at hand, and the longest so far, whose value is the mode.
  private byte[] value = {};
  private long run;
  private long longest;
  private byte[] mode = {};

  ValueResults(List<GroupPlan.Output> outputs, int groups, Reservation memory) {
    this.outputs = outputs;
    this.values = new Entries[outputs.size()];
    for (int o = 0; o < values.length; o++) {
      values[o] = new Entries(memory);
      values[o].ensure(groups);
    }
  }

  @Override
  void begin(int newGroup, long newCount, long bytes) {
    group = newGroup;
    count = newCount;
    place = 0;
    run = 0;
    longest = 0;
  }

  @Override
  void take(long word, BytesColumn from, int at) {
    int start = from.start(at);
    int end = start + from.size(at);
    if (run > 0 && Arrays.equals(value, 0, value.length, from.slab(), start, end)) {
      run++;
    } else {
      run = 1;
      value = Arrays.copyOfRange(from.slab(), start, end);
    }
    if (run > longest) {
      longest = run;
      mode = value;
    }
    for (int o = 0; o < values.length; o++) {
      GroupPlan.Output output = outputs.get(o);
      if (output.function().equals("mode")) {
        if (place == count - 1) {
          values[o].append(group, mode, 0, 0, mode.length);
        }
      } else if (place == Percentile.discrete(output.parameters(), count)) {
        values[o].append(group, value, 0, 0, value.length);
      }
    }
    place++;
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, int n) {
    Entries from = values[outputs.indexOf(output)];
    ValueColumn out = new ValueColumn(output.type(), n);
    for (int i = 0; i < n; i++) {
      int e = from.first(groups[i]);
      if (e < 0) {
        out.appendNull();
      } else {
        out.append(from.slab(e), from.valueStart(e), from.valueSize(e));
      }
    }
    return out.build();
  }
}
