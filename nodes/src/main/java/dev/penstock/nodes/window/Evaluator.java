package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.PenstockException;
import java.util.List;

/** One function over sorted rows, in order. */
interface Evaluator extends AutoCloseable {
  /** The results of the next block. */
  Column evaluate(Block block);

  @Override
  default void close() {}

  static Evaluator of(WindowFunction f, List<Argument> args, SortedRows rows, FrameRows frame) {
    DataType type = f.type();
    return switch (f.name()) {
      case "row-number", "rank", "dense-rank", "percent-rank", "cume-dist", "ntile" ->
          new Ranking(f.name(), type, args, rows);
      case "lag", "lead" -> new Shifted(f.name(), type, args, rows);
      case "first-value", "last-value", "nth-value", "any" ->
          new FrameValues(f.name(), args, rows, frame);
      case "count" ->
          args.isEmpty()
              ? new Counts.Rows(type, frame)
              : new Counts.Values(type, args.get(0), rows, frame);
      case "bool-and", "bool-or" -> new BooleanFold(f.name(), type, args.get(0), rows, frame);
      case "sum", "avg" ->
          args.get(0).type().kind() == Kind.FLOAT64
              ? new FloatSums(f.name(), type, args.get(0), rows, frame)
              : new ExactSums(f.name(), type, args.get(0), rows, frame);
      case "stddev", "stddev-pop", "variance", "variance-pop" ->
          new Moments(f.name(), type, args.get(0), rows, frame);
      case "min", "max" ->
          switch (args.get(0).type().layout()) {
            case BITS, INTS, LONGS, DOUBLES -> new WordExtremes(f.name(), args.get(0), rows, frame);
            default -> new OrderedExtremes(f.name(), args.get(0), rows, frame);
          };
      case "collect" -> new Collected(type, args.get(0), rows, frame);
      default -> throw unknown(f);
    };
  }

  /** Throws INCORRECT or UNSUPPORTED for what no evaluator can do, before any row is read. */
  static void check(WindowLayout layout) {
    for (WindowFunction f : layout.functions) {
      int n = f.args().size();
      boolean ok =
          switch (f.name()) {
            case "row-number", "rank", "dense-rank", "percent-rank", "cume-dist" -> n == 0;
            case "count" -> n <= 1;
            case "lag", "lead" -> n >= 1 && n <= 3;
            case "nth-value" -> n == 2;
            case "ntile",
                "first-value",
                "last-value",
                "any",
                "bool-and",
                "bool-or",
                "sum",
                "avg",
                "stddev",
                "stddev-pop",
                "variance",
                "variance-pop",
                "min",
                "max",
                "collect" ->
                n == 1;
            default -> throw unknown(f);
          };
      if (!ok) {
        throw PenstockException.incorrect(
            "bad-argument-count", "window function " + f.name() + " was given " + n + " arguments");
      }
      if (f.name().equals("min") || f.name().equals("max")) {
        Ordering.of(f.args().get(0).type());
      }
      Frame frame = f.frame();
      if (frame != null) {
        FrameRows.check(frame, layout);
      }
    }
  }

  private static PenstockException unknown(WindowFunction f) {
    return PenstockException.unsupported(
        "no-function", "window function " + f.name() + " is not built");
  }
}
