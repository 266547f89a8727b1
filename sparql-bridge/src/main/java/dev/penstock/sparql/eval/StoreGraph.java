package dev.penstock.sparql.eval;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.term.Terms;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.graph.impl.GraphBase;
import org.apache.jena.util.iterator.ExtendedIterator;
import org.apache.jena.util.iterator.WrappedIterator;
import org.jspecify.annotations.Nullable;

/** The merge of some graphs of a store, for Jena to read; terms match as terms. */
public final class StoreGraph extends GraphBase {
  private static final int CHECK = 0xFF;

  private final List<TripleGraph> graphs;
  private final Terms terms;

  public StoreGraph(List<TripleGraph> graphs, Terms terms) {
    this.graphs = graphs;
    this.terms = terms;
  }

  @Override
  protected ExtendedIterator<Triple> graphBaseFind(Triple pattern) {
    CancellationToken.checkCurrent();
    Long s = id(pattern.getMatchSubject());
    Long p = id(pattern.getMatchPredicate());
    Long o = id(pattern.getMatchObject());
    Stream<Triple> found = graphs.stream().flatMap(g -> triples(g.find(s, p, o)));
    Iterator<Triple> all = (graphs.size() > 1 ? found.distinct() : found).iterator();
    return WrappedIterator.create(all);
  }

  private Stream<Triple> triples(TripleGraph.Range range) {
    return LongStream.range(0, range.size())
        .mapToObj(
            i -> {
              if ((i & CHECK) == 0) {
                CancellationToken.checkCurrent();
              }
              return Triple.create(
                  terms.decode(range.get(0, i)),
                  terms.decode(range.get(1, i)),
                  terms.decode(range.get(2, i)));
            });
  }

  private @Nullable Long id(@Nullable Node node) {
    return node == null || !node.isConcrete() ? null : terms.encodeOrNull(node);
  }
}
