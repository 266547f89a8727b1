package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The laws of pipes (README.md of this module) as tests. An implementation extends this, opens its
 * pipes and makes its items; it passes when all tests do.
 *
 * <pre>{@code
 * final class MyPipeTest extends PipeLaws<Batch> {
 *   @Override
 *   public PipeEnds<Batch> open(int capacityItems) {
 *     return PipeEnds.of(new MyPipe(capacityItems * weight()));
 *   }
 *   ...
 * }
 * }</pre>
 *
 * @param <T> the items: numbered, and all of the same weight
 */
public abstract class PipeLaws<T>
    implements ItemLaws<T>, EndLaws<T>, CallbackLaws<T>, CreditLaws<T>, ThreadLaws<T> {
  /** More items than any test lets wait. */
  static final int ROOMY = 1000;

  static final long PATIENCE_SECONDS = 20;

  static <R extends @Nullable Object> R onAnotherThread(Callable<R> call) throws Exception {
    FutureTask<R> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "another");
    thread.start();
    return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(
          latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "waited " + PATIENCE_SECONDS + " s");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
