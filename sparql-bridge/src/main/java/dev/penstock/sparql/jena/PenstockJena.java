package dev.penstock.sparql.jena;

import dev.penstock.sparql.store.TripleStore;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.engine.QueryEngineRegistry;
import org.apache.jena.sys.JenaSystem;

/**
 * Jena's API over a store of Penstock: {@code QueryExec}, {@code QueryExecution}, Fuseki.
 *
 * <pre>{@code
 * PenstockJena.register();
 * DatasetGraph dataset = PenstockJena.dataset(store);
 * try (QueryExec exec = QueryExec.dataset(dataset).query("SELECT * { ?s ?p ?o }").build()) {
 *   RowSet rows = exec.select();
 *   ...
 * }
 * }</pre>
 *
 * <p>Queries run on the engine, in its memory and listed with its queries. What the engine refuses
 * (SERVICE, property functions, initial bindings, other syntax of ARQ) Jena runs over the same
 * triples; and so it does with algebra ({@code Algebra.exec}). Without {@link #register} Jena runs
 * all of them.
 */
public final class PenstockJena {
  static {
    JenaSystem.init();
  }

  private static final StoreEngine FACTORY = new StoreEngine();

  private PenstockJena() {}

  /** From now on Jena hands queries over stores to their engines. Again: no change. */
  public static void register() {
    if (!QueryEngineRegistry.containsFactory(FACTORY)) {
      QueryEngineRegistry.addFactory(FACTORY);
    }
  }

  /** Ends what {@link #register} began. */
  public static void unregister() {
    QueryEngineRegistry.removeFactory(FACTORY);
  }

  /**
   * A store as a dataset that can be read. It shows the store as it is at each call; a query that
   * the engine runs sees one state. What changes it is refused; transactions are of no effect.
   */
  public static DatasetGraph dataset(TripleStore store) {
    return new StoreDataset(store);
  }
}
