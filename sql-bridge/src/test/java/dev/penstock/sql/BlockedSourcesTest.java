package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.BatchSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries over sources that block are stopped as the contract of a source says. */
@Timeout(60)
final class BlockedSourcesTest {
  private static final Schema SCHEMA = new Schema(List.of(new Field("n", DataType.INT64, false)));

  /** Ends within a second of the request, and leaves nothing. */
  private static void assertStops(Source source, CountDownLatch blocked) throws Exception {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      engine.catalog().add("t", source);
      SqlSession sql = new SqlSession(engine);
      try (Result result = sql.execute("SELECT sum(n) FROM t")) {
        assertTrue(blocked.await(30, TimeUnit.SECONDS));
        long request = System.nanoTime();
        result.query().cancel(Reason.PERSON, "cancelled by ann");
        PenstockException e = assertThrows(PenstockException.class, result::next);
        assertEquals("cancelled by ann", e.getMessage());
        result.close();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request);
        assertEquals(QueryState.CANCELLED, result.query().state());
        assertTrue(millis < 1000, millis + " ms");
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  /** A statement that works for ever while its first row is asked for. */
  @Test
  void aJdbcStatementIsCancelledByTheScansClose() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      Source source =
          new Blocking() {
            @Override
            void block() {
              asked.countDown();
              try {
                statement.executeQuery(
                    "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b");
              } catch (SQLException e) {
                throw new PenstockException(
                    PenstockException.Category.IO, "jdbc", String.valueOf(e.getMessage()), e);
              } finally {
                ended.countDown();
              }
            }

            @Override
            void unblock() {
              try {
                statement.cancel();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          };
      assertStops(source, asked);
      assertTrue(ended.await(30, TimeUnit.SECONDS), "the statement goes on");
    }
  }

  /** It has no scan yet that could be closed: the token of its query is what it hears. */
  @Test
  void aRequestToAServerThatNeverAnswersIsCancelledByTheToken() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CountDownLatch asked = new CountDownLatch(1);
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://"
                          + server.getInetAddress().getHostAddress()
                          + ":"
                          + server.getLocalPort()))
              .build();
      Source source =
          new Blocking() {
            @Override
            public Scan open(Request wanted, QueryContext query) {
              CompletableFuture<HttpResponse<String>> answer =
                  client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
              query.token().onCancel(() -> answer.cancel(true));
              asked.countDown();
              try {
                answer.join();
              } catch (CompletionException | java.util.concurrent.CancellationException e) {
                throw new PenstockException(
                    PenstockException.Category.IO, "http", "the server did not answer", e);
              }
              return super.open(wanted, query);
            }
          };
      assertStops(source, asked);
    }
  }

  /** No rows; the first is waited for. */
  private abstract static class Blocking implements Source {
    private final Source rows = BatchSource.ofRows(SCHEMA, List.of());

    void block() {}

    void unblock() {}

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      Scan scan = rows.open(request, query);
      return new Scan() {
        @Override
        public @Nullable Morsel next() {
          block();
          return scan.next();
        }

        @Override
        public Decoder decoder() {
          return scan.decoder();
        }

        @Override
        public void close() {
          unblock();
          scan.close();
        }
      };
    }
  }
}
