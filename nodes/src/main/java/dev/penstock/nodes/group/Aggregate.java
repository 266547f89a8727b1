package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.nodes.sort.SortKey;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a {@link Group}.
 *
 * @param function its name in the plan language (docs/plan-language.md, section 3)
 * @param arguments none for the count of rows and for {@code grouping}
 * @param parameters values that are the same for all rows: the separator of {@code string-agg}, the
 *     share of {@code percentile-cont} and {@code percentile-disc} (and true for descending); for
 *     {@code grouping} the ordinals of its keys
 * @param distinct each value of the arguments counts once in a group
 * @param filter only rows for which it is true count; null for all
 * @param order the order in which the rows of a group are taken, where that matters
 * @param type the result type
 */
public record Aggregate(
    String function,
    List<Expr> arguments,
    List<Object> parameters,
    boolean distinct,
    @Nullable Predicate filter,
    List<SortKey> order,
    DataType type) {

  public Aggregate {
    arguments = List.copyOf(arguments);
    parameters = List.copyOf(parameters);
    order = List.copyOf(order);
  }

  public Aggregate(String function, Expr argument, DataType type) {
    this(function, List.of(argument), List.of(), false, null, List.of(), type);
  }

  public static Aggregate countRows() {
    return new Aggregate("count", List.of(), List.of(), false, null, List.of(), DataType.INT64);
  }

  /**
   * A bit for each of these keys, the last one lowest: 1 if it is not in the row's grouping set.
   */
  public static Aggregate grouping(int... keys) {
    List<Object> ordinals = Arrays.stream(keys).<Object>mapToObj(k -> k).toList();
    return new Aggregate("grouping", List.of(), ordinals, false, null, List.of(), DataType.INT64);
  }

  /** Over the different values of the arguments. */
  public Aggregate ofDistinct() {
    return new Aggregate(function, arguments, parameters, true, filter, order, type);
  }

  public Aggregate where(Predicate predicate) {
    return new Aggregate(function, arguments, parameters, distinct, predicate, order, type);
  }
}
