package dev.penstock.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty refuses by itself, such as headers that are too long, in the one shape of all errors.
 */
final class PlainErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus() < 400 ? 500 : response.getStatus();
    String message = HttpStatus.getMessage(status);
    Problem problem =
        status >= 500
            ? new Problem(status, "FAULT", "http", message, 0, 0)
            : Problem.incorrect(status, "http", message);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(problem.body()), callback);
    return true;
  }
}
