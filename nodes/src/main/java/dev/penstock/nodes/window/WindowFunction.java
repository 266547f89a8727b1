package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function of a {@link Window}.
 *
 * @param name as in the plan language: {@code row-number rank dense-rank percent-rank cume-dist
 *     ntile lag lead first-value last-value nth-value}, or an aggregate: {@code count sum avg min
 *     max stddev stddev-pop variance variance-pop any bool-and bool-or collect}
 * @param args over the input's columns, cast to what the function takes: offsets and numbers of
 *     buckets are integers, the default of lag and lead has the type of the first argument
 * @param frame null for the default; ranking functions, lag and lead have none
 * @param type the result type
 */
public record WindowFunction(String name, List<Expr> args, @Nullable Frame frame, DataType type) {
  public WindowFunction {
    args = List.copyOf(args);
  }
}
