package dev.penstock.benchmarks.sparql;

import java.util.Comparator;
import java.util.Set;
import org.eclipse.rdf4j.common.iteration.CloseableIteration;
import org.eclipse.rdf4j.common.order.StatementOrder;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.model.ValueFactory;
import org.eclipse.rdf4j.query.QueryInterruptedException;
import org.eclipse.rdf4j.query.algebra.evaluation.TripleSource;

/**
 * The triples of an RDF4J store for one query, which ends when it asks for some after its time.
 * RDF4J's own limit closes what is being read beneath the reader: with LMDB that is memory which is
 * mapped no more.
 */
final class Stopping implements TripleSource {
  private final TripleSource triples;
  private final long endNanos;

  Stopping(TripleSource triples, int seconds) {
    this.triples = triples;
    this.endNanos = System.nanoTime() + seconds * 1_000_000_000L;
  }

  private void check() {
    if (System.nanoTime() - endNanos > 0) {
      throw new QueryInterruptedException("stopped");
    }
  }

  @Override
  public CloseableIteration<? extends Statement> getStatements(
      Resource subject, IRI predicate, Value object, Resource... graphs) {
    check();
    return triples.getStatements(subject, predicate, object, graphs);
  }

  @Override
  public CloseableIteration<? extends Statement> getStatements(
      StatementOrder order, Resource subject, IRI predicate, Value object, Resource... graphs) {
    check();
    return triples.getStatements(order, subject, predicate, object, graphs);
  }

  @Override
  public Set<StatementOrder> getSupportedOrders(
      Resource subject, IRI predicate, Value object, Resource... graphs) {
    return triples.getSupportedOrders(subject, predicate, object, graphs);
  }

  @Override
  public Comparator<Value> getComparator() {
    return triples.getComparator();
  }

  @Override
  public ValueFactory getValueFactory() {
    return triples.getValueFactory();
  }
}
