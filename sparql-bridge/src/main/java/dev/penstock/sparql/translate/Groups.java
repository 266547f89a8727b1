package dev.penstock.sparql.translate;

import clojure.lang.Symbol;
import dev.penstock.sparql.eval.AggregateValue;
import dev.penstock.sparql.eval.CountTerm;
import dev.penstock.sparql.eval.DoubleTerm;
import dev.penstock.sparql.eval.ExtremeKey;
import dev.penstock.sparql.eval.RowIds;
import dev.penstock.sparql.eval.SmallDecimal;
import dev.penstock.sparql.eval.SmallInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.op.OpGroup;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.core.VarExprList;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprAggregator;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.aggregate.AggAvg;
import org.apache.jena.sparql.expr.aggregate.AggAvgDistinct;
import org.apache.jena.sparql.expr.aggregate.AggCount;
import org.apache.jena.sparql.expr.aggregate.AggCountDistinct;
import org.apache.jena.sparql.expr.aggregate.AggCountVar;
import org.apache.jena.sparql.expr.aggregate.AggCountVarDistinct;
import org.apache.jena.sparql.expr.aggregate.AggMax;
import org.apache.jena.sparql.expr.aggregate.AggMaxDistinct;
import org.apache.jena.sparql.expr.aggregate.AggMin;
import org.apache.jena.sparql.expr.aggregate.AggMinDistinct;
import org.apache.jena.sparql.expr.aggregate.AggSample;
import org.apache.jena.sparql.expr.aggregate.AggSampleDistinct;
import org.apache.jena.sparql.expr.aggregate.AggSum;
import org.apache.jena.sparql.expr.aggregate.AggSumDistinct;
import org.apache.jena.sparql.expr.aggregate.Aggregator;

/**
 * GROUP BY and aggregates. Counts are counted and samples taken in the plan, and so are sums and
 * extremes, as far as they go over small integers, decimals and doubles; of other terms that have
 * an order the plan finds the extreme. All other ids of a group (and those of a DISTINCT) are
 * collected, errors as nulls, and Jena computes the value.
 */
final class Groups {
  /** The plan's aggregate over small integers that stands for all of them. */
  private static final Map<Class<?>, String> OF_SMALL =
      Map.of(
          AggSum.class, "sum",
          AggSumDistinct.class, "sum",
          AggAvg.class, "sum",
          AggAvgDistinct.class, "sum",
          AggMin.class, "min",
          AggMinDistinct.class, "min",
          AggMax.class, "max",
          AggMaxDistinct.class, "max");

  private final Translator translator;

  Groups(Translator translator) {
    this.translator = translator;
  }

  Relation group(Relation of, OpGroup group, GraphScope g) {
    Relation r = of;
    VarExprList by = group.getGroupVars();
    List<Object> keys = new ArrayList<>();
    Map<Var, Boolean> vars = new LinkedHashMap<>();
    for (Var v : by.getVars()) {
      Expr e = by.getExpr(v);
      if (e == null) {
        keys.add(Form.item(Relation.column(v), r.has(v) ? Relation.column(v) : Form.UNBOUND));
        vars.put(v, r.isDefinite(v));
      } else {
        Expressions.refuseDraws(e, "in GROUP BY");
        keys.add(Form.vec(Relation.column(v), translator.expressions().term(e, r, g)));
        vars.put(v, false);
      }
    }
    if (g.hidden() != null) {
      keys.add(Relation.column(g.hidden()));
      vars.put(g.hidden(), true);
    }
    List<Object> aggregates = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (ExprAggregator a : group.getAggregators()) {
      Symbol raw = translator.fresh(a.getVar());
      Object value = aggregate(a.getAggregator(), r, group.getSubOp(), g, raw, aggregates);
      values.add(Form.vec(Relation.column(a.getVar()), value));
      vars.put(a.getVar(), false);
    }
    if (aggregates.isEmpty() && keys.isEmpty()) {
      aggregates.add(Form.vec(Relation.HASH, Form.call("count")));
    }
    Object grouped =
        aggregates.isEmpty()
            ? Form.call("distinct+", Form.call("project+", Form.vec(keys), r.form()))
            : Form.call("group+", Form.vec(keys), Form.vec(aggregates), r.form());
    if (values.isEmpty()) {
      return Relation.of(grouped, vars);
    }
    List<Object> items = new ArrayList<>();
    for (Var v : vars.keySet()) {
      if (by.contains(v) || v.equals(g.hidden())) {
        items.add(Relation.column(v));
      }
    }
    items.addAll(values);
    return Relation.of(Form.call("project+", Form.vec(items), grouped), vars);
  }

