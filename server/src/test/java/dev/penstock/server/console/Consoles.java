package dev.penstock.server.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.server.Server;
import dev.penstock.server.ServerOptions;
import dev.penstock.server.access.Tokens;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.SqlSession;
import java.time.Duration;
import org.apache.jena.riot.Lang;
import org.jspecify.annotations.Nullable;

/** An engine and its server. */
record Consoles(Engine engine, @Nullable TripleStore triples, Server server, SqlSession session)
    implements AutoCloseable {
  /** Runs until it is stopped. */
  static final String ENDLESS =
      "SELECT p.Name, count(*) AS n FROM range(1000000000000) AS r (x) JOIN people AS p"
          + " ON r.x % 3 = p.Age % 3 GROUP BY p.Name";

  /**
   * @param turtle triples of the server; null: it has none
   */
  static Consoles open(@Nullable Tokens tokens, @Nullable String turtle) {
    Engine engine =
        Engine.create(EngineOptions.defaults().withWorkers(2).withMemoryBytes(200L << 20));
    SqlCatalog catalog = new SqlCatalog(engine);
    TripleStore triples = turtle == null ? null : TripleStore.create(engine);
    if (triples != null && turtle != null) {
      triples.load(turtle, Lang.TURTLE);
    }
    Server server =
        Server.start(
            engine,
            catalog,
            triples,
            ServerOptions.defaults().withPort(0).withTokens(tokens).withGrace(Duration.ZERO));
    SqlSession session = new SqlSession(engine, catalog);
    session
        .execute(
            "CREATE TABLE people AS FROM (VALUES ('Ann', 31, DATE '2020-01-31'),"
                + " ('Bo', 19, DATE '2021-02-28'), ('Cy', 45, NULL)) AS t (Name, Age, Since)")
        .close();
    return new Consoles(engine, triples, server, session);
  }

  /** The address of a page of it, by its hash. */
  String address(String hash) {
    return server.address() + "console/" + hash;
  }

  /** Goes there, and waits for its heading. */
  void show(Tab tab, String hash, String heading) {
    tab.page().navigate(address(hash));
    assertThat(tab.page().locator("h1")).hasText(heading);
  }

  /** Begins a query whose rows nobody reads yet. */
  Query submit(String sql) {
    Query query = engine.queries().begin(QueryOptions.defaults().withText(sql).withOwner("ann"));
    session.execute(query, SqlSession.statements(sql, "sql").get(0));
    return query;
  }

  /** What a test left running. */
  void cancelAll() {
    engine.queries().running().forEach(q -> q.cancel(Reason.PERSON, "the test is over"));
  }

  @Override
  public void close() throws Exception {
    server.close();
    if (triples != null) {
      triples.close();
    }
    engine.close();
  }
}
