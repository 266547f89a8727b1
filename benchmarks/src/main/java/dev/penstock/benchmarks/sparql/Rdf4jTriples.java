package dev.penstock.benchmarks.sparql;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.rdf4j.common.transaction.IsolationLevels;
import org.eclipse.rdf4j.model.Literal;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.query.BindingSet;
import org.eclipse.rdf4j.query.Dataset;
import org.eclipse.rdf4j.query.TupleQueryResult;
import org.eclipse.rdf4j.query.algebra.evaluation.EvaluationStrategy;
import org.eclipse.rdf4j.query.algebra.evaluation.EvaluationStrategyFactory;
import org.eclipse.rdf4j.query.algebra.evaluation.TripleSource;
import org.eclipse.rdf4j.query.algebra.evaluation.federation.FederatedServiceResolver;
import org.eclipse.rdf4j.query.algebra.evaluation.impl.DefaultEvaluationStrategyFactory;
import org.eclipse.rdf4j.query.algebra.evaluation.impl.EvaluationStatistics;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.sail.Sail;
import org.eclipse.rdf4j.sail.lmdb.LmdbStore;
import org.eclipse.rdf4j.sail.lmdb.config.LmdbStoreConfig;
import org.eclipse.rdf4j.sail.memory.MemoryStore;

/** RDF4J over its store in memory, or over LMDB. */
final class Rdf4jTriples implements TriplePeer {
  private final String name;
  private final SailRepository repository;
  private final RepositoryConnection connection;

  private Rdf4jTriples(String name, Sail store) {
    this.name = name;
    this.repository = new SailRepository(store);
    repository.init();
    this.connection = repository.getConnection();
  }

  /**
   * @param seconds after which a query ends with an exception
   */
  static Rdf4jTriples inMemory(int seconds) {
    MemoryStore store = new MemoryStore();
    store.setEvaluationStrategyFactory(stopping(store.getFederatedServiceResolver(), seconds));
    return new Rdf4jTriples("rdf4j", store);
  }

  static Rdf4jTriples lmdb(Path folder, int seconds) {
    LmdbStore store = new LmdbStore(folder.toFile(), new LmdbStoreConfig());
    store.setEvaluationStrategyFactory(stopping(store.getFederatedServiceResolver(), seconds));
    return new Rdf4jTriples("lmdb", store);
  }

  /** RDF4J's own, but for the limit. */
  private static EvaluationStrategyFactory stopping(FederatedServiceResolver remote, int seconds) {
    return new DefaultEvaluationStrategyFactory(remote) {
      @Override
      public EvaluationStrategy createEvaluationStrategy(
          Dataset dataset, TripleSource triples, EvaluationStatistics statistics) {
        TripleSource stopping = new Stopping(triples, seconds);
        return super.createEvaluationStrategy(dataset, stopping, statistics);
      }
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void load(Path file) throws IOException {
    connection.begin(IsolationLevels.NONE); // as its manual advises for large loads
    connection.add(file.toFile(), RDFFormat.NTRIPLES);
    connection.commit();
  }

  @Override
  public List<String> rows(String query) {
    List<String> out = new ArrayList<>();
    try (TupleQueryResult result = connection.prepareTupleQuery(query).evaluate()) {
      List<String> names = result.getBindingNames();
      for (BindingSet row : result) {
        StringBuilder line = new StringBuilder();
        for (String name : names) {
          Value v = row.getValue(name);
          line.append(line.length() == 0 ? "" : "\t");
          if (v != null) {
            line.append(
                v instanceof Literal l
                    ? TriplePeer.shown(l.getLabel(), l.getDatatype().getLocalName())
                    : v.stringValue());
          }
        }
        out.add(line.toString());
      }
    }
    return out;
  }

  @Override
  public long count(String query) {
    long n = 0;
    try (TupleQueryResult result = connection.prepareTupleQuery(query).evaluate()) {
      List<String> names = result.getBindingNames();
      for (BindingSet row : result) {
        names.forEach(row::getValue);
        n++;
      }
    }
    return n;
  }

  @Override
  public void close() {
    connection.close();
    repository.shutDown();
  }
}
