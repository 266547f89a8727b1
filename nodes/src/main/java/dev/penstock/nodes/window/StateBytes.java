package dev.penstock.nodes.window;

import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.OneGroup;
import java.util.List;

/**
 * What functions need beside rows that are in memory, about.
 *
 * @param ofRow bytes for each row: its place in the order, bits, and states of functions
 * @param fixed bytes for a block of results
 * @param merges whether states of frames are merged
 * @param listed with which values and texts of one frame can be kept; 0: there are none
 */
record StateBytes(long ofRow, long fixed, boolean merges, long listed) {
  private static final long LEAST_OF_ROW = 64;
  private static final long LEAST_OF_TEXT = 256 << 10;

  static StateBytes of(WindowLayout layout) {
    long ofRow = 16;
    long fixed = 64 << 10;
    boolean merges = false;
    long listed = 0;
    for (int f = 0; f < layout.functions.size(); f++) {
      WindowFunction function = layout.functions.get(f);
      List<Argument> args = layout.arguments.get(f);
      long values = listed(function, args);
      listed = Math.max(listed, values);
      if (values == 0) {
        ofRow += ofRow(function);
        merges |= isMerged(function);
        fixed += isMerged(function) ? 96 << 10 : 0;
      }
    }
    return new StateBytes(Math.max(LEAST_OF_ROW, ofRow), fixed, merges, listed);
  }

  /** What a function needs to list the values of a frame; 0: it does not. */
  private static long listed(WindowFunction f, List<Argument> args) {
    boolean slides = !hasHoles(f) && Evaluator.isPlain(f);
    return switch (f.name()) {
      case "row-number", "rank", "dense-rank", "percent-rank", "cume-dist", "ntile" -> 0;
      case "lag", "lead", "first-value", "last-value", "nth-value" -> 0;
      default -> {
        Aggregate aggregate = Evaluator.aggregate(f, args);
        boolean byPlace = f.name().equals("first") || f.name().equals("last");
        if (slides && f.name().equals("collect")) {
          yield LEAST_OF_TEXT;
        }
        yield (byPlace && Evaluator.isPlain(f)) || Evaluator.merges(f, aggregate)
            ? 0
            : OneGroup.leastBytes(aggregate);
      }
    };
  }

  private static boolean hasHoles(WindowFunction f) {
    Frame frame = f.frame();
    return frame != null && frame.exclude() != Frame.Exclude.NO_OTHERS;
  }

  private static boolean isMerged(WindowFunction f) {
    boolean holes = hasHoles(f);
    return switch (f.name()) {
      case "row-number", "rank", "dense-rank", "percent-rank", "cume-dist", "ntile" -> false;
      case "lag", "lead", "first-value", "last-value", "nth-value", "any" -> false;
      case "count", "bool-and", "bool-or", "sum", "avg" -> holes || !Evaluator.isPlain(f);
      case "stddev", "stddev-pop", "variance", "variance-pop", "min", "max" ->
          holes || !Evaluator.isPlain(f);
      default -> true;
    };
  }

  private static long ofRow(WindowFunction f) {
    if (isMerged(f)) {
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
