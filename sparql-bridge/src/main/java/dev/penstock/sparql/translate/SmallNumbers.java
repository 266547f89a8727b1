package dev.penstock.sparql.translate;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.eval.SmallDecimal;
import dev.penstock.sparql.eval.SmallInteger;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.term.TermId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final int INTEGERS = 1;
  private static final int DECIMALS = 2;
  private static final int OTHERS = 4;

  /** More are not looked at. */
  private static final int MOST_DECIMALS = 1 << 21;

  private static final int PIECE = 2048;

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
    Seen seen = env.state().attached(Seen.class, Seen::new);
    int kinds = 0;
    for (Long name : graphs) {
      for (TripleGraph graph : env.dataset().graphs(List.of(name))) {
        TripleGraph.Range range = graph.find(null, id, null);
        kinds |= range.size() == 0 ? 0 : seen.kinds(name, id, range);
      }
      if ((kinds & OTHERS) != 0) {
        return UNKNOWN;
      }
    }
    return new SmallNumbers((kinds & INTEGERS) != 0, (kinds & DECIMALS) != 0);
  }

  /** What was seen of predicates in one state of a store: reading it again would give the same. */
  static final class Seen implements AutoCloseable {
    /** Of so many predicates; the others are read again. */
    private static final int MOST_SEEN = 4096;

    private record Key(long graph, long predicate) {}

    private final ConcurrentHashMap<Key, Integer> kinds = new ConcurrentHashMap<>();

    int kinds(long graph, long predicate, TripleGraph.Range range) {
      Key key = new Key(graph, predicate);
      Integer known = kinds.get(key);
      if (known != null) {
        return known;
      }
      int read = read(range);
      if (kinds.size() < MOST_SEEN) {
        kinds.put(key, read);
      }
      return read;
    }

    @Override
    public void close() {
      kinds.clear();
    }
  }

  /**
   * The kinds of a predicate's objects. They are in the order of their ids: first integers by
   * value, so that the first and the last tell of all; then decimals, in no order of values; then
   * others.
   */
  private static int read(TripleGraph.Range range) {
    long size = range.size();
    int last = TermId.tag(range.get(2, size - 1));
    if (last != TermId.INTEGER && last != TermId.DECIMAL) {
      return OTHERS;
    }
    long integers = ValueKinds.end(range, 0, TermId.INTEGER);
    if (integers > 0
        && !(SmallInteger.takes(range.get(2, 0))
            && SmallInteger.takes(range.get(2, integers - 1)))) {
      return OTHERS;
    }
    if (size - integers > MOST_DECIMALS) {
      return OTHERS;
    }
    long[] some = new long[(int) Math.min(size - integers, PIECE)];
    for (long from = integers; from < size; from += some.length) {
      CancellationToken.checkCurrent();
      int n = (int) Math.min(some.length, size - from);
      range.copy(2, from, n, some);
      for (int i = 0; i < n; i++) {
        if (!SmallDecimal.takes(some[i])) {
          return OTHERS;
        }
      }
    }
    return (integers > 0 ? INTEGERS : 0) | (integers < size ? DECIMALS : 0);
  }
}
