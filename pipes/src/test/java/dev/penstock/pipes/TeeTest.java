package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TeeTest extends PipeLaws<Integer> {
  /** A tee whose other branch has been stopped. */
  @Override
  public PipeEnds<Integer> open(int capacityItems) {
    Pipe<Integer> gone = QueuePipe.ofItems("gone", 1);
    gone.stop();
    Pipe<Integer> branch = QueuePipe.ofItems("branch", capacityItems);
    return new PipeEnds<>(Tee.of(List.of(gone, branch)), branch);
  }

  @Override
  public Integer item(int number) {
    return number;
  }

  @Override
  public int number(Integer item) {
    return item;
  }

  @Override
  public long weight() {
    return 1;
  }

  private final Pipe<Integer> a = QueuePipe.ofItems("a", 4);
  private final Pipe<Integer> b = QueuePipe.ofItems("b", 8);
  private final Tee<Integer> tee = Tee.of(List.of(a, b));

  @Test
  void law27_eachItemToEachBranch() {
    tee.enqueue(1);
    tee.enqueueAll(List.of(2, 3));
    assertEquals(List.of(1, 2, 3), drain(a));
    assertEquals(List.of(1, 2, 3), drain(b));
  }

  @Test
  void law27_aStoppedBranchIsLeftOut() {
    tee.enqueue(1);
    a.stop();
    tee.enqueue(2);
    assertFalse(tee.isStopped());
    assertEquals(List.of(1, 2), drain(b));
    b.stop();
    assertTrue(tee.isStopped());
    tee.enqueue(3);
    tee.close();
    tee.enqueue(4);
  }

  @Test
  void law27_aFailedBranchIsLeftOut() {
    b.addCallback(
        () -> {
          if (!b.isDone()) {
            throw new IllegalArgumentException("b cannot");
          }
        });
    tee.enqueue(1);
    tee.enqueue(2);
    assertEquals(List.of(1, 2), drain(a));
    assertTrue(b.isError());
    assertFalse(tee.isStopped());
    assertEquals(4, tee.credit());
  }

  @Test
  void law27_noBranchIsNoTee() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Tee.of(List.of()));
    assertEquals("tee: expected at least one branch, got none", e.getMessage());
  }

  @Test
  void law28_creditIsTheLeast() {
    assertEquals(4, tee.credit());
    for (int i = 0; i < 4; i++) {
      tee.enqueue(i);
    }
    drain(a);
    drain(b);
    assertEquals(4, tee.credit());
    for (int i = 0; i < 3; i++) {
      b.enqueue(i);
    }
    b.enqueue(3);
    b.enqueue(4);
    assertEquals(3, tee.credit());
    a.stop();
    assertEquals(3, tee.credit());
    b.stop();
    assertEquals(Long.MAX_VALUE, tee.credit());
  }

  @Test
  void law28_theSlowestBranchBringsTheCreditBack() {
    Told told = new Told();
    Subscription subscription = tee.addCreditCallback(told);
    for (int i = 0; i < 8; i++) {
      tee.enqueue(i);
    }
    drain(b);
    assertEquals(0, told.times(), "a is still full");
    drain(a);
    assertEquals(1, told.times());
    for (int i = 0; i < 8; i++) {
      tee.enqueue(i);
    }
    drain(b);
    a.stop();
    assertEquals(2, told.times(), "the full branch is left out");
    subscription.cancel();
    b.stop();
    assertEquals(2, told.times());
  }

  @Test
  void law29_closeReachesEveryBranch() {
    tee.enqueue(1);
    tee.close();
    tee.close();
    assertTrue(tee.isClosed() && a.isClosed() && b.isClosed());
    Exception e = assertThrows(IllegalStateException.class, () -> tee.enqueue(2));
    assertEquals(
        "tee of 2 branches: expected no item after close(), got a java.lang.Integer; close a tee only"
            + " when its last producer has finished",
        e.getMessage());
    assertEquals(List.of(1), drain(a));
    assertEquals(List.of(1), drain(b));
  }

  @Test
  void law29_aCloseWithinAnEnqueueWaitsForIt() {
    a.addCallback(tee::close);
    tee.enqueue(1);
    assertEquals(List.of(1), drain(a));
    assertEquals(List.of(1), drain(b));
    assertTrue(a.isDone() && b.isDone());
  }

  @Test
  void law29_errorReachesEveryBranch() {
    Exception cause = new Exception("disk");
    tee.enqueue(1);
    tee.error(cause);
    assertSame(cause, a.error());
    assertSame(cause, b.error());
    assertTrue(tee.isStopped());
  }
}
