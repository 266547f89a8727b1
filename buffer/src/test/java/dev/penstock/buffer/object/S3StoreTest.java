package dev.penstock.buffer.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class S3StoreTest {
  private static S3Server server;
  private final CancellationToken token = new CancellationToken();

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static byte[] array(int n) {
    byte[] out = new byte[n];
    new Random(n).nextBytes(out);
    return out;
  }

  private static ByteBuffer bytes(int n) {
    return ByteBuffer.wrap(array(n));
  }

  @Test
  void putGetListDelete() {
    S3Store store = server.store();
    byte[] large = array(3_000_000);
    store.put("one/a b+c&d=é", ByteBuffer.wrap(large), token);
    store.put("one/2", bytes(0), token);
    store.put("two/3", bytes(8), token);
    assertArrayEquals(large, store.get("one/a b+c&d=é", token));
    assertEquals(0, store.get("one/2", token).length);
    assertEquals(List.of("one/2", "one/a b+c&d=é"), store.list("one/"));
    store.delete(List.of("one/2", "one/a b+c&d=é", "not there"));
    assertEquals(List.of("two/3"), store.list(""));
    store.delete(List.of("two/3"));
    assertEquals(0, server.count());
  }

  @Test
  void moreKeysThanOneAnswerHas() {
    S3Store store = server.store();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 1105; i++) {
      String key = "many/" + (10_000 + i);
      keys.add(key);
      store.put(key, bytes(1), token);
    }
    assertEquals(keys, store.list("many/"));
    store.delete(keys);
    assertEquals(List.of(), store.list("many/"));
  }

  @Test
  void whatIsRefusedIsNotTriedAgain() {
    PenstockException e =
        assertThrows(PenstockException.class, () -> server.store().get("none", token));
    assertEquals(PenstockException.Category.IO, e.category());
    assertEquals("store-refused", e.code());
    assertEquals(
        "GET s3://spill/a prefix/none: the store says NoSuchKey; see the bucket, the credentials and"
            + " their rights",
        e.getMessage());
    S3Store wrong = new S3Store(server.address("wrong"));
    e = assertThrows(PenstockException.class, () -> wrong.put("x", bytes(3), token));
    assertTrue(e.getMessage().contains("the store says SignatureDoesNotMatch"), e.getMessage());
    assertFalse(wrong.where("x").contains("wrong"));
  }

  @Test
  void aStoreThatIsAwayForAWhile() throws Exception {
    try (S3Server other = new S3Server()) {
      S3Store store = other.store();
      store.put("before", bytes(10), token);
      other.stop();
      CompletableFuture<Void> put =
          CompletableFuture.runAsync(() -> store.put("after", bytes(20), token));
      assertThrows(
          PenstockException.class,
          () -> new S3Store(other.address("hidden"), 2).get("before", token));
      other.start();
      put.get(30, TimeUnit.SECONDS);
      assertArrayEquals(array(20), store.get("after", token));
      assertArrayEquals(array(10), store.get("before", token));
    }
  }

  private static HttpServer answering(int... statuses) throws IOException {
    AtomicInteger next = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          int status = statuses[Math.min(next.getAndIncrement(), statuses.length - 1)];
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static S3Address at(HttpServer server) {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new S3Address(endpoint, "us-east-1", "b", "", "i", "s", "session");
  }

  @Test
  void busyAnswersAreTriedAgain() throws IOException {
    HttpServer busy = answering(503, 500, 429, 200);
    try {
      new S3Store(at(busy), 4).put("x", bytes(5), token);
    } finally {
      busy.stop(0);
    }
  }

  @Test
  void theMessageAfterAllAttempts() throws IOException {
    HttpServer busy = answering(503);
    try {
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> new S3Store(at(busy), 3).put("x", bytes(5), token));
      assertEquals(PenstockException.Category.IO, e.category());
      assertEquals(
          "PUT s3://b/x failed 3 times, at last with HTTP 503; see that the store can be reached",
          e.getMessage());
    } finally {
      busy.stop(0);
    }
  }

  @Test
  void aCancelledCallEndsAtOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    HttpServer silent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    silent.createContext(
        "/",
        exchange -> {
          asked.countDown();
          awaitQuietly(end);
          exchange.close();
        });
    silent.start();
    try {
      CompletableFuture<PenstockException> call =
          CompletableFuture.supplyAsync(
              () ->
                  assertThrows(
                      PenstockException.class, () -> new S3Store(at(silent), 3).get("x", token)));
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      token.cancel(CancellationToken.Reason.PERSON, "enough");
      assertSame(token.cause(), call.get(20, TimeUnit.SECONDS));
    } finally {
      end.countDown();
      silent.stop(0);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void addresses() {
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "i", "AWS_SECRET_ACCESS_KEY", "s", "AWS_REGION", "eu-north-1");
    S3Address address = S3Address.of("s3://my-bucket/some/where/", environment);
    assertEquals("https://my-bucket.s3.eu-north-1.amazonaws.com", address.bucketUrl());
    assertEquals("s3://my-bucket/some/where/", address.toString());
    PenstockException e =
        assertThrows(PenstockException.class, () -> S3Address.of("s3://b", Map.of()));
    assertEquals(
        "s3://b needs credentials: set AWS_ACCESS_KEY_ID in the environment", e.getMessage());
    e = assertThrows(PenstockException.class, () -> S3Address.of("http://b/x", environment));
    assertEquals("'http://b/x' is no object store; expected s3://bucket/prefix", e.getMessage());
  }
}