  /** Adds the aggregate that makes the column {@code raw}; the form of the value, made of it. */
  private Object aggregate(
      Aggregator a, Relation r, Op of, GraphScope g, Symbol raw, List<Object> aggregates) {
    Object distinct = Form.options("distinct", true);
    if (a instanceof AggCount) {
      aggregates.add(Form.vec(raw, Form.call("count")));
      return counted(raw);
    }
    if (a instanceof AggCountDistinct) {
      aggregates.add(Form.vec(raw, Form.call("count", wholeRow(r), distinct)));
      return counted(raw);
    }
    ExprList exprs = a.getExprList();
    if (exprs == null || exprs.size() != 1) {
      throw Refusals.unsupported("the aggregate " + a.getName());
    }
    Expressions.refuseDraws(exprs.get(0), "in an aggregate");
    Object term = translator.expressions().term(exprs.get(0), r, g);
    if (a instanceof AggCountVar) {
      aggregates.add(Form.vec(raw, Form.call("count", term)));
      return counted(raw);
    }
    if (a instanceof AggCountVarDistinct) {
      aggregates.add(Form.vec(raw, Form.call("count", term, distinct)));
      return counted(raw);
    }
    if (a instanceof AggSample || a instanceof AggSampleDistinct) {
      aggregates.add(Form.vec(raw, Form.call("min", term)));
      return raw;
    }
    Expr e = exprs.get(0);
    SmallNumbers numbers =
        e.isVariable() && g.hidden() == null && OF_SMALL.containsKey(a.getClass())
            ? SmallNumbers.of(of, e.asVar(), translator.env(), g.graphs())
            : SmallNumbers.UNKNOWN;
    boolean isDistinct = a.getClass().getSimpleName().endsWith("Distinct");
    return numbers.areKnown() && !(isDistinct && numbers.decimals())
        ? ofNumbers(a, term, raw, numbers, isDistinct, aggregates)
        : computed(a, term, raw, aggregates);
  }

  /** Of numbers that the plan knows how to add and to compare nothing is collected. */
  private Object ofNumbers(
      Aggregator a,
      Object term,
      Symbol raw,
      SmallNumbers numbers,
      boolean isDistinct,
      List<Object> aggregates) {
    String ofSmall = String.valueOf(OF_SMALL.get(a.getClass()));
    List<Object> call = new ArrayList<>();
    call.add(new AggregateValue(translator.env(), a));
    call.add(Form.key("int64"));
    call.add("[]");
    if (numbers.integers()) {
      integers(
          ofSmall, term, raw, isDistinct ? List.of("distinct", true) : List.of(), aggregates, call);
    } else {
      call.addAll(List.of(Form.UNBOUND, 0L));
    }
    if (numbers.decimals()) {
      decimals(ofSmall, term, raw, aggregates, call);
    }
    return Form.call("host", call);
  }

  private static Object integer(Object term) {
    return Form.call("host", new SmallInteger(), Form.key("int64"), term);
  }

  private static void integers(
      String ofSmall,
      Object term,
      Symbol raw,
      List<Object> options,
      List<Object> aggregates,
      List<Object> call) {
    Symbol value = Form.sym(raw.getName() + "s");
    Symbol count = Form.sym(raw.getName() + "n");
    aggregates.add(Form.vec(value, with(Form.call(ofSmall, integer(term)), options)));
    call.add(value);
    if (ofSmall.equals("sum")) {
      aggregates.add(Form.vec(count, with(Form.call("count", integer(term)), options)));
      call.add(count);
    } else {
      call.add(1L);
    }
  }

  /** Of numbers, and of extremes, the plan makes values before; Jena puts them together. */
  private Object computed(Aggregator a, Object term, Symbol raw, List<Object> aggregates) {
    String ofSmall = OF_SMALL.get(a.getClass());
    boolean isDistinct = a.getClass().getSimpleName().endsWith("Distinct");
    List<Object> call = new ArrayList<>();
    call.add(new AggregateValue(translator.env(), a));
    call.add(Form.key("int64"));
    if (ofSmall != null && !ofSmall.equals("sum")) {
      extremes(ofSmall, term, raw, aggregates, call);
      return Form.call("host", call);
    }
    List<Object> options = new ArrayList<>(isDistinct ? List.of("distinct", true) : List.of());
    call.add(raw);
    if (ofSmall != null) {
      integers(ofSmall, term, raw, options, aggregates, call);
      Object isOther = isNull(integer(term));
      if (!isDistinct) {
        decimals(ofSmall, term, raw, aggregates, call);
        doubles(term, raw, aggregates, call);
        isOther =
            Form.call(
                "and", isOther, isNull(decimal(term, SmallDecimal.Of.VALUE)), isNull(real(term)));
      }
      options.addAll(List.of("filter", isOther));
    }
    aggregates.add(Form.vec(raw, with(Form.call("collect", term), options)));
    return Form.call("host", call);
  }

