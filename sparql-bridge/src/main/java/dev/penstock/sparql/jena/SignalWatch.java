package dev.penstock.sparql.jena;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at a flag now and then: Jena says by one that a query is to stop, and tells nobody.
 *
 * <p>Concurrency: one thread for all, which ends when there is nothing to look at.
 */
final class SignalWatch implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 20;

  private static final ScheduledThreadPoolExecutor LOOKING = looking();

  private final ScheduledFuture<?> look;

  SignalWatch(AtomicBoolean signal, Runnable then) {
    this.look =
        LOOKING.scheduleWithFixedDelay(
            () -> {
              if (signal.get()) {
                then.run();
              }
            },
            INTERVAL_MILLIS,
            INTERVAL_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private static ScheduledThreadPoolExecutor looking() {
    ScheduledThreadPoolExecutor made =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "penstock-jena-signals");
              t.setDaemon(true);
              return t;
            });
    made.setRemoveOnCancelPolicy(true);
    made.setKeepAliveTime(10, TimeUnit.SECONDS);
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  @Override
  public void close() {
    look.cancel(false);
  }
}
