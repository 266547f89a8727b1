package dev.penstock.sparql.eval;

import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.store.TripleStore;
import java.util.ArrayList;
import java.util.List;

/**
 * The dataset of a query: the store's own, or what FROM and FROM NAMED say. Immutable.
 *
 * @param defaultGraphs ids of the graphs whose merge is the default graph; 0 is the store's own
 * @param named ids of the named graphs
 */
public record DatasetView(StoreState state, List<Long> defaultGraphs, List<Long> named) {
  public DatasetView {
    defaultGraphs = List.copyOf(defaultGraphs);
    named = List.copyOf(named);
  }

  /** The store as it is. */
  public static DatasetView of(StoreState state) {
    return new DatasetView(state, List.of(TripleStore.DEFAULT_GRAPH), state.names());
  }

  /** The graphs of these ids that there are. */
  public List<TripleGraph> graphs(List<Long> ids) {
    List<TripleGraph> out = new ArrayList<>();
    for (Long id : ids) {
      TripleGraph g = id == TripleStore.DEFAULT_GRAPH ? state.defaultGraph() : state.graph(id);
      if (g != null) {
        out.add(g);
      }
    }
    return out;
  }
}
