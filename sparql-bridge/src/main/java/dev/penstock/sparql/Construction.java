package dev.penstock.sparql;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.eval.QueryEnv;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.query.Query;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.modify.TemplateLib;
import org.apache.jena.util.iterator.ExtendedIterator;

/** From solutions to graphs. */
final class Construction {
  private static final int CHECK = 0xFFF;

  /** Of a resource that is described: its places in a set and a queue. */
  private static final long RESOURCE_BYTES = 160;

  private Construction() {}

  /** Blank nodes of the template are new for each solution; what is no triple is left out. */
  static Graph construct(Query query, Iterator<Binding> solutions, Reservation memory) {
    MadeGraph out = new MadeGraph(memory);
    TemplateLib.calcTriples(query.getConstructTemplate().getTriples(), solutions)
        .forEachRemaining(out::add);
    return out.graph();
  }

  /**
   * For each resource the triples of the default graph in which it is the subject, and those of the
   * blank nodes that these lead to.
   */
  static Graph describe(
      Query query,
      Iterator<Binding> solutions,
      QueryEnv env,
      CancellationToken token,
      Reservation memory) {
    MadeGraph out = new MadeGraph(memory);
    Set<Node> resources = new HashSet<>(query.getResultURIs());
    while (solutions.hasNext()) {
      Binding solution = solutions.next();
      solution.forEach(
          (v, term) -> {
            if (!term.isLiteral() && resources.add(term)) {
              out.hold(RESOURCE_BYTES);
            }
          });
    }
    Graph from = env.graph(env.dataset().defaultGraphs());
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
        if (t.getObject().isBlank() && !done.contains(t.getObject())) {
          out.hold(RESOURCE_BYTES);
          left.add(t.getObject());
        }
      }
    }
    return out.graph();
  }
}
