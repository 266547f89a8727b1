package dev.penstock.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.CancellationToken.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CancellationTokenTest {
  private final CancellationToken token = new CancellationToken();

  @Test
  void goesOnUntilItIsCancelled() {
    token.check();
    assertFalse(token.isCancelled());
    assertNull(token.cause());
    assertNull(token.reason());
  }

  @Test
  void theFirstCauseWins() {
    assertTrue(token.cancel(Reason.DEADLINE, "too late"));
    assertFalse(token.cancel(Reason.PERSON, "Ctrl-C"));
    assertEquals(Reason.DEADLINE, token.reason());
    PenstockException thrown = assertThrows(PenstockException.class, token::check);
    assertEquals("too late", thrown.getMessage());
    assertEquals("timed-out", thrown.code());
    assertEquals(PenstockException.Category.CANCELLED, thrown.category());
  }

  @Test
  void laterFailuresAreSuppressedOntoTheFirst() {
    PenstockException first = PenstockException.incorrect("bad", "first");
    PenstockException second = PenstockException.incorrect("bad", "second");
    assertTrue(token.fail(first));
    assertFalse(token.fail(second));
    assertFalse(token.fail(first));
    assertSame(first, token.cause());
    assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
  }

  @Test
  void listenersRunOnce() {
    List<String> ran = new ArrayList<>();
    Runnable forgotten = () -> ran.add("forgotten");
    token.onCancel(() -> ran.add("before"));
    token.onCancel(forgotten);
    token.removeListener(forgotten);
    token.cancel(Reason.CALLER, "enough");
    token.cancel(Reason.CALLER, "enough");
    token.onCancel(() -> ran.add("after"));
    assertEquals(List.of("before", "after"), ran);
  }

  @Test
  void aListenerMayAskTheToken() {
    List<Object> seen = new ArrayList<>();
    token.onCancel(
        () -> {
          seen.add(token.isCancelled());
          seen.add(String.valueOf(token.reason()));
          token.onCancel(() -> seen.add("at once"));
        });
    token.cancel(Reason.SHUTDOWN, "closed");
    assertEquals(List.of(true, "SHUTDOWN", "at once"), seen);
  }
}
