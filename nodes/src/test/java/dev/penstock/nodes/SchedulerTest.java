package dev.penstock.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which one worker takes the tasks of several queries. */
@Timeout(60)
class SchedulerTest {
  /** Who had a turn, a letter a turn: all tasks are there before the worker looks. */
  private static String turns(Priority[] priorities, int tasks) throws Exception {
    StringBuilder turns = new StringBuilder(); // used by the one worker alone
    CountDownLatch ready = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(priorities.length * tasks);
    try (Scheduler scheduler = new Scheduler(1)) {
      scheduler
          .newShare()
          .execute(
              () -> {
                busy.countDown();
                try {
                  ready.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      busy.await();
      for (int q = 0; q < priorities.length; q++) {
        Scheduler.Share share = scheduler.newShare();
        share.prioritize(priorities[q]);
        char name = (char) ('a' + q);
        for (int i = 0; i < tasks; i++) {
          share.execute(
              () -> {
                turns.append(name);
                done.countDown();
              });
        }
      }
      ready.countDown();
      assertTrue(done.await(30, TimeUnit.SECONDS));
    }
    return turns.toString();
  }

  @Test
  void queriesTakeTurns() throws Exception {
    assertEquals(
        "abcabcabc", turns(new Priority[] {Priority.NORMAL, Priority.NORMAL, Priority.NORMAL}, 3));
  }

  @Test
  void aHighOneHasFourTurnsInARow() throws Exception {
    assertEquals("aaaabaaaabbbbbbb", turns(new Priority[] {Priority.HIGH, Priority.NORMAL}, 8));
  }

  @Test
  void aLowOneHasOneOfFour() throws Exception {
    assertEquals("bbabbbabbbaaaaaa", turns(new Priority[] {Priority.LOW, Priority.NORMAL}, 8));
  }

  @Test
  void lowOnesAloneTakeTurns() throws Exception {
    assertEquals("aaaa", turns(new Priority[] {Priority.LOW}, 4));
    String two = turns(new Priority[] {Priority.LOW, Priority.LOW}, 4);
    assertEquals("abababab", two);
  }

  @Test
  void nobodyStarves() throws Exception {
    String turns = turns(new Priority[] {Priority.HIGH, Priority.LOW, Priority.NORMAL}, 40);
    String first = turns.substring(0, 40);
    assertTrue(first.indexOf('b') >= 0 && first.indexOf('c') >= 0, turns);
    assertEquals(120, turns.length());
  }
}
