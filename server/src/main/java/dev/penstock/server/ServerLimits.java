package dev.penstock.server;

import java.time.Duration;

/**
 * What one client may take of a server.
 *
 * @param bodyBytes of a request
 * @param headerBytes of a request: its line with the address, and its headers
 * @param resultRows of one result; Long.MAX_VALUE: no bound
 * @param queries of clients that run, or wait to be fetched, at once
 * @param resultIdle so long a result may lie unread: then its query is cancelled
 * @param connectionIdle so long nothing may happen on a connection: between requests, or in the
 *     middle of one while the other side is to read or to write
 */
public record ServerLimits(
    int bodyBytes,
    int headerBytes,
    long resultRows,
    int queries,
    Duration resultIdle,
    Duration connectionIdle) {

  /** 4 MiB of body, 16 KiB of headers, 128 queries, a minute of idleness for connections. */
  public static ServerLimits defaults() {
    return new ServerLimits(
        4 << 20, 16 << 10, Long.MAX_VALUE, 128, Duration.ofMinutes(5), Duration.ofMinutes(1));
  }

  public ServerLimits withBodyBytes(int most) {
    return new ServerLimits(most, headerBytes, resultRows, queries, resultIdle, connectionIdle);
  }

  public ServerLimits withResultRows(long most) {
    return new ServerLimits(bodyBytes, headerBytes, most, queries, resultIdle, connectionIdle);
  }

  public ServerLimits withQueries(int most) {
    return new ServerLimits(bodyBytes, headerBytes, resultRows, most, resultIdle, connectionIdle);
  }

  public ServerLimits withResultIdle(Duration longest) {
    return new ServerLimits(bodyBytes, headerBytes, resultRows, queries, longest, connectionIdle);
  }

  public ServerLimits withConnectionIdle(Duration longest) {
    return new ServerLimits(bodyBytes, headerBytes, resultRows, queries, resultIdle, longest);
  }
}
