package dev.penstock.benchmarks.sparql;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/** Penstock's store in memory. */
final class PenstockTriples implements TriplePeer {
  private final Engine engine;
  private final TripleStore store;
  private final SparqlSession session;

  PenstockTriples(int workers) {
    this.engine = Engine.create(EngineOptions.defaults().withWorkers(workers));
    this.store = TripleStore.create(engine);
    this.session = new SparqlSession(store);
  }

  @Override
  public String name() {
    return "penstock";
  }

  @Override
  public void load(Path file) {
    store.load(file);
  }

  @Override
  public List<String> rows(String query) {
    List<String> out = new ArrayList<>();
    try (SparqlResult result = session.execute(query)) {
      for (List<@Nullable Node> row = result.next(); row != null; row = result.next()) {
        out.add(JenaTriples.line(row));
      }
    }
    return out;
  }

  @Override
  public long count(String query) {
    long n = 0;
    try (SparqlResult result = session.execute(query)) {
      while (result.next() != null) {
        n++;
      }
    }
    return n;
  }

  @Override
  public void close() {
    store.close();
    engine.close();
  }
}
