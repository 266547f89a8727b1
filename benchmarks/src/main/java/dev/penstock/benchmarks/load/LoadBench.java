package dev.penstock.benchmarks.load;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.server.Server;
import dev.penstock.server.ServerOptions;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.SqlSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many clients of one server, over the loopback address, in one process.
 *
 * <pre>
 * 64 threads, each with a connection --POST SELECT by key, CSV--> server --> engine
 * </pre>
 *
 * <p>Each answer is checked. At the end nothing may be left: no query, no byte, no thread of the
 * server; else the exit code is 1.
 */
public final class LoadBench {
  private static final int ROWS = 100_000;

  private LoadBench() {}

  /**
   * @param args {@code [--clients 64] [--queries 10000]}
   */
  public static void main(String[] args) throws Exception {
    int clients = option(args, "--clients", 64);
    int queries = option(args, "--queries", 10_000);
    boolean left;
    try (Engine engine = Engine.create(EngineOptions.defaults())) {
      SqlCatalog catalog = new SqlCatalog(engine);
      new SqlSession(engine, catalog)
          .execute("CREATE TABLE t AS SELECT range AS k, range * 3 AS v FROM range(" + ROWS + ")")
          .close();
      long table = engine.budget().usedBytes();
      try (Server server = Server.start(engine, catalog, ServerOptions.defaults().withPort(0))) {
        run("warm-up", server.address(), clients, queries / 5);
        run("measured", server.address(), clients, queries);
      }
      int running = engine.queries().running().size();
      long bytes = engine.budget().usedBytes() - table;
      long threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(t -> t.isAlive() && t.getName().startsWith("penstock-http"))
              .count();
      System.out.printf(
          Locale.ROOT,
          "left behind: %d queries, %d bytes, %d threads of the server%n",
          running,
          bytes,
          threads);
      left = running > 0 || bytes > 0 || threads > 0;
    }
    System.exit(left ? 1 : 0);
  }

  private static int option(String[] args, String name, int usual) {
    for (int i = 0; i + 1 < args.length; i++) {
      if (args[i].equals(name)) {
        return Integer.parseInt(args[i + 1]);
      }
    }
    return usual;
  }

  private static void run(String what, URI address, int clients, int queries) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    AtomicInteger next = new AtomicInteger();
    long[] nanos = new long[queries];
    long start = System.nanoTime();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        all.add(
            pool.submit(
                () -> {
                  HttpClient http =
                      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                  for (int i = next.getAndIncrement(); i < queries; i = next.getAndIncrement()) {
                    long begun = System.nanoTime();
                    ask(http, address, i % ROWS);
                    nanos[i] = System.nanoTime() - begun;
                  }
                  return null;
                }));
      }
      for (Future<?> f : all) {
        f.get();
      }
    } finally {
      pool.shutdownNow();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%s: %d queries of %d clients in %.2f s: %.0f a second; p50 %.1f ms, p99 %.1f ms, no error%n",
        what,
        queries,
        clients,
        seconds,
        queries / seconds,
        nanos[queries / 2] / 1e6,
        nanos[queries * 99 / 100] / 1e6);
  }

  private static void ask(HttpClient http, URI address, int key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/v1/queries?format=csv"))
            .header("Content-Type", "application/sql")
            .POST(HttpRequest.BodyPublishers.ofString("SELECT v FROM t WHERE k = " + key))
            .build();
    HttpResponse<String> r = http.send(request, HttpResponse.BodyHandlers.ofString());
    String expected = "v\n" + 3 * key + "\n";
    if (r.statusCode() != 200 || !r.body().equals(expected)) {
      throw new IllegalStateException(
          "key " + key + ": expected " + expected + ", got " + r.statusCode() + " " + r.body());
    }
  }
}
