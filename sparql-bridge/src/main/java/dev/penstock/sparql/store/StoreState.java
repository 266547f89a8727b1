package dev.penstock.sparql.store;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.term.StoredTerms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store held at one moment: its graphs, and how many terms of its dictionary they use.
 * Immutable but for what is attached; a query works on one state from its begin to its end.
 */
public final class StoreState {
  private final ConcurrentHashMap<Class<?>, AutoCloseable> attached = new ConcurrentHashMap<>();
  private volatile boolean isReplaced;
  private final StoredTerms dictionary;
  private final int terms;
  private final GraphRuns spo;
  private final GraphRuns pos;
  private final GraphRuns osp;

  StoreState(StoredTerms dictionary, int terms, GraphRuns spo, GraphRuns pos, GraphRuns osp) {
    this.dictionary = dictionary;
    this.terms = terms;
    this.spo = spo;
    this.pos = pos;
    this.osp = osp;
  }

  /** What goes with this state, made when it is first asked for. */
  public <T extends AutoCloseable> T attached(Class<T> type, Supplier<T> make) {
    T out = type.cast(attached.computeIfAbsent(type, t -> make.get()));
    if (isReplaced) {
      close(out);
    }
    return out;
  }

  /** Another state is in its place: closes what goes with it. Queries may still read it. */
  void replaced() {
    isReplaced = true;
    attached.values().forEach(StoreState::close);
  }

  private static void close(AutoCloseable a) {
    try {
      a.close();
    } catch (Exception e) {
      throw PenstockException.fault("a defect in Penstock: " + e, e);
    }
  }

  public StoredTerms dictionary() {
    return dictionary;
  }

  public int terms() {
    return terms;
  }

  GraphRuns runs(RunWriter.Order order) {
    return switch (order) {
      case SPO -> spo;
      case POS -> pos;
      case OSP -> osp;
    };
  }

  public TripleGraph defaultGraph() {
    return new TripleGraph(spo, pos, osp, spo.find(TripleStore.DEFAULT_GRAPH));
  }

  /** The ids of the named graphs, ascending. */
  public List<Long> names() {
    List<Long> out = new ArrayList<>();
    for (int k = 0; k < spo.graphs(); k++) {
      if (spo.graph(k) != TripleStore.DEFAULT_GRAPH) {
        out.add(spo.graph(k));
      }
    }
    return out;
  }

  /** A named graph; null when there is none of that name. */
  public @Nullable TripleGraph graph(long name) {
    int k = name == TripleStore.DEFAULT_GRAPH ? -1 : spo.find(name);
    return k < 0 ? null : new TripleGraph(spo, pos, osp, k);
  }

  /** The named graphs by their ids, ascending. */
  public Map<Long, TripleGraph> graphs() {
    Map<Long, TripleGraph> out = new LinkedHashMap<>();
    for (int k = 0; k < spo.graphs(); k++) {
      if (spo.graph(k) != TripleStore.DEFAULT_GRAPH) {
        out.put(spo.graph(k), new TripleGraph(spo, pos, osp, k));
      }
    }
    return out;
  }

  /** Triples of all graphs. */
  public long size() {
    return spo.triples();
  }
}
