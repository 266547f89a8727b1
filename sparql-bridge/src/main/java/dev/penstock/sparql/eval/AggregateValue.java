package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.binding.BindingFactory;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.ExprVar;
import org.apache.jena.sparql.expr.NodeValue;
import org.apache.jena.sparql.expr.aggregate.Accumulator;
import org.apache.jena.sparql.expr.aggregate.AggAvg;
import org.apache.jena.sparql.expr.aggregate.AggAvgDistinct;
import org.apache.jena.sparql.expr.aggregate.AggSum;
import org.apache.jena.sparql.expr.aggregate.Aggregator;
import org.apache.jena.sparql.expr.nodevalue.XSDFuncOp;
import org.apache.jena.sparql.function.FunctionEnv;
import org.jspecify.annotations.Nullable;

/**
 * The value of an aggregate. Arguments: the ids that it goes over, a JSON array ({@code collect}),
 * in which null is an error; and perhaps, of small integers that are not in the list, their sum or
 * extreme, and their number.
 */
public final class AggregateValue implements HostFunction {
  private static final int CHECK = 0xFF;
  private static final Var VALUE = Var.alloc("value");

  private final QueryEnv env;
  private final Aggregator aggregator;
  private final boolean average;

  /**
   * @param aggregator of one expression
   */
  public AggregateValue(QueryEnv env, Aggregator aggregator) {
    this.env = env;
    this.average = aggregator instanceof AggAvg || aggregator instanceof AggAvgDistinct;
    ExprList value = new ExprList(new ExprVar(VALUE));
    this.aggregator = average ? new AggSum(new ExprVar(VALUE)) : aggregator.copy(value);
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    BytesColumn lists = (BytesColumn) args[0].flat(batch.selection(), batch.count());
    FlatColumn small = args.length > 1 ? args[1].flat(batch.selection(), batch.count()) : null;
    FlatColumn count = args.length > 1 ? args[2].flat(batch.selection(), batch.count()) : null;
    int n = batch.length();
    long[] ids = new long[n];
    long[] nulls = new long[Bits.words(n)];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      boolean isSmall = small != null && !small.isNull(p);
      Node value =
          value(
              lists.isNull(p) ? "[]" : lists.string(p),
              isSmall ? (Long) ((LongColumn) small).values()[p] : null,
              isSmall && count != null ? ((LongColumn) count).values()[p] : 0);
      if (value == null) {
        Bits.set(nulls, p);
      } else {
        ids[p] = env.terms().encode(value);
      }
    }
    return new LongColumn(DataType.INT64, ids, nulls, n);
  }

  private @Nullable Node value(String list, @Nullable Long small, long smallCount) {
    if (small == null && list.equals("[]")) {
      return aggregator.getValueEmpty();
    }
    FunctionEnv active = env.active(env.dataset().defaultGraphs());
    Accumulator all = aggregator.createAccumulator();
    if (small != null) {
      all.accumulate(binding(NodeValue.makeInteger(small).asNode()), active);
    }
    long count = smallCount;
    int end = list.length() - 1;
    for (int from = 1; from < end; count++) {
      if ((count & CHECK) == 0) {
        Stop.check();
      }
      int comma = list.indexOf(',', from);
      int to = comma < 0 ? end : comma;
      String item = list.substring(from, to).trim();
      all.accumulate(
          item.equals("null")
              ? BindingFactory.empty()
              : binding(env.terms().decode(Long.parseLong(item))),
          active);
      from = to + 1;
    }
    try {
      NodeValue value = all.getValue();
      return value == null
          ? null
          : average
              ? XSDFuncOp.numDivide(value, NodeValue.makeInteger(count)).asNode()
              : value.asNode();
    } catch (ExprEvalException e) {
      return null;
    }
  }

  private static Binding binding(Node term) {
    return BindingFactory.binding(VALUE, term);
  }
}
