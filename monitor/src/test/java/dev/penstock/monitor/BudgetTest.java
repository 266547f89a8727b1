package dev.penstock.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class BudgetTest {
  private final Budget engine = Budget.root("engine", 1000);
  private final Budget query = engine.child("query", 600);

  @Test
  void bytesOfAChildCountInEveryAncestor() {
    Budget node = query.child("node");
    node.reserve(100, "a table");
    assertEquals(100, node.usedBytes());
    assertEquals(100, query.usedBytes());
    assertEquals(100, engine.usedBytes());
    node.release(40);
    assertEquals(60, engine.usedBytes());
    assertEquals(100, engine.peakBytes());
  }

  @Test
  void aRequestThatDoesNotFitIsRefusedWhole() {
    Budget other = engine.child("other");
    other.reserve(900, "a table");
    assertFalse(query.tryReserve(101));
    assertEquals(0, query.usedBytes());
    assertEquals(900, engine.usedBytes());
    assertTrue(query.tryReserve(100));
    assertEquals(1000, engine.usedBytes());
  }

  @Test
  void theErrorNamesTheBudgetThatRefused() {
    query.reserve(500, "a table");
    PenstockException refused =
        assertThrows(PenstockException.class, () -> query.child("node").reserve(200, "sort"));
    assertEquals(PenstockException.Category.LIMIT, refused.category());
    assertEquals("memory-cap", refused.code());
    assertEquals(
        "sort needs 200 bytes more, but query holds 500 of at most 600 bytes; raise the memory cap"
            + " or make the query smaller",
        refused.getMessage());
  }

  @Test
  void aSumThatOverflowsIsRefused() {
    Budget endless = Budget.root("endless", Long.MAX_VALUE);
    assertTrue(endless.tryReserve(Long.MAX_VALUE));
    assertFalse(endless.tryReserve(1));
    assertEquals(Long.MAX_VALUE, endless.usedBytes());
  }

  @Test
  void closingGivesBackWhatIsHeld() {
    query.reserve(300, "a table");
    query.close();
    assertEquals(0, query.usedBytes());
    assertEquals(0, engine.usedBytes());
  }

  @Test
  void negativeBytesAreAMistakeOfTheCaller() {
    assertEquals(
        "bytes are not negative: -1",
        assertThrows(IllegalArgumentException.class, () -> query.tryReserve(-1)).getMessage());
    assertEquals(
        "a cap is not negative: -1",
        assertThrows(IllegalArgumentException.class, () -> Budget.root("r", -1)).getMessage());
  }

  @Test
  void whatIsTakenBeyondTheFloorDoesNotFillIt() {
    assertTrue(query.guarantee(100));
    assertTrue(query.tryReserveBeyond(50));
    query.reserve(80, "a table");
    query.release(80);
    assertEquals(150, engine.usedBytes(), "the floor stays");
    engine.reserve(850, "everything else");
    query.reserve(100, "a table");
    query.release(100);
    query.releaseBeyond(50);
    assertEquals(950, engine.usedBytes());
    assertFalse(query.tryReserveBeyond(51));
    query.close();
    assertEquals(850, engine.usedBytes());
  }

  /** Keeps all of what is left until somebody is refused. */
  private final class Hoarder {
    private final Budget node = engine.child("hoarder");

    void fill() {
      node.reserve(engine.availableBytes(), "arrays");
    }

    long giveUp() {
      long bytes = node.usedBytes();
      node.release(bytes);
      return bytes;
    }
  }

  @Test
  void whoKeepsSomethingSpareIsAskedBeforeAnybodyIsRefused() {
    Hoarder hoarder = new Hoarder();
    LongSupplier giveUp = hoarder::giveUp;
    engine.addSpare(giveUp);
    hoarder.fill();
    assertFalse(query.tryReserveBeyond(1), "more than the least is not worth it");
    assertTrue(query.tryReserve(100));
    hoarder.fill();
    query.reserve(100, "a table");
    hoarder.fill();
    assertTrue(query.prepare(100));
    hoarder.fill();
    assertTrue(query.guarantee(400));
    hoarder.fill();
    engine.removeSpare(giveUp);
    assertFalse(query.tryReserve(300));
    assertEquals(1000, engine.usedBytes());
  }

  @Test
  void threadsNeverHoldMoreThanTheCap() throws Exception {
    int threads = 4;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Boolean>> kept = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        kept.add(
            pool.submit(
                () -> {
                  boolean within = true;
                  start.await();
                  for (int i = 0; i < 20_000; i++) {
                    if (query.tryReserve(250)) {
                      within &= query.peakBytes() <= 600;
                      query.release(250);
                    }
                  }
                  return within;
                }));
      }
      for (Future<Boolean> each : kept) {
        assertTrue(each.get());
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(0, query.usedBytes());
    assertEquals(0, engine.usedBytes());
  }
}
