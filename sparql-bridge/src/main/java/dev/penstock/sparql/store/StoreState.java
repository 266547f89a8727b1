package dev.penstock.sparql.store;

import dev.penstock.sparql.term.Dictionary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store held at one moment: its graphs, and how many terms of its dictionary they use.
 * Immutable; a query works on one state from its begin to its end.
 *
 * @param graphs the named ones, by the id of their name
 */
public record StoreState(
    Dictionary dictionary, int terms, TripleGraph defaultGraph, Map<Long, TripleGraph> graphs) {
  public StoreState {
    graphs = Collections.unmodifiableMap(new LinkedHashMap<>(graphs));
  }

  /** The ids of the named graphs. */
  public List<Long> names() {
    return List.copyOf(graphs.keySet());
  }

  /** A named graph; null when there is none of that name. */
  public @Nullable TripleGraph graph(long name) {
    return graphs.get(name);
  }

  /** Triples of all graphs. */
  public long size() {
    long n = defaultGraph.size();
    for (TripleGraph g : graphs.values()) {
      n += g.size();
    }
    return n;
  }
}
