package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.util.List;

/** Percentiles and the mode of values that fit a word, from a list that was sorted on disk. */
final class WordResults extends ListResults {
  private final Words of;
  private final List<GroupPlan.Output> outputs;

  /** By output: the result of each group, and whether it has one. */
  private final Longs[] words;

  private final Ints filled;
  private int group;
  private long count;
  private long place;

  // The run of equal values at hand, and the longest so far.
  private long value;
  private long run;
  private long longest;
  private long mode;
  private long before;

  WordResults(Words of, List<GroupPlan.Output> outputs, int groups, Reservation memory) {
    this.of = of;
    this.outputs = outputs;
    this.words = new Longs[outputs.size()];
    for (int o = 0; o < words.length; o++) {
      words[o] = new Longs(memory);
      words[o].ensure(groups);
    }
    this.filled = new Ints(memory);
    filled.ensure(groups);
  }

  @Override
  void begin(int newGroup, long newCount, long bytes) {
    group = newGroup;
    count = newCount;
    place = 0;
    run = 0;
    longest = 0;
    filled.set(group, 1);
  }

  @Override
  void take(long word, BytesColumn values, int at) {
    run = run > 0 && word == value ? run + 1 : 1;
    value = word;
    if (run > longest) {
      longest = run;
      mode = word;
    }
    for (int o = 0; o < words.length; o++) {
      GroupPlan.Output output = outputs.get(o);
      switch (output.function()) {
        case "mode" -> words[o].set(group, mode);
        case "percentile-cont" -> {
          double wanted = Percentile.continuous(output.parameters(), count);
          double share = wanted - (long) wanted;
          if (place == (long) wanted) {
            words[o].set(group, Double.doubleToRawLongBits(of.number(word)));
          } else if (share != 0 && place == (long) wanted + 1) {
            double between = Percentile.between(of.number(before), of.number(word), share);
            words[o].set(group, Double.doubleToRawLongBits(between));
          }
        }
        default -> {
          if (place == Percentile.discrete(output.parameters(), count)) {
            words[o].set(group, word);
          }
        }
      }
    }
    before = word;
    place++;
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, int n) {
    Longs from = words[outputs.indexOf(output)];
    long[] out = new long[n];
    long[] has = new long[n];
    for (int i = 0; i < n; i++) {
      has[i] = filled.get(groups[i]);
      long word = from.get(groups[i]);
      out[i] = output.function().equals("percentile-cont") ? word : of.ofWord(word);
    }
    return ValueColumn.ofWords(output.type(), out, Accumulator.nullsOf(has, 1, n), n);
  }
}
