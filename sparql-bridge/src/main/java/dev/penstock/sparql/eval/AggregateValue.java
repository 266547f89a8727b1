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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.jena.datatypes.xsd.XSDDatatype;
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
import org.apache.jena.sparql.expr.aggregate.AggMax;
import org.apache.jena.sparql.expr.aggregate.AggMaxDistinct;
import org.apache.jena.sparql.expr.aggregate.AggMin;
import org.apache.jena.sparql.expr.aggregate.AggMinDistinct;
import org.apache.jena.sparql.expr.aggregate.AggSum;
import org.apache.jena.sparql.expr.aggregate.Aggregator;
import org.apache.jena.sparql.expr.nodevalue.XSDFuncOp;
import org.apache.jena.sparql.function.FunctionEnv;
import org.jspecify.annotations.Nullable;

/**
 * The value of an aggregate of what the plan has computed, and of what it could not.
 *
 * <pre>
 * arguments = list small?
 * list      = the ids that it goes over, a JSON array ({@code collect}), in which null is an error
 * small     = integers (of sums: decimals doubles?)? (of extremes: decimal (others errors)?)?
 * integers  = the sum or extreme of small integers, and their number
 * decimals  = the sum of small decimals, their number, and the most digits behind a point
 * doubles   = the sum of doubles, their number, and the id of one
 * decimal   = the id of the extreme of small decimals
 * others    = the ids of the extremes of other terms, and of dates and times without a zone
 * errors    = how many there are
 * </pre>
 */
public final class AggregateValue implements HostFunction {
  private static final int CHECK = 0xFF;
  private static final int INTEGERS = 1;
  private static final int DECIMALS = 3;
  private static final int DOUBLES = 6;
  private static final int EXTREMES = 3;
  private static final int ERRORS = 6;
  private static final Var VALUE = Var.alloc("value");

  private final QueryEnv env;
  private final Aggregator aggregator;
  private final boolean average;
  private final boolean isExtreme;

  /**
   * @param aggregator of one expression
   */
  public AggregateValue(QueryEnv env, Aggregator aggregator) {
    this.env = env;
    this.average = aggregator instanceof AggAvg || aggregator instanceof AggAvgDistinct;
    ExprList value = new ExprList(new ExprVar(VALUE));
    this.isExtreme =
        aggregator instanceof AggMin
            || aggregator instanceof AggMax
            || aggregator instanceof AggMinDistinct
            || aggregator instanceof AggMaxDistinct;
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
      Node value =
          isExtreme && flat.length > ERRORS && at(flat[ERRORS], p) > 0
              ? null
              : value(lists.isNull(p) ? "[]" : lists.string(p), done(flat, p));
      if (value == null) {
        Bits.set(nulls, p);
      } else {
        ids[p] = env.terms().encode(value);
      }
    }
    return new LongColumn(DataType.INT64, ids, nulls, n);
  }

  private List<Done> done(FlatColumn[] flat, int p) {
    List<Done> out = new ArrayList<>();
    if (flat.length > INTEGERS) {
      out.add(integers(flat, p));
    }
    if (isExtreme) {
      for (int k = EXTREMES; k < Math.min(flat.length, ERRORS); k++) {
        out.add(extreme(flat[k], p));
      }
    } else {
      if (flat.length > DECIMALS) {
        out.add(sum(flat, p));
      }
      if (flat.length > DOUBLES) {
        out.add(doubles(flat, p));
      }
    }
    out.removeIf(d -> d.value() == null);
    return out;
  }

  private static long at(FlatColumn column, int p) {
    return ((LongColumn) column).values()[p];
  }

  private static Done integers(FlatColumn[] flat, int p) {
    return flat[INTEGERS].isNull(p)
        ? Done.NOTHING
        : new Done(NodeValue.makeInteger(at(flat[INTEGERS], p)), at(flat[INTEGERS + 1], p));
  }

  private static Done sum(FlatColumn[] flat, int p) {
    if (!(flat[DECIMALS].value(p) instanceof BigDecimal sum)) {
      return Done.NOTHING;
    }
    BigDecimal exact = sum.setScale((int) at(flat[DECIMALS + 2], p), RoundingMode.UNNECESSARY);
    long count = at(flat[DECIMALS + 1], p);
    return new Done(
        count == 1 // as it is written
            ? NodeValue.makeNode(exact.toPlainString(), XSDDatatype.XSDdecimal)
            : NodeValue.makeDecimal(exact),
        count);
  }

  private Done doubles(FlatColumn[] flat, int p) {
    if (!(flat[DOUBLES].value(p) instanceof Double sum)) {
      return Done.NOTHING;
    }
    long count = at(flat[DOUBLES + 1], p);
    return new Done(
        count == 1
            ? NodeValue.makeNode(env.terms().decode(at(flat[DOUBLES + 2], p))) // as it is written
            : NodeValue.makeDouble(sum),
        count);
  }

  private Done extreme(FlatColumn ids, int p) {
    return ids.isNull(p)
        ? Done.NOTHING
        : new Done(NodeValue.makeNode(env.terms().decode(at(ids, p))), 1);
  }

  private @Nullable Node value(String list, List<Done> before) {
    if (before.isEmpty() && list.equals("[]")) {
      return aggregator.getValueEmpty();
    }
    FunctionEnv active = env.active(env.dataset().defaultGraphs());
    Accumulator all = aggregator.createAccumulator();
    long count = 0;
    for (Done done : before) {
      all.accumulate(binding(Objects.requireNonNull(done.value()).asNode()), active);
      count += done.count();
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
