package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.AggregateStates;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One function over sorted rows, in order. */
interface Evaluator extends AutoCloseable {
  /** The results of the next block. */
  Column evaluate(Block block);

  @Override
  default void close() {}

  /**
   * @param listing for values and texts of one frame, if the function keeps such; see {@link
   *     StateBytes#listed}
   */
  static Evaluator of(
      QueryContext query,
      Workspace listing,
      WindowFunction f,
      List<Argument> args,
      SortedRows rows,
      FrameRows frame,
      Frame.Exclude exclude) {
    DataType type = f.type();
    boolean ignoreNulls = f.options().ignoreNulls();
    boolean whole = exclude == Frame.Exclude.NO_OTHERS;
    switch (f.name()) {
      case "row-number", "rank", "dense-rank", "percent-rank", "cume-dist", "ntile" -> {
        return new Ranking(f.name(), type, args, rows);
      }
      case "lag", "lead" -> {
        return new Shifted(f.name(), type, args, rows, ignoreNulls);
      }
      case "first-value", "last-value", "nth-value" -> {
        return whole && !ignoreNulls
            ? new FrameValues(f.name(), args, rows, frame)
            : new ChosenValues(f.name(), args, rows, frame, exclude, ignoreNulls);
      }
      default -> {
        boolean byPlace = f.name().equals("first") || f.name().equals("last");
        if (byPlace && isPlain(f)) {
          return whole
              ? new FrameValues(f.name() + "-value", args, rows, frame)
              : new ChosenValues(f.name() + "-value", args, rows, frame, exclude, false);
        }
        Evaluator sliding = whole && isPlain(f) ? sliding(f, args, rows, frame, listing) : null;
        if (sliding != null) {
          return sliding;
        }
        Aggregate aggregate = aggregate(f, args);
        boolean filtered = f.options().filter() != null;
        return merges(f, aggregate)
            ? new MergedFrames(query, aggregate, filtered, args, rows, frame, exclude)
            : new ListedFrames(listing, aggregate, filtered, args, rows, frame, exclude);
      }
    }
  }

  /** Whether states of parts of a frame are merged, else each frame is computed from its rows. */
  static boolean merges(WindowFunction f, Aggregate aggregate) {
    // Merged states do not know which of their rows came first.
    boolean byPlace = f.name().equals("first") || f.name().equals("last");
    boolean anyOrder = !byPlace || !f.options().order().isEmpty();
    return anyOrder && AggregateStates.isMergeable(aggregate);
  }

  /** Whether it makes a text of all values of a frame. */
  static boolean makesTexts(WindowFunction f) {
    return f.name().equals("collect")
        || f.name().equals("string-agg")
        || f.name().equals("json-object-agg");
  }

  static boolean isPlain(WindowFunction f) {
    WindowFunction.Options o = f.options();
    return !o.distinct() && o.filter() == null && o.order().isEmpty();
  }

  /** An evaluator of its own for what rows can enter and leave; null if there is none. */
  private static @Nullable Evaluator sliding(
      WindowFunction f, List<Argument> args, SortedRows rows, FrameRows frame, Workspace listing) {
    DataType type = f.type();
    return switch (f.name()) {
      case "any" -> new FrameValues(f.name(), args, rows, frame);
      case "count" ->
          args.isEmpty()
              ? new Counts.Rows(type, frame)
              : new Counts.Values(type, args.get(0), rows, frame);
      case "bool-and", "bool-or" -> new BooleanFold(f.name(), type, args.get(0), rows, frame);
      case "sum", "avg" ->
          switch (args.get(0).type().kind()) {
            case INTERVAL -> null;
            case FLOAT64 -> new FloatSums(f.name(), type, args.get(0), rows, frame);
            default -> new ExactSums(f.name(), type, args.get(0), rows, frame);
          };
      case "stddev", "stddev-pop", "variance", "variance-pop" ->
          new Moments(f.name(), type, args.get(0), rows, frame);
      case "min", "max" ->
          switch (args.get(0).type().layout()) {
            case BITS, INTS, LONGS, DOUBLES -> new WordExtremes(f.name(), args.get(0), rows, frame);
            default -> new OrderedExtremes(f.name(), args.get(0), rows, frame);
          };
      case "collect" -> new Collected(listing, type, args.get(0), rows, frame);
      default -> null;
    };
  }

  /** The aggregate over rows of these columns. */
  static Aggregate aggregate(WindowFunction f, List<Argument> args) {
    WindowFunction.Options o = f.options();
    List<Expr> columns = new ArrayList<>();
    for (int c = 0; c < f.args().size(); c++) {
      columns.add(new ColumnExpr(c, args.get(c).type()));
    }
    List<SortKey> order = new ArrayList<>();
    for (SortKey key : o.order()) {
      int c = columns.size() + order.size();
      order.add(
          new SortKey(new ColumnExpr(c, args.get(c).type()), key.descending(), key.nullsFirst()));
    }
    return new Aggregate(f.name(), columns, o.parameters(), o.distinct(), null, order, f.type());
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
            case "ntile", "first-value", "last-value" -> n == 1;
            default -> n == AggregateStates.arguments(f.name());
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
}
