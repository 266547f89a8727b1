package dev.penstock.sparql.lookup;

import dev.penstock.sparql.store.TripleGraph;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.sparql.core.Var;

/**
 * Joins rows with triple patterns and other parts: the one that is expected to have the fewest
 * matches comes first, then those that share a variable with what is bound. One query, one thread.
 */
final class Matching {
  /** Matches that are expected where nothing tells. */
  private static final double SOME = 8;

  private static final int PARTS = 3;

  private final TripleGraph graph;
  private final Map<Var, Integer> slots;
  private final ToLongFunction<Node> ids;
  private final Work work;

  Matching(TripleGraph graph, Map<Var, Integer> slots, ToLongFunction<Node> ids, Work work) {
    this.graph = graph;
    this.slots = slots;
    this.ids = ids;
    this.work = work;
  }

  /** What rows are joined with, one part after the other. */
  interface Part {
    /** Is one of its variables bound? */
    boolean touches(boolean[] bound);

    /** Rows that are expected for one row. */
    double expected(boolean[] bound);

    /**
     * Joins.
     *
     * @param most rows that are wanted; more may come
     */
    Rows join(Rows in, long most);

    /** Marks its variables. */
    void bind(boolean[] bound);
  }

  /**
   * Rows that fit all parts, which this takes out of the list.
   *
   * @param most rows that are wanted; more may come
   */
  static Rows match(List<Part> left, Rows in, long most) {
    if (in.count() == 0) {
      return in;
    }
    boolean[] bound = new boolean[in.width()];
    for (int k = 0; k < bound.length; k++) {
      bound[k] = in.get(0, k) != Rows.UNBOUND;
    }
    Rows now = in;
    while (!left.isEmpty() && now.count() > 0) {
      Part next = left.remove(cheapest(left, bound));
      now = next.join(now, left.isEmpty() ? most : Long.MAX_VALUE);
      next.bind(bound);
    }
    return now;
  }

  private static int cheapest(List<Part> left, boolean[] bound) {
    if (left.size() == 1) {
      return 0;
    }
    int best = 0;
    double least = Double.MAX_VALUE;
    boolean isConnected = false;
    for (int i = 0; i < left.size(); i++) {
      Part p = left.get(i);
      boolean touches = p.touches(bound);
      double expected = p.expected(bound);
      if (touches == isConnected ? expected < least : touches) {
        best = i;
        least = expected;
        isConnected = touches;
      }
    }
    return best;
  }

  /** The part of a triple pattern. */
  Part pattern(Triple t) {
    Node[] nodes = {t.getSubject(), t.getPredicate(), t.getObject()};
    long[] known = new long[PARTS];
    int[] at = {-1, -1, -1};
    for (int k = 0; k < PARTS; k++) {
      Node node = nodes[k];
      if (Var.isVar(node)) {
        at[k] = slots.getOrDefault(Var.alloc(node), -1);
        if (at[k] < 0) {
          throw Declined.NOW;
        }
      } else if (node.isConcrete() && !node.isTripleTerm()) {
        known[k] = ids.applyAsLong(node);
      } else {
        throw Declined.NOW;
      }
    }
    return new Pattern(known, at, graph.lookUp(known[0], known[1], known[2]).size());
  }

  /** A triple pattern: a part is an id, or 0 and the slot of a variable. */
  private final class Pattern implements Part {
    private final long[] known;
    private final int[] at;
    private final long matches;

    /**
     * @param matches of its ids alone
     */
    Pattern(long[] known, int[] at, long matches) {
      this.known = known;
      this.at = at;
      this.matches = matches;
    }

    private boolean isBound(int part, boolean[] bound) {
      return at[part] >= 0 && bound[at[part]];
    }

    @Override
    public boolean touches(boolean[] bound) {
      return isBound(0, bound) || isBound(1, bound) || isBound(2, bound);
    }

    @Override
    public void bind(boolean[] bound) {
      for (int slot : at) {
        if (slot >= 0) {
          bound[slot] = true;
        }
      }
    }

    @Override
    public double expected(boolean[] bound) {
      if (!touches(bound)) {
        return matches;
      }
      TripleGraph.Predicate figures = known[1] == 0 ? null : graph.predicate(known[1]);
      if (figures == null) {
        return Math.min(SOME, (double) matches);
      }
      double out = matches;
      if (isBound(0, bound)) {
        out /= Math.max(1, figures.subjects());
      }
      if (isBound(2, bound)) {
        out /= Math.max(1, figures.objects());
      }
      return out;
    }

    @Override
    public Rows join(Rows in, long most) {
      Rows out = new Rows(in.width());
      long[] parts = new long[PARTS];
      boolean isRepeated =
          (at[0] >= 0 && (at[0] == at[1] || at[0] == at[2])) || (at[1] >= 0 && at[1] == at[2]);
      for (int i = 0; i < in.count() && matches > 0 && out.count() < most; i++) {
        for (int k = 0; k < PARTS; k++) {
          parts[k] = at[k] >= 0 ? in.get(i, at[k]) : known[k];
        }
        TripleGraph.Range range = graph.lookUp(parts[0], parts[1], parts[2]);
        long n = isRepeated ? range.size() : Math.min(range.size(), most - out.count());
        work.take(1 + n);
        for (long m = 0; m < n; m++) {
          add(out, out.add(in, i), parts, range, m);
        }
      }
      return out;
    }

    private void add(Rows out, int row, long[] parts, TripleGraph.Range range, long match) {
      for (int k = 0; k < PARTS; k++) {
        if (at[k] >= 0 && parts[k] == Rows.UNBOUND) {
          long id = range.get(k, match);
          long before = out.get(row, at[k]);
          if (before != Rows.UNBOUND && before != id) {
            out.drop(); // the same variable stands for two parts
            return;
          }
          out.set(row, at[k], id);
        }
      }
    }
  }
}
