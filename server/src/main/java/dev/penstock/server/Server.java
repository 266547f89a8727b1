package dev.penstock.server;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.AuditLog;
import dev.penstock.server.access.Doorkeeper;
import dev.penstock.server.access.Tls;
import dev.penstock.server.query.Statements;
import dev.penstock.server.result.ResultStream;
import dev.penstock.server.sparql.SparqlStream;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import jakarta.servlet.Servlet;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Serves the queries of an engine over HTTP, from {@link #start} until {@link #close}.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     Server server =
 *         Server.start(engine, new SqlCatalog(engine), ServerOptions.defaults().withPort(0))) {
 *   System.out.println(server.address() + "v1/queries");
 *   ...
 * }
 * }</pre>
 *
 * <p>What it answers to is told in docs/server.md, and in the document at {@code /openapi.json}.
 *
 * <p>Concurrency: thread-safe; a request has a thread of Jetty until it is answered.
 */
public final class Server implements AutoCloseable {
  /** So long queries are waited for that were told to stop, and then responses. */
  private static final Duration STOPPING = Duration.ofSeconds(2);

  /** Threads for requests that are no queries, beside one for each query. */
  private static final int MORE_THREADS = 64;

  private final ServerOptions options;
  private final Statements statements;
  private final InFlight inFlight = new InFlight();
  private final ScheduledThreadPoolExecutor timer;
  private final ScheduledFuture<?> sampling;
  private final EventRoutes events;
  private final Metrics metrics;
  private final AuditLog audit;
  private final org.eclipse.jetty.server.Server jetty;
  private final ServerConnector connector;

  private Server(
      Engine engine, SqlCatalog catalog, @Nullable TripleStore triples, ServerOptions options) {
    this.options = options;
    ServerLimits limits = options.limits();
    this.audit = AuditLog.open(options.audit());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "penstock-server-timer");
              t.setDaemon(true);
              return t;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
    this.statements = new Statements(engine, catalog, limits.queries(), limits.resultIdle());
    Doorkeeper door = new Doorkeeper(options.tokens());
    ResultStream stream =
        new ResultStream(timer, limits.resultRows(), spoolTo(engine), engine.budget());
    Samples samples = new Samples(engine);
    this.sampling =
        timer.scheduleAtFixedRate(
            samples::take, Samples.EVERY_MILLIS, Samples.EVERY_MILLIS, TimeUnit.MILLISECONDS);
    QueryRoutes queries = new QueryRoutes(engine.queries(), statements, stream, samples, audit);
    EngineRoutes shared =
        new EngineRoutes(
            engine,
            samples,
            limits.queries(),
            triples == null ? List.of("sql", "plan") : List.of("sql", "plan", "sparql"));
    this.events = new EventRoutes(engine, queries);
    this.metrics = new Metrics(engine, inFlight);
    SparqlRoutes sparql =
        new SparqlRoutes(triples, statements, new SparqlStream(timer, limits.resultRows()));
    TableRoutes tables = new TableRoutes(engine, catalog);
    Servlet servlet =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.startup.showOldJavalinVersionWarning = false;
                  config.http.compressionStrategy = CompressionStrategy.NONE;
                  config.http.maxRequestSize = limits.bodyBytes();
                  config.http.prefer405over404 = true;
                  config.router.javaLangErrorHandler(Routes::fail);
                  config.routes.before(ctx -> inFlight.add(ctx.req()));
                  Routes.add(
                      config.routes, door, options.origins(), queries, tables, statements, audit);
                  sparql.addTo(config.routes);
                  shared.addTo(config.routes);
                  events.addTo(config.routes);
                  metrics.addTo(config.routes);
                })
            .javalinServlet();
    QueuedThreadPool threads = new QueuedThreadPool(limits.queries() + MORE_THREADS, 4);
    threads.setName("penstock-http");
    threads.setDaemon(true);
    this.jetty = new org.eclipse.jetty.server.Server(threads);
    this.connector = connector();
    jetty.addConnector(connector);
    jetty.setErrorHandler(new PlainErrors());
    jetty.setStopTimeout(0);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(servlet), "/*");
    jetty.setHandler(context);
  }

  /** Where results are written that must be complete before they are sent. */
  private static Path spoolTo(Engine engine) {
    EngineOptions.SpillTo spill = engine.options().spillTo();
    return spill == null ? Path.of(System.getProperty("java.io.tmpdir")) : spill.directory();
  }

  /**
   * Binds and serves. Blocking until it does.
   *
   * @param catalog what the statements of all clients see and change
   * @throws PenstockException when it cannot bind, or must not
   */
  public static Server start(Engine engine, SqlCatalog catalog, ServerOptions options) {
    return start(engine, catalog, null, options);
  }

  /**
   * The same with triples, which SPARQL asks.
   *
   * @param triples of the same engine; closed by the caller, after the server
   */
  public static Server start(
      Engine engine, SqlCatalog catalog, @Nullable TripleStore triples, ServerOptions options) {
    checkHost(options);
    Server server = new Server(engine, catalog, triples, options);
    try {
      server.jetty.start();
      return server;
    } catch (Exception e) {
      server.close();
      throw PenstockException.io(
          "server-bind",
          "the server cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": "
              + deepest(e).getMessage(),
          e);
    }
  }

  private static void checkHost(ServerOptions options) {
    try {
      boolean loopback = InetAddress.getByName(options.host()).isLoopbackAddress();
      if (!loopback && options.tokens() == null) {
        throw PenstockException.incorrect(
            "server-tokens",
            "without tokens the server listens on the loopback address only, and "
                + options.host()
                + " is none: give a file of tokens, or listen on 127.0.0.1");
      }
      if (options.origins().isAll() && options.tokens() == null) {
        throw PenstockException.incorrect(
            "server-cors",
            "without tokens any page in a browser could read everything: name the origins of pages"
                + " that may ask, or give a file of tokens");
      }
    } catch (UnknownHostException e) {
      throw PenstockException.io(
          "server-bind", "the server cannot listen on " + options.host() + ": no such host", e);
    }
  }

  private static Throwable deepest(Throwable e) {
    Throwable at = e;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  private ServerConnector connector() {
    HttpConfiguration http = new HttpConfiguration();
    ServerLimits limits = options.limits();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(limits.headerBytes());
    Tls tls = options.tls();
    ServerConnector connector;
    if (tls == null) {
      connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    } else {
      // clients may name it by its address; who it is, they see by its certificate
      http.addCustomizer(new SecureRequestCustomizer(false));
      connector = new ServerConnector(jetty, tls.factory(), new HttpConnectionFactory(http));
    }
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(limits.connectionIdle().toMillis());
    return connector;
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Where it is, for a client on this machine; ends with a slash. */
  public URI address() {
    String host = options.host().indexOf(':') >= 0 ? "[" + options.host() + "]" : options.host();
    String scheme = options.tls() == null ? "http://" : "https://";
    return URI.create(scheme + host + ":" + port() + "/");
  }

  /**
   * Stops: takes no more queries, lets those of clients run on for the time of grace, cancels what
   * still runs, and closes all connections. Blocking. The engine stays open.
   */
  @Override
  public void close() {
    statements.drain(options.grace(), STOPPING);
    events.close();
    inFlight.await(STOPPING);
    try {
      jetty.stop();
    } catch (Exception e) {
      throw PenstockException.io("server-stop", "the server did not stop: " + e, e);
    } finally {
      statements.close();
      sampling.cancel(false);
      timer.shutdownNow();
      metrics.close();
      audit.close();
    }
  }
}
