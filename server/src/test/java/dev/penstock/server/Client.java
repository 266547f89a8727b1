package dev.penstock.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Requests to a server under test. */
final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;
  private final String token;

  Client(URI address) {
    this(address, "");
  }

  Client(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder b = HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    return token.isEmpty() ? b : b.header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  HttpResponse<String> patch(String path, String json) {
    return send(
        request(path)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
            .header("Content-Type", "application/json"));
  }

  HttpRequest.Builder post(String json) {
    return request("/v1/queries")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .header("Content-Type", "application/json");
  }

  /** Submits JSON and waits for the rows. */
  HttpResponse<String> query(String json) {
    return send(post(json));
  }

  /** Submits SQL as it is. */
  HttpResponse<String> sql(String sql, String accept) {
    return send(
        request("/v1/queries")
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .header("Content-Type", "application/sql")
            .header("Accept", accept));
  }

  /** A GET whose body is taken by the handler. */
  <T> HttpResponse<T> open(String path, HttpResponse.BodyHandler<T> handler) throws Exception {
    return http.send(request(path).build(), handler);
  }

  HttpResponse<Path> file(String sql, String accept, Path file) {
    return as(sql, accept, HttpResponse.BodyHandlers.ofFile(file));
  }

  HttpResponse<byte[]> bytes(String sql, String accept) {
    return as(sql, accept, HttpResponse.BodyHandlers.ofByteArray());
  }

  private <T> HttpResponse<T> as(String sql, String accept, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(
          request("/v1/queries")
              .POST(HttpRequest.BodyPublishers.ofString(sql))
              .header("Content-Type", "application/sql")
              .header("Accept", accept)
              .build(),
          handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  CompletableFuture<HttpResponse<String>> later(String json) {
    return http.sendAsync(post(json).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Submits without waiting for rows; the id of the query. */
  long submit(String sql) {
    HttpResponse<String> r = query("{\"sql\": \"" + sql + "\", \"wait\": false}");
    if (r.statusCode() != 202) {
      throw new AssertionError(r.statusCode() + " " + r.body());
    }
    return json(r).get("id").asLong();
  }

  static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  /** The error of a response, as {@code status CATEGORY code line:column message}. */
  static String error(HttpResponse<String> response) {
    JsonNode e = json(response).get("error");
    if (e == null) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return response.statusCode()
        + " "
        + e.get("category").asText()
        + " "
        + e.get("code").asText()
        + (e.has("line") ? " " + e.get("line") + ":" + e.get("column") : "")
        + " "
        + e.get("message").asText();
  }
}
