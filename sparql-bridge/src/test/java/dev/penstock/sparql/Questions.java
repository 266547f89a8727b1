package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Node;
import org.apache.jena.riot.Lang;
import org.jspecify.annotations.Nullable;

/** A small store, and what queries over it give, as texts. The empty prefix is http://x/. */
final class Questions implements AutoCloseable {
  final Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
  final TripleStore store = TripleStore.create(engine);
  final SparqlSession session = new SparqlSession(store);

  @Override
  public void close() {
    store.close();
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  void load(String trig) {
    store.load("@prefix : <http://x/> . " + trig, Lang.TRIG);
  }

  private static String text(@Nullable Node term) {
    return term == null
        ? "-"
        : term.isURI()
            ? term.getURI().replace("http://x/", ":")
            : term.isBlank() ? "_" : term.getLiteralLexicalForm();
  }

  /**
   * The rows, each as texts with blanks between them, sorted unless the query sorts; of a plan, and
   * the same when they are looked up.
   */
  List<String> rows(String query) {
    List<String> planned = rows(session.withoutLookUps(), query);
    if (!query.contains("RAND") && !query.contains("UUID")) {
      assertEquals(planned, rows(session, query), "look-ups give something else");
    }
    return planned;
  }

  private static List<String> rows(SparqlSession session, String query) {
    List<String> out = new ArrayList<>();
    try (SparqlResult result = session.execute("PREFIX : <http://x/> " + query)) {
      for (List<@Nullable Node> row = result.next(); row != null; row = result.next()) {
        out.add(String.join(" ", row.stream().map(Questions::text).toList()));
      }
    }
    if (!query.contains("ORDER BY")) {
      out.sort(null);
    }
    return out;
  }

  /** What a query that is refused is told. */
  String refused(String query) {
    return assertThrows(PenstockException.class, () -> rows(query)).getMessage();
  }
}
