package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final PenstockException FULL = PenstockException.limit("memory-cap", "full");

  @Test
  void aRefusedQueryWaitsForOneThatEnds() throws Exception {
    Admission admission = new Admission(60_000);
    assertEquals("first", admission.enter(() -> "first"));
    CountDownLatch refused = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(
            () ->
                admission.enter(
                    () -> {
                      if (tries.incrementAndGet() == 1) {
                        refused.countDown();
                        throw FULL;
                      }
                      return "second";
                    }));
    assertTrue(refused.await(30, TimeUnit.SECONDS));
    admission.ended();
    assertEquals("second", second.get(30, TimeUnit.SECONDS));
    assertEquals(2, tries.get());
    assertEquals(0, admission.waiting());
  }

  @Test
  void aloneNobodyWaits() {
    Admission admission = new Admission(60_000);
    assertEquals(
        "full",
        assertThrows(
                PenstockException.class,
                () ->
                    admission.enter(
                        () -> {
                          throw FULL;
                        }))
            .getMessage());
    assertEquals("next", admission.enter(() -> "next"));
  }

  @Test
  void theWaitEnds() {
    Admission admission = new Admission(20);
    admission.enter(() -> "first");
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () ->
                admission.enter(
                    () -> {
                      throw FULL;
                    }));
    assertEquals("waited 0 s for memory that other queries hold: full", e.getMessage());
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
