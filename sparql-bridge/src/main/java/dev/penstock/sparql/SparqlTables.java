package dev.penstock.sparql;

import dev.penstock.compiler.Languages;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import java.util.function.Supplier;

/**
 * Solutions of SPARQL as a table: {@code (sparql+ "SELECT ...")} in a plan, {@code FROM
 * sparql('SELECT ...')} in SQL, over the store that a program offers.
 *
 * <pre>{@code
 * SparqlTables.offer(store);
 * session.execute("SELECT dept, count(*) FROM sparql('SELECT ?dept { ?who :dept ?dept }') GROUP BY dept");
 * }</pre>
 *
 * <p>The query becomes a part of the plan around it: it is optimized, run and cancelled with it. A
 * plan sees the store as it was when it was prepared.
 */
public final class SparqlTables {
  private static final String NAME = "sparql";

  private SparqlTables() {}

  /** From now on, queries on the store's engine ask this store. */
  public static void offer(TripleStore store) {
    offer(store.engine().languages(), () -> store);
  }

  /**
   * The same for a store that is made when the first query asks it.
   *
   * @param languages of the engine
   */
  public static void offer(Languages languages, Supplier<TripleStore> store) {
    offer(languages, NAME, store);
  }

  /**
   * The same as another language of the engine, beside the store that has no name.
   *
   * @param language whose texts are SPARQL over this store
   */
  public static void offer(Languages languages, String language, Supplier<TripleStore> store) {
    languages.add(language, new Asking(store));
  }

  /**
   * The store that is asked without a name, which is made now if it was not yet. Errors:
   * UNSUPPORTED {@code unknown-language} where there is none.
   */
  public static TripleStore store(Languages languages) {
    if (languages.of(NAME) instanceof Asking asking) {
      return asking.store().get();
    }
    throw PenstockException.unsupported(
        "unknown-language", "what answers queries of " + NAME + " here is no store of triples");
  }

  private record Asking(Supplier<TripleStore> store) implements Languages.Language {
    @Override
    public Languages.Part part(String text) {
      return SparqlTables.part(store.get(), text);
    }
  }

  private static Languages.Part part(TripleStore store, String text) {
    SparqlQuery query = SparqlQuery.parse(text);
    if (query.kind() != SparqlResult.Kind.SELECT) {
      throw PenstockException.incorrect(
          "sparql-kind", "SPARQL: only SELECT gives a table, got " + query.kind());
    }
    return new SparqlSession(store).part(query);
  }
}
