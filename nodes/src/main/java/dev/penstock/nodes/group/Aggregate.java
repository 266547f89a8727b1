package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a {@link Group}.
 *
 * @param function its name in the plan language: {@code count sum avg min max stddev stddev-pop
 *     variance variance-pop any bool-and bool-or collect grouping}
 * @param argument null for the count of rows and for {@code grouping}
 * @param distinct each value of the argument counts once in a group
 * @param filter only rows for which it is true count; null for all
 * @param type the result type
 * @param key for {@code grouping}: ordinal of the key; else ignored
 */
public record Aggregate(
    String function,
    @Nullable Expr argument,
    boolean distinct,
    @Nullable Predicate filter,
    DataType type,
    int key) {

  public Aggregate(String function, @Nullable Expr argument, DataType type) {
    this(function, argument, false, null, type, -1);
  }

  public static Aggregate countRows() {
    return new Aggregate("count", null, DataType.INT64);
  }

  public static Aggregate grouping(int key) {
    return new Aggregate("grouping", null, false, null, DataType.INT32, key);
  }

  /** Over the different values of the argument. */
  public Aggregate ofDistinct() {
    return new Aggregate(function, argument, true, filter, type, key);
  }

  public Aggregate where(Predicate predicate) {
    return new Aggregate(function, argument, distinct, predicate, type, key);
  }
}
