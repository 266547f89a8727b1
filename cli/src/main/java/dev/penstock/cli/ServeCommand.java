package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.jmx.EngineMBeans;
import dev.penstock.compiler.queries.QueryLimits;
import dev.penstock.server.Server;
import dev.penstock.server.ServerLimits;
import dev.penstock.server.ServerOptions;
import dev.penstock.server.access.Origins;
import dev.penstock.server.access.Tls;
import dev.penstock.server.access.Tokens;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.SparqlTables;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.CatalogFile;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code penstock serve}. */
@Command(
    name = "serve",
    description = {
      "Serve queries over HTTP until the process is told to stop (Ctrl-C, SIGTERM).",
      "Statements may read files in --data and in each --root, and whatever the catalog names.",
      "POST /v1/queries takes SQL and plans, /sparql queries over the files of RDF (.ttl .nt .nq .trig .rdf .jsonld)",
      "in --data, which may be such a file; docs/server.md tells the rest."
    })
final class ServeCommand implements Callable<Integer> {
  private static final ServerOptions DEFAULTS = ServerOptions.defaults();

  @ParentCommand private Commands parent;
  @Spec private CommandSpec spec;

  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description = "A catalog file (EDN) that names tables, views and triples.")
  private @Nullable Path catalog;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where to listen (default: 127.0.0.1); another than loopback needs --tokens.")
  private String host = DEFAULTS.host();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port (default: 8642); 0: any that is free.")
  private int port = DEFAULTS.port();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "A further folder whose files statements may name. Repeat it for each.")
  private List<Path> roots = new ArrayList<>();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "A store of triples on disk for /sparql, instead of RDF in --data.")
  private @Nullable Path store;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "Lines of 'name role hash': who may ask (default: whoever is on this machine).")
  private @Nullable Path tokens;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificates in PEM, the server's own first; with --tls-key.")
  private @Nullable Path certificates;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The key of the certificate in PEM (PKCS #8, not encrypted).")
  private @Nullable Path key;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description = "A keystore instead; its password is in PENSTOCK_KEYSTORE_PASSWORD.")
  private @Nullable Path keyStore;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description =
          "Pages of this origin (https://yasgui.example) may ask /sparql from a browser; '*': all,"
              + " with --tokens. Repeat it for each (default: none).")
  private Set<String> origins = new LinkedHashSet<>();

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description = "A file that tells, a line each, who cancelled or changed what.")
  private @Nullable Path audit;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "So long a query may take that names no timeout (default: no limit).")
  private @Nullable Long timeout;

  @Option(
      names = "--max-timeout",
      paramLabel = "SECONDS",
      description = "No query may take longer, whatever it asks for (default: no limit).")
  private @Nullable Long maxTimeout;

  @Option(
      names = "--max-queries",
      paramLabel = "N",
      description = "Queries of clients at once (default: 128).")
  private int maxQueries = DEFAULTS.limits().queries();

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "A result with more rows fails (default: no limit).")
  private long maxRows = Long.MAX_VALUE;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "So long queries may run on when the server stops (default: 10).")
  private long grace = DEFAULTS.grace().toSeconds();

  @Override
  public Integer call() throws InterruptedException {
    EngineFlags flags = parent.engineOf(spec);
    check(port >= 0 && port <= 65_535, "--port: expected 0 to 65535, got " + port);
    check(maxQueries >= 1 && maxQueries <= 10_000, "--max-queries: expected 1 to 10000");
    check(maxRows >= 1, "--max-rows: expected a number above 0, got " + maxRows);
    check(grace >= 0 && grace <= 86_400, "--grace: expected 0 to 86400, got " + grace);
    for (Path root : roots) {
      check(Files.isDirectory(root), "--root: no such folder: " + root);
    }
    SqlSession.load(); // so that the first query does not wait for it
    PrintStream err = parent.streams().err();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook = new Thread(() -> stop(stop, stopped), "penstock-stop");
    try (Engine engine = flags.open(this::options);
        EngineMBeans beans = EngineMBeans.register(engine, "serve")) {
      SqlSession session = new SqlSession(engine);
      Supplier<TripleStore> unnamed = catalog(session, flags);
      try (TripleStore triples = triples(engine, flags, unnamed);
          Server server = Server.start(engine, session.catalog(), triples, serverOptions())) {
        if (triples != null) {
          SparqlSession.load(); // as above
          SparqlTables.offer(triples);
        }
        Runtime.getRuntime().addShutdownHook(hook);
        err.println("penstock: serving at " + server.address());
        err.flush();
        stop.await();
        err.println("penstock: stopping");
        err.flush();
      }
    } finally {
      stopped.countDown();
    }
    return ExitCode.DONE;
  }

  /** What /sparql asks, if anything. */
  private @Nullable TripleStore triples(
      Engine engine, EngineFlags flags, @Nullable Supplier<TripleStore> unnamed) {
    if (store == null) {
      return unnamed == null ? RdfData.load(engine, RdfData.of(flags.data())) : unnamed.get();
    }
    check(TripleStore.isStore(store), "--store: there is no store in " + store);
    return TripleStore.open(engine, store);
  }

  /** Runs when the process is told to end, and ends when everything is closed. */
  private static void stop(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private EngineOptions options(EngineOptions options) {
    QueryLimits limits =
        options
            .limits()
            .withTimeout(seconds("--timeout", timeout))
            .withMaxTimeout(seconds("--max-timeout", maxTimeout));
    return options.withLimits(limits).withRoots(roots);
  }

  private @Nullable Duration seconds(String option, @Nullable Long given) {
    check(given == null || given > 0, option + ": expected a number above 0, got " + given);
    return given == null ? null : Duration.ofSeconds(given);
  }

  /** Gives the session its names; the triples of the catalog file that /sparql asks, if any. */
  private @Nullable Supplier<TripleStore> catalog(SqlSession session, EngineFlags flags) {
    Engine engine = session.engine();
    Path data = flags.data();
    Supplier<TripleStore> unnamed = null;
    if (catalog != null) {
      boolean hasOthers = store != null || !RdfData.of(data).isEmpty();
      unnamed = RdfData.offer(engine, CatalogFile.load(catalog, session), hasOthers);
    }
    if (data != null && !RdfData.isFile(data)) {
      DataFolder.addTo(engine, data);
    }
    return unnamed;
  }

  private ServerOptions serverOptions() {
    ServerLimits limits = DEFAULTS.limits().withQueries(maxQueries).withResultRows(maxRows);
    return DEFAULTS
        .withHost(host)
        .withPort(port)
        .withTokens(tokens == null ? null : Tokens.read(tokens))
        .withLimits(limits)
        .withAudit(audit)
        .withOrigins(new Origins(origins))
        .withTls(tls())
        .withGrace(Duration.ofSeconds(grace));
  }

  private @Nullable Tls tls() {
    Path c = certificates;
    Path k = key;
    check((c == null) == (k == null), "--tls-cert and --tls-key belong together");
    if (keyStore != null) {
      check(c == null, "expected --tls-keystore or --tls-cert, got both");
      String password = System.getenv("PENSTOCK_KEYSTORE_PASSWORD");
      return Tls.keyStore(keyStore, password == null ? "" : password);
    }
    return c == null || k == null ? null : Tls.pem(c, k);
  }

  private void check(boolean ok, String message) {
    if (!ok) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
