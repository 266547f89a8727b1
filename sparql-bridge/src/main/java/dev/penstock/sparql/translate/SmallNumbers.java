package dev.penstock.sparql.translate;

import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.eval.SmallDecimal;
import dev.penstock.sparql.eval.SmallInteger;
import dev.penstock.sparql.store.TripleGraph;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpExtend;
import org.apache.jena.sparql.algebra.op.OpFilter;
import org.apache.jena.sparql.algebra.op.OpJoin;
import org.apache.jena.sparql.algebra.op.OpLeftJoin;
import org.apache.jena.sparql.core.Var;

/**
 * What numbers a variable may have, if that is certain: it is the object of a pattern which every
 * solution matches, and the objects of its predicate are such numbers and nothing else.
 *
 * @param integers whether there are any
 * @param decimals whether there are any
 */
record SmallNumbers(boolean integers, boolean decimals) {
  /** Terms of all kinds may come, or none. */
  static final SmallNumbers UNKNOWN = new SmallNumbers(false, false);

  /** The type of their values in a plan. */
  static final Object TYPE =
      Form.vec(
          Form.key("decimal"),
          (long) SmallDecimal.TYPE.precision(),
          (long) SmallDecimal.TYPE.scale());

  private static final int MOST = 1 << 21;

  boolean areKnown() {
    return integers || decimals;
  }

  static SmallNumbers of(Op op, Var v, QueryEnv env, List<Long> graphs) {
    List<Triple> all = new ArrayList<>();
    always(op, all);
    for (Triple t : all) {
      if (t.getObject().equals(v) && t.getPredicate().isURI()) {
        SmallNumbers found = objects(t.getPredicate(), env, graphs);
        if (found.areKnown()) {
          return found;
        }
      }
    }
    return UNKNOWN;
  }

  /** Adds the patterns that every solution matches. */
  private static void always(Op op, List<Triple> out) {
    if (op instanceof OpBGP bgp) {
      out.addAll(bgp.getPattern().getList());
    } else if (op instanceof OpFilter f) {
      always(f.getSubOp(), out);
    } else if (op instanceof OpExtend e) {
      always(e.getSubOp(), out);
    } else if (op instanceof OpJoin j) {
      always(j.getLeft(), out);
      always(j.getRight(), out);
    } else if (op instanceof OpLeftJoin j) {
      always(j.getLeft(), out);
    }
  }

  private static SmallNumbers objects(Node predicate, QueryEnv env, List<Long> graphs) {
    long id = env.terms().encode(predicate);
    boolean integers = false;
    boolean decimals = false;
    for (TripleGraph graph : env.dataset().graphs(graphs)) {
      TripleGraph.Range range = graph.find(null, id, null);
      if (range.size() > MOST) {
        return UNKNOWN;
      }
      long[] some = new long[(int) Math.min(range.size(), 2048)];
      for (long from = 0; from < range.size(); from += some.length) {
        int n = (int) Math.min(some.length, range.size() - from);
        range.copy(2, from, n, some);
        for (int i = 0; i < n; i++) {
          boolean isInteger = SmallInteger.takes(some[i]);
          if (!isInteger && !SmallDecimal.takes(some[i])) {
            return UNKNOWN;
          }
          integers |= isInteger;
          decimals |= !isInteger;
        }
      }
    }
    return new SmallNumbers(integers, decimals);
  }
}
