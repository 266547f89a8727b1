package dev.penstock.sparql.jena;

import dev.penstock.sparql.eval.StoreGraph;
import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sparql.term.Terms;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.jena.atlas.iterator.Iter;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.graph.impl.GraphBase;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.TxnType;
import org.apache.jena.riot.system.PrefixMap;
import org.apache.jena.riot.system.PrefixMapFactory;
import org.apache.jena.sparql.core.DatasetGraphBaseFind;
import org.apache.jena.sparql.core.Quad;
import org.apache.jena.sparql.core.Transactional;
import org.apache.jena.sparql.core.TransactionalNull;
import org.apache.jena.util.iterator.ExtendedIterator;
import org.apache.jena.util.iterator.WrappedIterator;
import org.jspecify.annotations.Nullable;

/**
 * A store as Jena reads it. Each call looks at the store as it is then.
 *
 * <p>Concurrency: any thread; transactions are noted by thread, and are nothing else.
 */
final class StoreDataset extends DatasetGraphBaseFind {
  private final TripleStore store;
  private final Transactional transactions = TransactionalNull.create();
  private final PrefixMap prefixes = PrefixMapFactory.create();

  StoreDataset(TripleStore store) {
    this.store = store;
  }

  TripleStore store() {
    return store;
  }

  /** What a graph of the present state has; terms that are looked for are not remembered. */
  private <T> T look(Function<Look, T> at) {
    StoreState state = store.state();
    try (Terms terms = new Terms(state.dictionary(), state.terms(), store.engine().budget())) {
      return at.apply(new Look(state, terms));
    }
  }

  private record Look(StoreState state, Terms terms) {
    @Nullable TripleGraph graph(@Nullable Node name) {
      return name == null ? state.defaultGraph() : state.graph(terms.encode(name));
    }

    List<Node> names() {
      List<Node> out = new ArrayList<>();
      state.names().forEach(id -> out.add(terms.decode(id)));
      return out;
    }

    ExtendedIterator<Triple> find(@Nullable TripleGraph graph, Triple pattern) {
      return graph == null
          ? WrappedIterator.emptyIterator()
          : new StoreGraph(List.of(graph), terms).find(pattern);
    }
  }

  /**
   * One graph, found anew for each pattern.
   *
   * <p>Its iterators read what does not change, and need no terms but the store's own.
   */
  private final class OneGraph extends GraphBase {
    private final @Nullable Node name;

    /**
     * @param name null: the default graph
     */
    OneGraph(@Nullable Node name) {
      this.name = name;
    }

    @Override
    protected ExtendedIterator<Triple> graphBaseFind(Triple pattern) {
      return look(now -> now.find(now.graph(name), pattern));
    }

    @Override
    protected int graphBaseSize() {
      return look(
          now -> {
            TripleGraph graph = now.graph(name);
            return graph == null ? 0 : (int) Math.min(Integer.MAX_VALUE, graph.size());
          });
    }
  }

  @Override
  public Graph getDefaultGraph() {
    return new OneGraph(null);
  }

  @Override
  public Graph getGraph(Node name) {
    return name == null || Quad.isDefaultGraph(name)
        ? new OneGraph(null)
        : Quad.isUnionGraph(name) ? getUnionGraph() : new OneGraph(name);
  }

  @Override
  public boolean containsGraph(Node name) {
    return Quad.isDefaultGraph(name)
        || Quad.isUnionGraph(name)
        || look(now -> now.graph(name) != null);
  }

  @Override
  public Iterator<Node> listGraphNodes() {
    return look(Look::names).iterator();
  }

  private static Triple pattern(Node s, Node p, Node o) {
    return Triple.createMatch(s, p, o);
  }

  @Override
  protected Iterator<Quad> findInDftGraph(Node s, Node p, Node o) {
    return Iter.map(
        getDefaultGraph().find(pattern(s, p, o)), t -> Quad.create(Quad.defaultGraphIRI, t));
  }

  @Override
  protected Iterator<Quad> findInSpecificNamedGraph(Node g, Node s, Node p, Node o) {
    return Iter.map(getGraph(g).find(pattern(s, p, o)), t -> Quad.create(g, t));
  }

  @Override
  protected Iterator<Quad> findInAnyNamedGraphs(Node s, Node p, Node o) {
    return Iter.flatMap(listGraphNodes(), g -> findInSpecificNamedGraph(g, s, p, o));
  }

  @Override
  public long size() {
    return look(now -> (long) now.state().names().size());
  }

  @Override
  public PrefixMap prefixes() {
    return prefixes;
  }

  @Override
  public void addGraph(Node name, Graph graph) {
    throw readOnly();
  }

  @Override
  public void removeGraph(Node name) {
    throw readOnly();
  }

  @Override
  public void add(Quad quad) {
    throw readOnly();
  }

  @Override
  public void delete(Quad quad) {
    throw readOnly();
  }

  @Override
  public void clear() {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(
        "a store of Penstock is filled by TripleStore.load, not through Jena");
  }

  @Override
  public boolean supportsTransactions() {
    return true;
  }

  @Override
  public boolean supportsTransactionAbort() {
    return false;
  }

  @Override
  public void begin(TxnType type) {
    transactions.begin(type);
  }

  @Override
  public boolean promote(Promote mode) {
    return false; // nothing can be written
  }

  @Override
  public void commit() {
    transactions.commit();
  }

  @Override
  public void abort() {
    transactions.abort();
  }

  @Override
  public void end() {
    transactions.end();
  }

  @Override
  public boolean isInTransaction() {
    return transactions.isInTransaction();
  }

  @Override
  public ReadWrite transactionMode() {
    return transactions.transactionMode();
  }

  @Override
  public TxnType transactionType() {
    return transactions.transactionType();
  }
}
