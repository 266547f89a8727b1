package dev.penstock.compiler.queries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources that block outside of the engine's reach end as soon as their query is stopped. */
@Timeout(60)
class BlockingSourcesTest {
  private static final String ALL = "(table+ t)";

  /** Reads something that never comes. */
  private abstract static class Blocking implements Source, Source.Scan {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);

    /** Does not come back by itself. */
    abstract void read() throws Exception;

    /** Makes {@link #read} come back, perhaps by an exception. */
    abstract void unblock() throws Exception;

    @Override
    public Schema schema() {
      return new Schema(List.of(new Field("n", DataType.INT64, false)));
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      return this;
    }

    @Override
    public @Nullable Morsel next() {
      begun.countDown();
      try {
        read();
        return null;
      } catch (Exception e) {
        throw PenstockException.io("unreadable", "it was interrupted: " + e, e);
      } finally {
        ended.countDown();
      }
    }

    @Override
    public Decoder decoder() {
      return new Decoder() {
        @Override
        public void begin(Morsel morsel) {
          throw new AssertionError("there is nothing to decode");
        }

        @Override
        public @Nullable Batch next() {
          return null;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {
      try {
        while (begun.getCount() == 0 && ended.getCount() > 0) { // it may only be about to block
          unblock();
          ended.await(5, TimeUnit.MILLISECONDS);
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void isStopped(Blocking source) throws Exception {
    EngineOptions options = EngineOptions.defaults().withWorkers(2);
    try (Engine engine = Engine.create(options)) {
      engine.catalog().add("t", source);
      try (Result result = engine.run(ALL)) {
        assertTrue(source.begun.await(30, TimeUnit.SECONDS));
        TimeUnit.MILLISECONDS.sleep(100); // it is deep in what it waits for
        assertEquals(1, source.ended.getCount());
        result.query().cancel(Reason.PERSON, "cancelled by ann");
        PenstockException e = assertThrows(PenstockException.class, result::next);
        assertEquals("cancelled by ann", e.getMessage());
        assertTrue(source.ended.await(5, TimeUnit.SECONDS), "its thread is still in it");
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  private static void timesOut(Blocking source) {
    EngineOptions options = EngineOptions.defaults().withWorkers(2);
    try (Engine engine = Engine.create(options)) {
      engine.catalog().add("t", source);
      QueryOptions soon = QueryOptions.defaults().withTimeout(Duration.ofMillis(300));
      try (Result result = engine.run(ALL, soon)) {
        PenstockException e = assertThrows(PenstockException.class, result::next);
        assertEquals(Reason.DEADLINE, result.query().cause(), e::getMessage);
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  /** A server that takes the connection and says nothing. */
  private static final class Http extends Blocking {
    private final URI uri;
    private volatile @Nullable CompletableFuture<?> answer;

    Http(ServerSocket server) {
      this.uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/rows");
    }

    @Override
    void read() throws Exception {
      var future =
          HttpClient.newHttpClient()
              .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
      answer = future;
      future.get();
    }

    @Override
    void unblock() {
      CompletableFuture<?> future = answer;
      if (future != null) {
        future.cancel(true);
      }
    }
  }

  @Test
  void serversThatNeverAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      isStopped(new Http(silent));
      timesOut(new Http(silent));
    }
  }

  /** A statement of another database that would take for ever. */
  private static final class Jdbc extends Blocking {
    private final Statement statement;

    Jdbc(Connection connection) throws Exception {
      this.statement = connection.createStatement();
    }

    @Override
    void read() throws Exception {
      statement
          .executeQuery(
              "SELECT count(*) FROM range(1000000000) a, range(1000000000) b"
                  + " WHERE a.range * b.range % 7 = 8")
          .close();
    }

    @Override
    void unblock() throws Exception {
      statement.cancel();
    }
  }

  @Test
  void statementsOfADatabase() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      isStopped(new Jdbc(connection));
      timesOut(new Jdbc(connection));
    }
  }

  /** A named pipe: opening it waits for somebody who writes. */
  private static final class Fifo extends Blocking {
    private final Path path;

    Fifo(Path path) {
      this.path = path;
    }

    @Override
    void read() throws Exception {
      try (InputStream in = Files.newInputStream(path)) {
        assertEquals(-1, in.read());
      }
    }

    @Override
    void unblock() throws Exception {
      new RandomAccessFile(path.toFile(), "rw").close(); // a writer that comes and goes
    }
  }

  @Test
  void pipesThatNobodyWrites(@TempDir Path folder) throws Exception {
    Path fifo = folder.resolve("fifo");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/mkfifo"))
            || Files.isExecutable(Path.of("/bin/mkfifo")),
        "there is no mkfifo here");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    isStopped(new Fifo(fifo));
    timesOut(new Fifo(fifo));
  }
}
