package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.sort.SortKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function of a {@link Window}.
 *
 * @param name as in the plan language: {@code row-number rank dense-rank percent-rank cume-dist
 *     ntile lag lead first-value last-value nth-value}, or an aggregate
 * @param args over the input's columns, cast to what the function takes: offsets and numbers of
 *     buckets are integers, the default of lag and lead has the type of the first argument
 * @param frame null for the default; ranking functions, lag and lead have none
 * @param type the result type
 * @param options what else is said; {@link Options#NONE} for most
 */
public record WindowFunction(
    String name, List<Expr> args, @Nullable Frame frame, DataType type, Options options) {
  public WindowFunction {
    args = List.copyOf(args);
  }

  public WindowFunction(String name, List<Expr> args, @Nullable Frame frame, DataType type) {
    this(name, args, frame, type, Options.NONE);
  }

  /**
   * Options of a call.
   *
   * @param parameters of an aggregate: values that are the same for all rows
   * @param distinct of an aggregate: each value counts once in a frame
   * @param filter of an aggregate: a boolean expression; only rows for which it is true count
   * @param order of an aggregate: the order in which it takes the rows of a frame
   * @param ignoreNulls of first-value, last-value, nth-value, lag and lead: rows where the first
   *     argument is null are passed over
   */
  public record Options(
      List<Object> parameters,
      boolean distinct,
      @Nullable Expr filter,
      List<SortKey> order,
      boolean ignoreNulls) {
    public static final Options NONE = new Options(List.of(), false, null, List.of(), false);

    public Options {
      parameters = List.copyOf(parameters);
      order = List.copyOf(order);
    }
  }
}
