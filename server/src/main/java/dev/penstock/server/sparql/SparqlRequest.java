package dev.penstock.server.sparql;

import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.server.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request of the SPARQL 1.1 protocol asks for.
 *
 * @param query its text; null: none, which asks for the description of the service
 * @param defaultGraphs of {@code default-graph-uri}
 * @param namedGraphs of {@code named-graph-uri}
 * @param timeout null: the server's
 * @param format instead of Accept
 */
public record SparqlRequest(
    @Nullable String query,
    List<String> defaultGraphs,
    List<String> namedGraphs,
    @Nullable Duration timeout,
    @Nullable String format) {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String QUERY = "application/sparql-query";
  private static final String UPDATE = "application/sparql-update";

  /** Longer times mean nothing. */
  private static final double MOST_SECONDS = 1e9;

  /** Does it say itself which graphs it is asked of? */
  public boolean hasDataset() {
    return !defaultGraphs.isEmpty() || !namedGraphs.isEmpty();
  }

  /** For the registry of queries. */
  public QueryOptions options() {
    return QueryOptions.defaults().withText(query).withTimeout(timeout);
  }

  /**
   * @param parameters the query part of the address, as it came
   */
  public static SparqlRequest ofGet(@Nullable String parameters) {
    return of(parameters(parameters), null);
  }

  /**
   * @param contentType the header: a form, or the query itself
   */
  public static SparqlRequest ofPost(
      @Nullable String contentType, @Nullable String parameters, byte[] body) {
    String[] words = contentType == null ? new String[] {""} : contentType.split(";", 8);
    for (int i = 1; i < words.length; i++) {
      String word = words[i].strip().toLowerCase(Locale.ROOT);
      if (word.startsWith("charset=") && !word.matches("charset=\"?utf-?8\"?")) {
        throw Refusal.of(415, "content-type", "Content-Type: expected charset=utf-8, got " + word);
      }
    }
    List<FormText.Entry> all = parameters(parameters);
    switch (words[0].strip().toLowerCase(Locale.ROOT)) {
      case FORM -> {
        List<FormText.Entry> form = new ArrayList<>(all);
        form.addAll(FormText.entries(body));
        SparqlRequest request = of(form, null);
        if (request.query == null) {
          throw Refusal.of(400, "sparql-query", "expected a parameter 'query', got none");
        }
        return request;
      }
      case QUERY -> {
        return of(all, FormText.utf8(body, "the query"));
      }
      case UPDATE -> throw update();
      default ->
          throw Refusal.of(
              415,
              "content-type",
              "Content-Type: expected "
                  + FORM
                  + " or "
                  + QUERY
                  + ", got "
                  + (words[0].isBlank() ? "none" : "'" + words[0].strip() + "'"));
    }
  }

  private static List<FormText.Entry> parameters(@Nullable String given) {
    return given == null ? List.of() : FormText.entries(given.getBytes(StandardCharsets.UTF_8));
  }

  private static Refusal update() {
    return Refusal.of(
        403,
        "sparql-update",
        "updates are refused here: triples are loaded when the server starts");
  }

  private static SparqlRequest of(List<FormText.Entry> entries, @Nullable String direct) {
    String query = direct;
    List<String> defaults = new ArrayList<>();
    List<String> named = new ArrayList<>();
    Duration timeout = null;
    String format = null;
    for (FormText.Entry e : entries) {
      switch (e.name()) {
        case "query" -> {
          if (query != null) {
            throw Refusal.of(400, "sparql-query", "expected one query, got several");
          }
          query = e.value();
        }
        case "update" -> throw update();
        case "default-graph-uri" -> defaults.add(e.value());
        case "named-graph-uri" -> named.add(e.value());
        case "timeout" -> timeout = seconds(e.value());
        case "format" -> format = e.value();
        default -> {
          if (e.name().startsWith("$")) {
            throw Refusal.of(
                400, "parameter", "values of variables (" + e.name() + ") are not taken here");
          }
        }
      }
    }
    return new SparqlRequest(query, List.copyOf(defaults), List.copyOf(named), timeout, format);
  }

  /** 0 is no timeout, as clients send it. */
  private static @Nullable Duration seconds(String text) {
    double seconds;
    try {
      seconds = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      seconds = -1;
    }
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw Refusal.of(
          400, "parameter", "timeout: expected a number of seconds up to 1e9, got '" + text + "'");
    }
    return seconds == 0 ? null : Duration.ofNanos(Math.max(1, Math.round(seconds * 1e9)));
  }
}
