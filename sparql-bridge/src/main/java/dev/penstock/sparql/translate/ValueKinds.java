package dev.penstock.sparql.translate;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.eval.DatasetView;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.term.TermId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.op.Op1;
import org.apache.jena.sparql.algebra.op.Op2;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpExtend;
import org.apache.jena.sparql.algebra.op.OpGraph;
import org.apache.jena.sparql.algebra.op.OpGroup;
import org.apache.jena.sparql.algebra.op.OpMinus;
import org.apache.jena.sparql.algebra.op.OpN;
import org.apache.jena.sparql.algebra.op.OpPath;
import org.apache.jena.sparql.algebra.op.OpTable;
import org.apache.jena.sparql.algebra.op.OpTriple;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.core.VarExprList;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprAggregator;

/**
 * What kinds of terms a variable may have, found in a query and in the state of the store that it
 * sees, before it runs: so its column can have a type. More kinds than there are may be found, but
 * never fewer.
 */
public final class ValueKinds {
  private static final int CHECK = 0xFFF;
  private static final int MOST_DECIMALS = 1_000_000;
  private static final int MOST_LITERALS = 10_000;

  private final QueryEnv env;
  private final Map<Var, Kinds> found = new HashMap<>();

  private ValueKinds(QueryEnv env) {
    this.env = env;
  }

  /** The type of each variable's column. */
  public static Map<Var, DataType> types(Op op, List<Var> variables, QueryEnv env) {
    ValueKinds all = new ValueKinds(env);
    all.walk(op, env.dataset().defaultGraphs());
    Map<Var, DataType> out = new HashMap<>();
    variables.forEach(v -> out.put(v, all.found.getOrDefault(v, Kinds.NONE).type()));
    return out;
  }

  private void add(Var v, Kinds more) {
    found.merge(v, more, Kinds::or);
  }

  /** Names are unique in a query as far as their kinds matter: those of hidden ones are added. */
  private void walk(Op op, List<Long> graphs) {
    if (op instanceof OpBGP bgp) {
      Map<Var, Kinds> here = new HashMap<>();
      bgp.getPattern().getList().forEach(t -> triple(t, graphs, here));
      here.forEach(this::add);
    } else if (op instanceof OpTriple one) {
      Map<Var, Kinds> here = new HashMap<>();
      triple(one.getTriple(), graphs, here);
      here.forEach(this::add);
    } else if (op instanceof OpPath path) {
      any(path.getTriplePath().getSubject());
      any(path.getTriplePath().getObject());
    } else if (op instanceof OpTable table) {
      for (Iterator<Binding> rows = table.getTable().rows(); rows.hasNext(); ) {
        rows.next().forEach((v, term) -> add(v, Kinds.of(term)));
      }
    } else if (op instanceof OpGraph graph) {
      graph(graph);
    } else if (op instanceof OpExtend extend) {
      walk(extend.getSubOp(), graphs);
      expressions(extend.getVarExprList());
    } else if (op instanceof OpGroup group) {
      walk(group.getSubOp(), graphs);
      expressions(group.getGroupVars());
      for (ExprAggregator a : group.getAggregators()) {
        add(a.getVar(), ExpressionKinds.of(a.getAggregator(), found));
      }
    } else if (op instanceof OpMinus minus) {
      walk(minus.getLeft(), graphs);
    } else if (op instanceof Op1 one) {
      walk(one.getSubOp(), graphs);
    } else if (op instanceof Op2 two) {
      walk(two.getLeft(), graphs);
      walk(two.getRight(), graphs);
    } else if (op instanceof OpN many) {
      many.getElements().forEach(e -> walk(e, graphs));
    }
  }

  private void graph(OpGraph graph) {
    Node name = graph.getNode();
    DatasetView dataset = env.dataset();
    if (Var.isVar(name)) {
      add(Var.alloc(name), Kinds.NAMES);
      walk(graph.getSubOp(), dataset.named());
    } else {
      walk(graph.getSubOp(), List.of(env.terms().encode(name)));
    }
  }

  private void expressions(VarExprList list) {
    for (Var v : list.getVars()) {
      Expr e = list.getExpr(v);
      if (e != null) {
        add(v, ExpressionKinds.of(e, found));
      }
    }
  }

  private void any(Node node) {
    if (Var.isVar(node)) {
      add(Var.alloc(node), Kinds.ANY);
    }
  }

  private void triple(Triple t, List<Long> graphs, Map<Var, Kinds> here) {
    narrow(here, t.getSubject(), Kinds.NAMES);
    narrow(here, t.getPredicate(), Kinds.NAMES);
    if (Var.isVar(t.getObject())) {
      narrow(
          here,
          t.getObject(),
          t.getPredicate().isConcrete() ? objects(t.getPredicate(), graphs) : Kinds.ANY);
    }
  }

  /** Within one pattern a variable has one value: it is of a kind that all its places allow. */
  private static void narrow(Map<Var, Kinds> here, Node node, Kinds kinds) {
    if (Var.isVar(node)) {
      here.merge(Var.alloc(node), kinds, Kinds::and);
    }
  }

  /** The kinds of a predicate's objects. */
  private Kinds objects(Node predicate, List<Long> graphs) {
    long id = env.terms().encode(predicate);
    Kinds all = Kinds.NONE;
    for (TripleGraph graph : env.dataset().graphs(graphs)) {
      TripleGraph.Range range = graph.find(null, id, null);
      for (long from = 0; from < range.size() && !all.isAny(); ) {
        int tag = TermId.tag(range.get(2, from));
        long to = end(range, from, tag);
        all = all.or(kinds(range, from, to, tag));
        from = to;
      }
    }
    return all;
  }

  /** Objects of a predicate are in the order of their ids, and so of their tags. */
  static long end(TripleGraph.Range range, long from, int tag) {
    long low = from;
    long high = range.size();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (rank(TermId.tag(range.get(2, middle))) <= rank(tag)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Ids are in the order of signed numbers, and a tag is their first four bits. */
  private static int rank(int tag) {
    return (tag ^ 8) - 8;
  }

  private Kinds kinds(TripleGraph.Range range, long from, long to, int tag) {
    return switch (tag) {
      case TermId.INTEGER -> Kinds.INTEGERS;
      case TermId.DOUBLE -> Kinds.DOUBLES;
      case TermId.BOOLEAN -> Kinds.BOOLEANS;
      case TermId.DATE -> Kinds.DATES;
      case TermId.DATE_TIME -> Kinds.TIMES;
      case TermId.DECIMAL -> Kinds.decimals(scale(range, from, to));
      case TermId.LITERAL -> literals(range, from, to);
      default -> Kinds.NAMES;
    };
  }

  private static int scale(TripleGraph.Range range, long from, long to) {
    if (to - from > MOST_DECIMALS) {
      return Kinds.MOST_SCALE;
    }
    int most = 0;
    for (long i = from; i < to && most < Kinds.MOST_SCALE; i++) {
      check(i);
      most = Math.max(most, TermId.decimal(range.get(2, i)).scale());
    }
    return most;
  }

  private static void check(long i) {
    if ((i & CHECK) == 0) {
      CancellationToken.checkCurrent();
    }
  }

  private Kinds literals(TripleGraph.Range range, long from, long to) {
    Kinds all = Kinds.NONE;
    long before = 0;
    int seen = 0;
    for (long i = from; i < to && !all.isText(); i++) {
      check(i);
      long id = range.get(2, i);
      if (id != before) {
        if (seen++ == MOST_LITERALS) {
          return Kinds.ANY;
        }
        all = all.or(Kinds.of(env.terms().decode(id)));
        before = id;
      }
    }
    return all;
  }
}
