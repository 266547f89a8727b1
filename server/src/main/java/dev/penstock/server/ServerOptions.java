package dev.penstock.server;

import dev.penstock.server.access.Origins;
import dev.penstock.server.access.Tls;
import dev.penstock.server.access.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a server is set up.
 *
 * @param host the address to bind to; without tokens only one of this machine's loopback
 * @param port 0: any that is free
 * @param tokens whose bearers may ask; null: whoever can reach the server may do everything
 * @param limits for each client
 * @param grace so long queries may run on when the server is stopped
 * @param audit a file that lines of the audit log are added to; null: none
 * @param tls null: connections are not encrypted
 * @param origins whose pages may ask the SPARQL endpoint
 */
public record ServerOptions(
    String host,
    int port,
    @Nullable Tokens tokens,
    ServerLimits limits,
    Duration grace,
    @Nullable Path audit,
    @Nullable Tls tls,
    Origins origins) {

  /** The loopback address, port 8642, no tokens, ten seconds of grace. */
  public static ServerOptions defaults() {
    return new ServerOptions(
        "127.0.0.1",
        8642,
        null,
        ServerLimits.defaults(),
        Duration.ofSeconds(10),
        null,
        null,
        Origins.NONE);
  }

  public ServerOptions withHost(String address) {
    return new ServerOptions(address, port, tokens, limits, grace, audit, tls, origins);
  }

  public ServerOptions withPort(int number) {
    return new ServerOptions(host, number, tokens, limits, grace, audit, tls, origins);
  }

  public ServerOptions withTokens(@Nullable Tokens known) {
    return new ServerOptions(host, port, known, limits, grace, audit, tls, origins);
  }

  public ServerOptions withLimits(ServerLimits all) {
    return new ServerOptions(host, port, tokens, all, grace, audit, tls, origins);
  }

  public ServerOptions withGrace(Duration longest) {
    return new ServerOptions(host, port, tokens, limits, longest, audit, tls, origins);
  }

  public ServerOptions withAudit(@Nullable Path file) {
    return new ServerOptions(host, port, tokens, limits, grace, file, tls, origins);
  }

  public ServerOptions withTls(@Nullable Tls certificate) {
    return new ServerOptions(host, port, tokens, limits, grace, audit, certificate, origins);
  }

  public ServerOptions withOrigins(Origins sites) {
    return new ServerOptions(host, port, tokens, limits, grace, audit, tls, sites);
  }
}
