package dev.penstock.sparql.path;

import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.sparql.store.TripleGraph;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks paths from a node over the merge of some graphs. Repetitions go on by a list of what is
 * reached, so that a long chain takes memory (reserved, or scratch files) and no stack. One thread.
 */
final class Walk {
  private static final int CHECK = 1023;

  private final List<TripleGraph> graphs;
  private final CancellationToken token;
  private final Reservation memory;
  private final @Nullable SpillSpace spill;
  private int steps;

  Walk(List<TripleGraph> graphs, QueryContext query, Reservation memory) {
    this.graphs = graphs;
    this.token = query.token();
    this.spill = query.spill();
    this.memory = memory;
  }

  /** A node, or a triple. */
  private void step() {
    if ((steps++ & CHECK) == 0) {
      token.check();
    }
  }

  /** Gives each node that the steps lead to, perhaps more than once. */
  void from(long node, Steps path, boolean backward, LongConsumer out) {
    step();
    if (path instanceof Steps.Link link) {
      for (TripleGraph graph : graphs) {
        TripleGraph.Range range = Steps.range(graph, node, link.predicate(), backward);
        int end = backward ? 0 : 2;
        for (long i = 0; i < range.size(); i++) {
          step();
          out.accept(range.get(end, i));
        }
      }
    } else if (path instanceof Steps.Not not) {
      other(node, not, backward != not.backward(), out);
    } else if (path instanceof Steps.Inverse inverse) {
      from(node, inverse.of(), !backward, out);
    } else if (path instanceof Steps.Seq seq) {
      Steps first = backward ? seq.second() : seq.first();
      Steps second = backward ? seq.first() : seq.second();
      try (LongSet middle = new LongSet(memory, spill)) {
        from(node, first, backward, middle::add);
        for (int i = 0; i < middle.size(); i++) {
          from(middle.get(i), second, backward, out);
        }
      }
    } else if (path instanceof Steps.Alt alt) {
      from(node, alt.one(), backward, out);
      from(node, alt.other(), backward, out);
    } else if (path instanceof Steps.Repeat repeat) {
      try (LongSet reached = new LongSet(memory, spill)) {
        repeat(node, repeat, backward, reached);
        for (int i = 0; i < reached.size(); i++) {
          out.accept(reached.get(i));
        }
      }
    }
  }

  private void other(long node, Steps.Not not, boolean backward, LongConsumer out) {
    for (TripleGraph graph : graphs) {
      TripleGraph.Range range = Steps.range(graph, node, null, backward);
      int end = backward ? 0 : 2;
      for (long i = 0; i < range.size(); i++) {
        step();
        if (!not.predicates().contains(range.get(1, i))) {
          out.accept(range.get(end, i));
        }
      }
    }
  }

  /** Adds what a repetition reaches to an empty set. */
  void repeat(long node, Steps.Repeat path, boolean backward, LongSet reached) {
    if (path.zero()) {
      reached.add(node);
    } else {
      from(node, path.of(), backward, reached::add);
    }
    if (path.once()) {
      from(node, path.of(), backward, reached::add);
      return;
    }
    for (int i = 0; i < reached.size(); i++) {
      from(reached.get(i), path.of(), backward, reached::add);
    }
  }
}
