package dev.penstock.sparql;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.eval.QueryEnv;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.GraphMemFactory;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.query.Query;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.modify.TemplateLib;
import org.apache.jena.util.iterator.ExtendedIterator;

/** From solutions to graphs. */
final class Construction {
  private static final int CHECK = 0xFFF;

  private Construction() {}

  /** Blank nodes of the template are new for each solution; what is no triple is left out. */
  static Graph construct(Query query, Iterator<Binding> solutions) {
    Graph out = GraphMemFactory.createDefaultGraphSameTerm();
    TemplateLib.calcTriples(query.getConstructTemplate().getTriples(), solutions)
        .forEachRemaining(out::add);
    return out;
  }

  /**
   * For each resource the triples of the default graph in which it is the subject, and those of the
   * blank nodes that these lead to.
   */
  static Graph describe(
      Query query, Iterator<Binding> solutions, QueryEnv env, CancellationToken token) {
    Set<Node> resources = new HashSet<>(query.getResultURIs());
    while (solutions.hasNext()) {
      Binding solution = solutions.next();
      solution.forEach((v, term) -> resources.add(term));
    }
    Graph from = env.graph(env.dataset().defaultGraphs());
    Graph out = GraphMemFactory.createDefaultGraphSameTerm();
    Set<Node> done = new HashSet<>();
    ArrayDeque<Node> left = new ArrayDeque<>(resources);
    for (Node next = left.poll(); next != null; next = left.poll()) {
      if (next.isLiteral() || !done.add(next)) {
        continue;
      }
      token.check();
      ExtendedIterator<Triple> triples = from.find(next, Node.ANY, Node.ANY);
      while (triples.hasNext()) {
        if ((out.size() & CHECK) == 0) {
          token.check();
        }
        Triple t = triples.next();
        out.add(t);
        if (t.getObject().isBlank()) {
          left.add(t.getObject());
        }
      }
    }
    return out;
  }
}
