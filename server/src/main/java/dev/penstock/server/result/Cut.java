package dev.penstock.server.result;

import dev.penstock.monitor.CancellationToken;
import jakarta.servlet.ServletRequest;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the connection of a response that cannot be completed.
 *
 * <p>Concurrency: {@code closed} and {@code pending} change under the monitor; the endpoint may be
 * closed by any thread, also while another one writes to it.
 */
public final class Cut implements AutoCloseable {
  /** So long a client may go on reading when the query has been stopped. */
  private static final long MOMENT_MILLIS = 200;

  private final EndPoint endPoint;
  private final ScheduledExecutorService timer;
  private final Runnable listener = this::soon;
  private @Nullable CancellationToken token;
  private @Nullable ScheduledFuture<?> pending;
  private boolean closed;

  public Cut(ServletRequest request, ScheduledExecutorService timer) {
    this.endPoint =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    this.timer = timer;
  }

  /** From now on, until this is closed: a moment after the token was cancelled. */
  public void when(CancellationToken of) {
    token = of;
    of.onCancel(listener);
  }

  private synchronized void soon() {
    if (!closed && pending == null) {
      pending = timer.schedule((Runnable) endPoint::close, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Closes it. */
  public void now() {
    endPoint.close();
  }

  /** The response is complete, or cut. */
  @Override
  public void close() {
    CancellationToken t = token;
    if (t != null) {
      t.removeListener(listener);
    }
    synchronized (this) {
      closed = true;
      if (pending != null) {
        pending.cancel(false);
      }
    }
  }
}
