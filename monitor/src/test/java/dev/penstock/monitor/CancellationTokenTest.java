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

  @Test
  void anotherTokenFollows() {
    CancellationToken follower = new CancellationToken();
    Runnable forget = follower.follow(token);
    assertFalse(follower.isCancelled());
    assertTrue(token.cancel(Reason.PERSON, "Ctrl-C"));
    assertEquals(Reason.PERSON, follower.reason());
    assertSame(token.cause(), follower.cause());
    forget.run();
    CancellationToken late = new CancellationToken();
    late.follow(token);
    assertSame(token.cause(), late.cause());
  }

  @Test
  void whoForgetsDoesNotFollow() {
    CancellationToken follower = new CancellationToken();
    follower.follow(token).run();
    token.cancel(Reason.SHUTDOWN, "the end");
    assertFalse(follower.isCancelled());
    assertEquals("shutdown", java.util.Objects.requireNonNull(token.cause()).code());
  }

  @Test
  void aFollowerEndsAlone() {
    CancellationToken follower = new CancellationToken();
    follower.follow(token);
    follower.cancel(Reason.CALLER, "enough");
    assertFalse(token.isCancelled());
    token.cancel(Reason.PERSON, "Ctrl-C");
    assertEquals(Reason.CALLER, follower.reason());
  }

  @Test
  void aThreadWorksForOneToken() {
    assertNull(CancellationToken.current());
    CancellationToken.work(token);
    assertSame(token, CancellationToken.current());
    CancellationToken.checkCurrent();
    token.cancel(Reason.PERSON, "enough");
    assertEquals(
        "enough",
        assertThrows(PenstockException.class, CancellationToken::checkCurrent).getMessage());
    CancellationToken.work(null);
    assertNull(CancellationToken.current());
    CancellationToken.checkCurrent();
  }
}
