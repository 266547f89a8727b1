package dev.penstock.server;

import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Requests that came and whose responses are not complete, to the last byte.
 *
 * <p>Concurrency: {@code count} changes under the monitor.
 */
final class InFlight {
  private int count;

  /** A request came. */
  void add(ServletRequest request) {
    synchronized (this) {
      count++;
    }
    Request.addCompletionListener(
        ServletContextRequest.getServletContextRequest(request), failure -> completed());
  }

  private synchronized void completed() {
    count--;
    notifyAll();
  }

  synchronized int count() {
    return count;
  }

  /** Waits until there are none; returns whether that came to be. */
  synchronized boolean await(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      while (count > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
