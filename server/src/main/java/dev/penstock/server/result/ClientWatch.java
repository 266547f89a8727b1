package dev.penstock.server.result;

import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken.Reason;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stops a query when the client that waits for it goes away, also before there is a row that could
 * not be written. Jetty does not read while a request is answered, so this does: the end of what
 * the client sends is the client's end. A byte of its next request, if that comes early, is handed
 * to the connection when this is closed; until then nothing more is read.
 *
 * <p>Concurrency: {@code query}, {@code early} and {@code closed} change under the monitor, and the
 * connection is read under it; once {@code closed}, a thread of Jetty that was told of bytes leaves
 * them to the connection.
 */
public final class ClientWatch implements AutoCloseable {
  private final Connection connection;
  private @Nullable Query query;
  private @Nullable ByteBuffer early;
  private boolean closed;

  public ClientWatch(ServletRequest request) {
    this.connection =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getConnection();
  }

  /** From now on, until this is closed; once. The whole body of the request has been read. */
  public synchronized void over(Query of) {
    query = of;
    listen();
  }

  private void listen() {
    if (connection.getEndPoint() instanceof AbstractEndPoint from) {
      from.tryFillInterested(
          new Callback() {
            @Override
            public void succeeded() {
              if (isEnd()) {
                stop();
              }
            }

            @Override
            public void failed(Throwable why) {
              if (isBroken(why)) {
                stop();
              }
            }
          });
    }
  }

  private synchronized boolean isEnd() {
    if (closed) {
      return false;
    }
    ByteBuffer one = BufferUtil.allocate(1);
    try {
      int count = connection.getEndPoint().fill(one);
      if (count > 0) {
        early = one;
      } else if (count == 0) {
        listen();
      }
      return count < 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** A connection may be idle while its query runs. */
  private synchronized boolean isBroken(Throwable why) {
    if (!closed && why instanceof TimeoutException) {
      listen();
      return false;
    }
    return !closed;
  }

  private void stop() {
    Query of;
    synchronized (this) {
      of = query;
    }
    if (of != null) {
      of.cancel(Reason.CLIENT_GONE, "the client went away before the end of the result");
    }
  }

  /** The response is complete, or cut. By the thread that answers. */
  @Override
  public void close() {
    ByteBuffer read;
    synchronized (this) {
      closed = true;
      read = early;
    }
    if (query != null && connection.getEndPoint() instanceof AbstractEndPoint from) {
      from.getFillInterest().onFail(new CancellationException("answered"));
    }
    if (read != null && connection instanceof Connection.UpgradeTo next) {
      next.onUpgradeTo(read);
    }
  }
}
