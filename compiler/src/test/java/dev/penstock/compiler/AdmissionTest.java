package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryLimits;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.PenstockException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final PenstockException FULL = PenstockException.limit("memory-cap", "full");

  private static final Duration LONG = Duration.ofMinutes(1);

  private static <T> T enter(Admission admission, Supplier<T> start, Duration wait) {
    return admission.enter(start, query(wait));
  }

  private static Query query(Duration wait) {
    return new Queries(QueryLimits.defaults())
        .begin(QueryOptions.defaults().withQueueTimeout(wait));
  }

  @Test
  void aRefusedQueryWaitsForOneThatEnds() throws Exception {
    Admission admission = new Admission(refused -> {});
    assertEquals("first", enter(admission, () -> "first", LONG));
    CountDownLatch refused = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(
            () ->
                enter(
                    admission,
                    () -> {
                      if (tries.incrementAndGet() == 1) {
                        refused.countDown();
                        throw FULL;
                      }
                      return "second";
                    },
                    LONG));
    assertTrue(refused.await(30, TimeUnit.SECONDS));
    admission.ended();
    assertEquals("second", second.get(30, TimeUnit.SECONDS));
    assertEquals(2, tries.get());
    assertEquals(0, admission.waiting());
  }

  @Test
  void aloneNobodyWaits() {
    Admission admission = new Admission(refused -> {});
    assertEquals(
        "full",
        assertThrows(
                PenstockException.class,
                () ->
                    enter(
                        admission,
                        () -> {
                          throw FULL;
                        },
                        LONG))
            .getMessage());
    assertEquals("next", enter(admission, () -> "next", LONG));
  }

  @Test
  void theWaitEnds() {
    Admission admission = new Admission(refused -> {});
    enter(admission, () -> "first", LONG);
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () ->
                enter(
                    admission,
                    () -> {
                      throw FULL;
                    },
                    Duration.ofMillis(20)));
    assertEquals("waited 0 s for memory that other queries hold: full", e.getMessage());
  }

  @Test
  void theTimeInTheQueueChangesWhileOneWaits() throws Exception {
    Admission admission = new Admission(refused -> {});
    enter(admission, () -> "first", LONG);
    Query query = query(LONG);
    CountDownLatch refused = new CountDownLatch(1);
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(
            () ->
                admission.enter(
                    () -> {
                      refused.countDown();
                      throw FULL;
                    },
                    query));
    assertTrue(refused.await(30, TimeUnit.SECONDS));
    query.setQueueTimeout(Duration.ofMillis(1));
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> second.get(30, TimeUnit.SECONDS));
    assertEquals("waited 0 s for memory that other queries hold: full", e.getCause().getMessage());
    assertEquals(0, admission.waiting());
  }

  @Test
  void aCapThatIsTooSmallSaysWhatIsNeeded() {
    String plan = "(series+ N 1 10)";
    long least;
    try (Engine engine = Engine.create()) {
      least = engine.leastMemoryBytes(engine.prepare(plan));
    }
    try (Engine engine = Engine.create(EngineOptions.defaults().withMemoryBytes(least / 2))) {
      PenstockException e = assertThrows(PenstockException.class, () -> engine.run(plan));
      assertEquals("memory-cap", e.code());
      assertTrue(
          e.getMessage().startsWith("the query needs at least " + least + " bytes of memory"),
          e.getMessage());
      assertEquals(0, engine.budget().usedBytes());
    }
    try (Engine engine = Engine.create(EngineOptions.defaults().withMemoryBytes(least));
        Result result = engine.run(plan)) {
      assertEquals(10, result.drain());
    }
  }

  @Test
  void queriesThatDoNotFitTogetherRunOneAfterTheOther() throws Exception {
    String plan = "(series+ N 1 1000000)";
    long least;
    try (Engine engine = Engine.create()) {
      least = engine.leastMemoryBytes(engine.prepare(plan));
    }
    try (Engine engine =
        Engine.create(EngineOptions.defaults().withMemoryBytes(least + least / 2))) {
      Result first = engine.run(plan);
      Batch batch = first.next();
      assertEquals(1L, java.util.Objects.requireNonNull(batch).row(0)[0]);
      CompletableFuture<Long> second =
          CompletableFuture.supplyAsync(
              () -> {
                try (Result result = engine.run(plan)) {
                  return result.drain();
                }
              });
      assertTrue(first.drain() > 0);
      first.close();
      assertEquals(1_000_000L, second.get(30, TimeUnit.SECONDS));
      assertEquals(0, engine.budget().usedBytes());
    }
  }
}
