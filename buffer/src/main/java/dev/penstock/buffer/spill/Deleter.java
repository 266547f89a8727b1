package dev.penstock.buffer.spill;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Deletes files one after another on a thread of its own, which ends when there is nothing to do.
 * What cannot be deleted goes with the directory.
 *
 * <p>Concurrency: {@code pending} is raised before a file is handed over and lowered once it is
 * gone.
 */
final class Deleter {
  private final AtomicInteger pending = new AtomicInteger();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          deletes -> {
            Thread made = new Thread(deletes, "penstock-delete");
            made.setDaemon(true);
            return made;
          });

  Deleter() {
    thread.allowCoreThreadTimeOut(true);
  }

  /** Deletes a file soon, then says so. */
  void later(BlockFile file, Runnable gone) {
    pending.incrementAndGet();
    thread.execute(
        () -> {
          try {
            file.close();
          } catch (IOException e) {
            System.getLogger("dev.penstock.buffer")
                .log(System.Logger.Level.WARNING, "cannot delete " + file.path(), e);
          } finally {
            gone.run();
            pending.decrementAndGet();
          }
        });
  }

  /** Waits until all files handed over so far are gone; false: there was none. */
  boolean await() {
    if (pending.get() == 0) {
      return false;
    }
    CountDownLatch all = new CountDownLatch(1);
    thread.execute(all::countDown);
    try {
      all.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
