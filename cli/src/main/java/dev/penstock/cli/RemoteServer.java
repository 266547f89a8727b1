package dev.penstock.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server of Penstock, as a client asks it. Blocking; each request has five seconds. */
final class RemoteServer {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI address;
  private final String token;

  /**
   * @param token empty: none is sent
   */
  RemoteServer(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  URI address() {
    return address;
  }

  /**
   * A query that runs.
   *
   * @param leftMillis until its deadline; null when it has none
   * @param share 0 to 1; negative when it is not known
   */
  record Running(
      long id,
      String owner,
      String state,
      String text,
      double elapsedMillis,
      @Nullable Long leftMillis,
      double share,
      long memoryBytes,
      long spilledBytes) {}

  /** What all queries share, and those that run. */
  record Look(
      long memoryBytes,
      long memoryCapBytes,
      long heapBytes,
      long heapMostBytes,
      long spilledBytes,
      List<Running> queries) {}

  Look look() {
    JsonNode engine = ask("GET", "v1/engine", null);
    List<Running> queries = new ArrayList<>();
    for (JsonNode q : ask("GET", "v1/queries?ended=0", null).get("running")) {
      JsonNode deadline = q.get("deadline");
      JsonNode share = q.at("/progress/share");
      queries.add(
          new Running(
              q.get("id").asLong(),
              q.get("owner").asText(),
              q.get("state").asText(),
              q.get("text").asText(),
              q.get("elapsedMillis").asDouble(),
              deadline.isNull()
                  ? null
                  : (Long)
                      (java.time.Instant.parse(deadline.asText()).toEpochMilli()
                          - System.currentTimeMillis()),
              share.isNull() ? -1 : share.asDouble(),
              q.get("memoryBytes").asLong(),
              q.get("spilledBytes").asLong()));
    }
    return new Look(
        engine.at("/memory/usedBytes").asLong(),
        engine.at("/memory/capBytes").asLong(),
        engine.at("/heap/usedBytes").asLong(),
        engine.at("/heap/maxBytes").asLong(),
        engine.at("/spill/heldBytes").asLong(),
        queries);
  }

  void cancel(long id) {
    ask("DELETE", "v1/queries/" + id, null);
  }

  /** Another deadline, so long from now. */
  void extend(long id, Duration longer) {
    ask("PATCH", "v1/queries/" + id, "{\"timeoutSeconds\": " + longer.toSeconds() + "}");
  }

  private JsonNode ask(String method, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(PATIENCE)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<String> got = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode answer = MAPPER.readTree(got.body());
      if (got.statusCode() >= 400) {
        throw refused(answer.at("/error/message").asText("status " + got.statusCode()));
      }
      return answer;
    } catch (JsonProcessingException e) {
      throw refused("it does not answer as a server of Penstock does");
    } catch (IOException e) {
      throw PenstockException.io(
          "server-unreachable",
          address
              + ": the server does not answer"
              + (e.getMessage() == null ? "" : ": " + e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PenstockException(
          PenstockException.Category.CANCELLED,
          "cancelled",
          "interrupted while waiting for a server");
    }
  }

  private PenstockException refused(String message) {
    return PenstockException.incorrect("server-refused", address + ": " + message);
  }
}
