package dev.penstock.sparql;

import dev.penstock.monitor.Reservation;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.GraphMemFactory;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;

/** A graph that a query makes; what it takes is reserved before. One thread. */
final class MadeGraph {
  /** Of a triple, its three entries, and a term that it may bring along. */
  private static final long TRIPLE_BYTES = 320;

  private static final long STEP = 1 << 15;

  private final Graph graph = GraphMemFactory.createDefaultGraphSameTerm();
  private final Reservation memory;
  private long left;

  MadeGraph(Reservation memory) {
    this.memory = memory;
  }

  void add(Triple t) {
    if (left < TRIPLE_BYTES) {
      memory.grow(STEP);
      left += STEP;
    }
    int before = graph.size();
    graph.add(t);
    if (graph.size() > before) {
      left -= TRIPLE_BYTES;
      Node object = t.getObject();
      hold(object.isLiteral() ? object.getLiteralLexicalForm().length() : 0);
    }
  }

  /** What is kept beside it. */
  void hold(long bytes) {
    left -= bytes;
    if (left < 0) {
      memory.grow(-left);
      left = 0;
    }
  }

  int size() {
    return graph.size();
  }

  Graph graph() {
    return graph;
  }
}
