package dev.penstock.sparql.translate;

import dev.penstock.sparql.eval.DatasetView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.OpVisitorBase;
import org.apache.jena.sparql.algebra.op.OpGroup;
import org.apache.jena.sparql.algebra.op.OpSlice;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.core.Var;

/** GRAPH. */
final class Graphs {
  /** So many graphs may have a pattern of their own in a plan. */
  private static final int MOST_ONE_BY_ONE = 1000;

  private final Translator translator;

  Graphs(Translator translator) {
    this.translator = translator;
  }

  /** A relation that does not depend on the graph, for each of the graphs. */
  Relation within(Relation r, GraphScope g) {
    return g.hidden() == null ? r : translator.joins().join(r, constants(g.hidden(), g.graphs()));
  }

  private static Relation constants(Var v, List<Long> ids) {
    List<Object> rows = new ArrayList<>();
    ids.forEach(id -> rows.add(Form.vec(id)));
    return Relation.of(
        Form.call(
            "values+", Form.vec(Form.vec(Relation.column(v), Form.key("int64"))), Form.vec(rows)),
        Map.of(v, true));
  }

  Relation graph(Node name, Op pattern) {
    DatasetView dataset = translator.env().dataset();
    if (!Var.isVar(name)) {
      long id = translator.terms().encode(name);
      // a graph that is not there has no solutions, not even of an empty pattern
      return dataset.named().contains(id)
          ? translator.translate(pattern, new GraphScope(List.of(id), null))
          : Relation.none(translator.translate(pattern, new GraphScope(List.of(), null)).vars());
    }
    Var v = Var.alloc(name);
    return isByGraph(pattern)
        ? oneByOne(v, pattern, dataset.named())
        : together(v, pattern, dataset.named());
  }

  private Relation together(Var v, Op pattern, List<Long> names) {
    Var hidden = translator.freshVar();
    Relation r = translator.translate(pattern, new GraphScope(names, hidden)).plain();
    Object column = Relation.column(v);
    Object graph = Relation.column(hidden);
    Object form = r.form();
    if (r.has(v)) {
      Object same = Form.call("=", column, graph);
      Object fits = r.isDefinite(v) ? same : Form.call("or", Form.call("is-null", column), same);
      form = Form.call("filter+", fits, form);
    }
    Map<Var, Boolean> vars = new LinkedHashMap<>(r.vars());
    vars.remove(hidden);
    vars.put(v, true);
    List<Object> items = new ArrayList<>();
    for (Var of : vars.keySet()) {
      items.add(of.equals(v) ? Form.item(Relation.column(v), graph) : Relation.column(of));
    }
    return Relation.of(Form.call("project+", Form.vec(items), form), vars);
  }

  private Relation oneByOne(Var v, Op pattern, List<Long> names) {
    if (names.size() > MOST_ONE_BY_ONE) {
      throw Refusals.unsupported(
          "GRAPH ?"
              + v.getVarName()
              + " over LIMIT, OFFSET or an aggregate with more than "
              + MOST_ONE_BY_ONE
              + " graphs");
    }
    Relation all = null;
    for (Long id : names) {
      Relation r =
          translator
              .joins()
              .join(
                  translator.translate(pattern, new GraphScope(List.of(id), null)),
                  constants(v, List.of(id)));
      all = all == null ? r : translator.joins().union(all, r);
    }
    return all == null ? together(v, pattern, names) : all;
  }

  /** Is there something that goes over the solutions of one graph at a time? */
  private static boolean isByGraph(Op pattern) {
    boolean[] found = new boolean[1];
    Walker.walk(
        pattern,
        new OpVisitorBase() {
          @Override
          public void visit(OpSlice slice) {
            found[0] = true;
          }

          @Override
          public void visit(OpGroup group) {
            found[0] |= group.getGroupVars().isEmpty();
          }
        });
    return found[0];
  }
}
