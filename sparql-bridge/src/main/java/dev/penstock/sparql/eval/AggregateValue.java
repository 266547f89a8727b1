package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
 * in which null is an error; and perhaps, of what is not in the list: the sum or extreme of small
 * integers, and their number; then of small decimals the sum, their number and the most digits
 * behind a point, or the id of the extreme.
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

  /** What the plan has computed already: its value, if there is one, and of how many terms. */
  private record Done(@Nullable NodeValue value, long count) {
    static final Done NOTHING = new Done(null, 0);
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn[] flat = new FlatColumn[args.length];
    for (int k = 0; k < args.length; k++) {
      flat[k] = args[k].flat(batch.selection(), batch.count());
    }
    BytesColumn lists = (BytesColumn) flat[0];
    int n = batch.length();
    long[] ids = new long[n];
    long[] nulls = new long[Bits.words(n)];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      Done small = flat.length > 1 ? integers(flat, p) : Done.NOTHING;
      Done decimals =
          flat.length == 6 ? sum(flat, p) : flat.length == 4 ? extreme(flat[3], p) : Done.NOTHING;
      Node value = value(lists.isNull(p) ? "[]" : lists.string(p), small, decimals);
      if (value == null) {
        Bits.set(nulls, p);
      } else {
        ids[p] = env.terms().encode(value);
      }
    }
    return new LongColumn(DataType.INT64, ids, nulls, n);
  }

  private static long at(FlatColumn column, int p) {
    return ((LongColumn) column).values()[p];
  }

  private static Done integers(FlatColumn[] flat, int p) {
    return flat[1].isNull(p)
        ? Done.NOTHING
        : new Done(NodeValue.makeInteger(at(flat[1], p)), at(flat[2], p));
  }

  private static Done sum(FlatColumn[] flat, int p) {
    if (!(flat[3].value(p) instanceof BigDecimal sum)) {
      return Done.NOTHING;
    }
    BigDecimal exact = sum.setScale((int) at(flat[5], p), RoundingMode.UNNECESSARY);
    return new Done(NodeValue.makeDecimal(exact), at(flat[4], p));
  }

  private Done extreme(FlatColumn ids, int p) {
    return ids.isNull(p)
        ? Done.NOTHING
        : new Done(NodeValue.makeNode(env.terms().decode(at(ids, p))), 1);
  }

  private @Nullable Node value(String list, Done small, Done decimals) {
    if (small.value() == null && decimals.value() == null && list.equals("[]")) {
      return aggregator.getValueEmpty();
    }
    FunctionEnv active = env.active(env.dataset().defaultGraphs());
    Accumulator all = aggregator.createAccumulator();
    long count = 0;
    for (Done done : new Done[] {small, decimals}) {
      if (done.value() != null) {
        all.accumulate(binding(done.value().asNode()), active);
        count += done.count();
      }
    }
    int end = list.length() - 1;
    for (int from = 1; from < end; count++) {
      if ((count & CHECK) == 0) {
        CancellationToken.checkCurrent();
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
