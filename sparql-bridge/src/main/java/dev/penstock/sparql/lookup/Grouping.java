package dev.penstock.sparql.lookup;

import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.store.TripleGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpGroup;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprAggregator;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.ExprVar;
import org.apache.jena.sparql.expr.NodeValue;
import org.apache.jena.sparql.expr.aggregate.Accumulator;
import org.apache.jena.sparql.expr.aggregate.AggAvg;
import org.apache.jena.sparql.expr.aggregate.AggCount;
import org.apache.jena.sparql.expr.aggregate.AggCountVar;
import org.apache.jena.sparql.expr.aggregate.AggCountVarDistinct;
import org.apache.jena.sparql.expr.aggregate.AggMax;
import org.apache.jena.sparql.expr.aggregate.AggMin;
import org.apache.jena.sparql.expr.aggregate.AggSum;
import org.apache.jena.sparql.expr.aggregate.Aggregator;
import org.jspecify.annotations.Nullable;

/**
 * GROUP BY of few rows, whose aggregates Jena computes; and the number of matches of one pattern,
 * which is known without reading any. One query, one thread.
 */
final class Grouping {
  private final QueryEnv env;
  private final TripleGraph graph;
  private final Work work;
  private final Map<Var, Integer> slots;

  Grouping(QueryEnv env, TripleGraph graph, Work work, Map<Var, Integer> slots) {
    this.env = env;
    this.graph = graph;
    this.work = work;
    this.slots = slots;
  }

  private int slot(Var v) {
    Integer slot = slots.get(v);
    if (slot == null) {
      throw Declined.NOW;
    }
    return slot;
  }

  /** Known numbers of matches; null: this is something else. */
  @Nullable Rows counts(OpGroup group) {
    List<ExprAggregator> aggregates = group.getAggregators();
    if (aggregates.size() != 1
        || !(aggregates.get(0).getAggregator() instanceof AggCount)
        || !(group.getSubOp() instanceof OpBGP bgp)
        || bgp.getPattern().size() != 1
        || !group.getGroupVars().getExprs().isEmpty()) {
      return null;
    }
    Triple t = bgp.getPattern().get(0);
    Node s = t.getSubject();
    Node p = t.getPredicate();
    Node o = t.getObject();
    if (s.equals(o) || s.equals(p) || p.equals(o)) {
      return null;
    }
    int count = slot(aggregates.get(0).getVar());
    Rows out = new Rows(slots.size());
    List<Var> by = group.getGroupVars().getVars();
    if (by.isEmpty()) {
      long matches = graph.lookUp(known(s), known(p), known(o)).size();
      out.set(out.add(), count, env.terms().integer(matches));
      return out;
    }
    if (by.size() > 1 || !by.get(0).equals(p) || !Var.isVar(s) || !Var.isVar(o)) {
      return null;
    }
    Map<Long, TripleGraph.Predicate> predicates = graph.predicates();
    if (predicates.size() != graph.predicateCount() || !work.allows(predicates.size())) {
      return null;
    }
    predicates.forEach(
        (id, figures) -> {
          int row = out.add();
          out.set(row, slot(by.get(0)), id);
          out.set(row, count, env.terms().integer(figures.triples()));
        });
    return out;
  }

  private long known(Node node) {
    if (Var.isVar(node)) {
      return 0;
    }
    if (!node.isConcrete() || node.isTripleTerm()) {
      throw Declined.NOW;
    }
    return env.terms().encode(node);
  }

  /** Some rows of one group, and what was made of them so far. */
  private record Group(long[] key, List<Accumulator> values) {}

  Rows grouped(OpGroup group, Rows rows) {
    List<Var> by = group.getGroupVars().getVars();
    List<Conditions> keys = new ArrayList<>();
    for (Var v : by) {
      Expr e = group.getGroupVars().getExpr(v);
      keys.add(Conditions.of(env, work, List.of(e == null ? new ExprVar(v) : e), slots));
    }
    List<Aggregator> aggregators = new ArrayList<>();
    List<Conditions> arguments = new ArrayList<>();
    for (ExprAggregator a : group.getAggregators()) {
      ExprList of = of(a.getAggregator());
      Conditions argument = Conditions.of(env, work, of.getList(), slots);
      arguments.add(argument);
      aggregators.add(
          of.isEmpty() ? a.getAggregator() : a.getAggregator().copy(new ExprList(argument.own())));
    }
    Map<List<Long>, Group> groups = new LinkedHashMap<>();
    for (int i = 0; i < rows.count(); i++) {
      List<Long> key = new ArrayList<>();
      for (Conditions k : keys) {
        key.add(k.value(rows, i));
      }
      Group into =
          groups.computeIfAbsent(
              key,
              k ->
                  new Group(
                      k.stream().mapToLong(Long::longValue).toArray(),
                      aggregators.stream().map(Aggregator::createAccumulator).toList()));
      for (int a = 0; a < aggregators.size(); a++) {
        into.values()
            .get(a)
            .accumulate(arguments.get(a).binding(rows, i), arguments.get(a).active());
      }
    }
    Rows out = new Rows(slots.size());
    if (groups.isEmpty() && by.isEmpty()) {
      int row = out.add();
      for (int a = 0; a < aggregators.size(); a++) {
        Node none = aggregators.get(a).getValueEmpty();
        set(out, row, group.getAggregators().get(a).getVar(), none);
      }
      return out;
    }
    for (Group g : groups.values()) {
      int row = out.add();
      for (int k = 0; k < by.size(); k++) {
        out.set(row, slot(by.get(k)), g.key()[k]);
      }
      for (int a = 0; a < aggregators.size(); a++) {
        set(out, row, group.getAggregators().get(a).getVar(), value(g.values().get(a)));
      }
    }
    return out;
  }

  private static @Nullable Node value(Accumulator of) {
    try {
      NodeValue value = of.getValue();
      return value == null ? null : value.asNode();
    } catch (ExprEvalException e) {
      return null; // an error leaves the variable unbound
    }
  }

  private void set(Rows out, int row, Var v, @Nullable Node value) {
    out.set(row, slot(v), value == null ? Rows.UNBOUND : env.terms().encode(value));
  }

  /** What an aggregate is of; of one whose value depends on the order of rows: declined. */
  private static ExprList of(Aggregator a) {
    if (a instanceof AggCount) {
      return ExprList.emptyList;
    }
    boolean isTaken =
        a instanceof AggCountVar
            || a instanceof AggCountVarDistinct
            || a instanceof AggSum
            || a instanceof AggAvg
            || a instanceof AggMin
            || a instanceof AggMax;
    ExprList of = a.getExprList();
    if (!isTaken || of == null || of.size() != 1) {
      throw Declined.NOW;
    }
    return of;
  }
}
