package dev.penstock.nodes.window;

import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.AggregateStates;
import java.util.List;

/**
 * What functions need beside rows that are in memory, about.
 *
 * @param ofRow bytes for each row: its place in the order, bits, and states of functions
 * @param fixed bytes for a block of results
 * @param merges whether states of frames are merged
 */
record StateBytes(long ofRow, long fixed, boolean merges) {
  private static final long LEAST_OF_ROW = 64;

  static StateBytes of(WindowLayout layout) {
    long ofRow = 16;
    long fixed = 64 << 10;
    boolean merges = false;
    for (int f = 0; f < layout.functions.size(); f++) {
      WindowFunction function = layout.functions.get(f);
      ofRow += ofRow(function, layout.arguments.get(f));
      merges |= isMerged(function);
      fixed += isMerged(function) ? 96 << 10 : 0;
    }
    return new StateBytes(Math.max(LEAST_OF_ROW, ofRow), fixed, merges);
  }

  private static boolean isMerged(WindowFunction f) {
    Frame frame = f.frame();
    boolean holes = frame != null && frame.exclude() != Frame.Exclude.NO_OTHERS;
    return switch (f.name()) {
      case "row-number", "rank", "dense-rank", "percent-rank", "cume-dist", "ntile" -> false;
      case "lag", "lead", "first-value", "last-value", "nth-value", "any", "collect" -> false;
      case "count", "bool-and", "bool-or", "sum", "avg" -> holes || !Evaluator.isPlain(f);
      case "stddev", "stddev-pop", "variance", "variance-pop", "min", "max" ->
          holes || !Evaluator.isPlain(f);
      default -> true;
    };
  }

  private static long ofRow(WindowFunction f, List<Argument> args) {
    if (isMerged(f)) {
      Aggregate aggregate = Evaluator.aggregate(f, args);
      if (!AggregateStates.isMergeable(aggregate)) {
        return 64; // all values of a frame
      }
      return f.name().equals("approx-count-distinct") ? 160 : 16;
    }
    return switch (f.name()) {
      case "stddev", "stddev-pop", "variance", "variance-pop", "sum", "avg", "min", "max" -> 24;
      case "lag", "lead", "first-value", "last-value", "nth-value" ->
          f.options().ignoreNulls() ? 8 : 0;
      default -> 0;
    };
  }
}
