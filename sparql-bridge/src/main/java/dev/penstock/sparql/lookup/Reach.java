package dev.penstock.sparql.lookup;

import dev.penstock.sparql.path.Steps;
import dev.penstock.sparql.store.TripleGraph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a path leads to from one node. One query, one thread. */
final class Reach {
  private final TripleGraph graph;
  private final Work work;

  Reach(TripleGraph graph, Work work) {
    this.graph = graph;
    this.work = work;
  }

  /** Is the node a subject or an object? */
  boolean isNode(long id) {
    return graph.lookUp(id, 0, 0).size() > 0 || graph.lookUp(0, 0, id).size() > 0;
  }

  /**
   * The nodes, as often as there are ways without a repetition; what repeats leads to each once.
   */
  List<Long> from(long node, Steps path, boolean backward) {
    List<Long> out = new ArrayList<>();
    if (path instanceof Steps.Link link) {
      TripleGraph.Range range =
          backward
              ? graph.lookUp(0, link.predicate(), node)
              : graph.lookUp(node, link.predicate(), 0);
      work.take(1 + range.size());
      for (long i = 0; i < range.size(); i++) {
        out.add(range.get(backward ? 0 : 2, i));
      }
    } else if (path instanceof Steps.Inverse inverse) {
      return from(node, inverse.of(), !backward);
    } else if (path instanceof Steps.Alt alt) {
      out.addAll(from(node, alt.one(), backward));
      out.addAll(from(node, alt.other(), backward));
    } else if (path instanceof Steps.Seq seq) {
      for (long middle : from(node, backward ? seq.second() : seq.first(), backward)) {
        out.addAll(from(middle, backward ? seq.first() : seq.second(), backward));
      }
      work.take(out.size());
    } else if (path instanceof Steps.Repeat repeat) {
      out.addAll(repeat(node, repeat, backward));
    } else {
      throw Declined.NOW;
    }
    return out;
  }

  private Set<Long> repeat(long node, Steps.Repeat path, boolean backward) {
    Set<Long> reached = new LinkedHashSet<>();
    List<Long> left = new ArrayList<>();
    if (path.zero()) {
      reached.add(node);
    }
    left.add(node);
    for (int i = 0; i < left.size(); i++) {
      for (long next : from(left.get(i), path.of(), backward)) {
        if (reached.add(next) && !path.once()) {
          left.add(next);
        }
      }
    }
    return reached;
  }
}
