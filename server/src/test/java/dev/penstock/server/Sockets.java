package dev.penstock.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What no well-behaved client does. */
final class Sockets {
  private static final int PATIENCE_MILLIS = 20_000;

  private Sockets() {}

  static Socket open(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** A POST of SQL whose rows come in chunks. */
  static String post(String sql, String accept) {
    return "POST /v1/queries HTTP/1.1\r\nHost: localhost\r\nAccept: "
        + accept
        + "\r\nContent-Type: application/sql\r\nContent-Length: "
        + sql.length()
        + "\r\n\r\n"
        + sql;
  }

  /** Everything until the other side closes. */
  static String rest(Socket socket) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  static String exchange(int port, String request) {
    try (Socket socket = open(port)) {
      write(socket, request);
      return rest(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