  /**
   * The extremes of small integers, of small decimals, of all else that has an order, of that
   * without a zone; how many errors there are; and a list of the rest.
   */
  private void extremes(
      String which, Object term, Symbol raw, List<Object> aggregates, List<Object> call) {
    call.add(raw);
    integers(which, term, raw, List.of(), aggregates, call);
    decimals(which, term, raw, aggregates, call);
    List<Object> isRest = new ArrayList<>();
    isRest.addAll(
        List.of(
            Form.call("is-not-null", term),
            isNull(integer(term)),
            isNull(decimal(term, SmallDecimal.Of.VALUE))));
    for (boolean zoneless : new boolean[] {false, true}) {
      Symbol other = Form.sym(raw.getName() + (zoneless ? "z" : "o"));
      Object key =
          Form.call(
              "host", new ExtremeKey(translator.terms(), zoneless), Form.key("varbinary"), term);
      aggregates.add(Form.vec(other, Form.call("arg-" + which, term, key)));
      isRest.add(isNull(key));
      call.add(other);
    }
    Symbol errors = Form.sym(raw.getName() + "x");
    aggregates.add(Form.vec(errors, with(Form.call("count"), List.of("filter", isNull(term)))));
    call.add(errors);
    aggregates.add(
        Form.vec(raw, with(Form.call("collect", term), List.of("filter", Form.and(isRest)))));
  }

  private static Object isNull(Object value) {
    return Form.call("is-null", value);
  }

  /** Of doubles: their sum, their number, and one of them. */
  private void doubles(Object term, Symbol raw, List<Object> aggregates, List<Object> call) {
    Symbol sum = Form.sym(raw.getName() + "f");
    Symbol count = Form.sym(raw.getName() + "k");
    Symbol one = Form.sym(raw.getName() + "i");
    aggregates.add(Form.vec(sum, Form.call("sum", real(term))));
    aggregates.add(Form.vec(count, Form.call("count", real(term))));
    Object isDouble = Form.call("is-not-null", real(term));
    aggregates.add(Form.vec(one, with(Form.call("min", term), List.of("filter", isDouble))));
    call.addAll(List.of(sum, count, one));
  }

  private Object real(Object term) {
    return Form.call("host", new DoubleTerm(translator.terms()), Form.key("float64"), term);
  }

  private static Object decimal(Object term, SmallDecimal.Of of) {
    Object type = of == SmallDecimal.Of.VALUE ? SmallNumbers.TYPE : Form.key("int64");
    return Form.call("host", new SmallDecimal(of), type, term);
  }

  /** Of decimals: their sum, their number and the most digits behind a point; or an extreme. */
  private static void decimals(
      String ofSmall, Object term, Symbol raw, List<Object> aggregates, List<Object> call) {
    if (!ofSmall.equals("sum")) {
      Symbol extreme = Form.sym(raw.getName() + "e");
      aggregates.add(
          Form.vec(
              extreme, Form.call("arg-" + ofSmall, term, decimal(term, SmallDecimal.Of.ORDER))));
      call.add(extreme);
      return;
    }
    Symbol sum = Form.sym(raw.getName() + "d");
    Symbol count = Form.sym(raw.getName() + "c");
    Symbol scale = Form.sym(raw.getName() + "p");
    aggregates.add(Form.vec(sum, Form.call("sum", decimal(term, SmallDecimal.Of.VALUE))));
    aggregates.add(Form.vec(count, Form.call("count", decimal(term, SmallDecimal.Of.VALUE))));
    aggregates.add(Form.vec(scale, Form.call("max", decimal(term, SmallDecimal.Of.SCALE))));
    call.addAll(List.of(sum, count, scale));
  }

  /** A call with options, if there are any. */
  private static Object with(Object call, List<Object> options) {
    List<Object> all = new ArrayList<>((List<?>) call);
    if (!options.isEmpty()) {
      all.add(Form.options(options.toArray()));
    }
    return Form.call(String.valueOf(all.get(0)), all.subList(1, all.size()));
  }

  private Object counted(Symbol raw) {
    return Form.call("host", new CountTerm(translator.terms()), Form.key("int64"), raw);
  }

  private static Object wholeRow(Relation r) {
    List<Object> args = new ArrayList<>();
    args.add(new RowIds());
    args.add(Form.key("varbinary"));
    if (r.vars().isEmpty()) {
      args.add(0L);
    }
    r.vars().keySet().forEach(v -> args.add(Relation.column(v)));
    return Form.call("host", args);
  }
}
