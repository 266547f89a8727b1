package dev.penstock.server.console;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.server.Server;
import dev.penstock.server.ServerOptions;
import dev.penstock.server.access.Tokens;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.jena.riot.Lang;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** An engine, its server, and a browser: what the tests of a class share. */
record Consoles(
    Engine engine,
    @Nullable TripleStore triples,
    Server server,
    SqlSession session,
    Browser browser)
    implements AutoCloseable {
  /** Runs until it is stopped. */
  static final String ENDLESS =
      "SELECT p.Name, count(*) AS n FROM range(1000000000000) AS r (x) JOIN people AS p"
          + " ON r.x % 3 = p.Age % 3 GROUP BY p.Name";

  /**
   * Skips the class, in a line that cannot be overlooked, where there is no browser.
   *
   * @param turtle triples of the server; null: it has none
   */
  static Consoles open(@Nullable Tokens tokens, @Nullable String turtle) throws IOException {
    Assumptions.assumeTrue(
        Integer.getInteger("penstock.test.fewer", 1) == 1,
        "pages are the same on every JDK: where tests run again they are left out");
    Path program = Browser.installed();
    if (program == null) {
      System.out.println(
          "SKIPPED: the tests of the console, no Chromium found. Install it (Debian, Ubuntu:"
              + " apt-get install chromium) or name it in PENSTOCK_CHROMIUM.");
    }
    Assumptions.assumeTrue(program != null, "no Chromium");
    Browser browser = Browser.start(program == null ? Path.of("") : program);
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
    return new Consoles(engine, triples, server, session, browser);
  }

  /** A tab that shows a page; {@code until} is an expression that holds when it is there. */
  Page page(String hash, String until) {
    return browser.open().go(server.address() + "console/" + hash, until);
  }

  /** Begins a query whose rows nobody reads yet. */
  Query submit(String sql) {
    List<dev.penstock.sql.Statement> all = SqlSession.statements(sql, "sql");
    Query query =
        engine
            .queries()
            .begin(
                dev.penstock.compiler.queries.QueryOptions.defaults()
                    .withText(sql)
                    .withOwner("ann"));
    session.execute(query, all.get(0));
    return query;
  }

  @Override
  public void close() throws Exception {
    browser.close();
    server.close();
    if (triples != null) {
      triples.close();
    }
    engine.close();
  }
}
