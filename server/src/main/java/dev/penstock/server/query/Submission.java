package dev.penstock.server.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.nodes.Priority;
import dev.penstock.server.Json;
import dev.penstock.server.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param language of the text
 * @param text one statement of SQL, or a plan
 * @param parameters the values of question marks, or of {@code (param i v)}
 * @param settings of SQL, for this statement
 * @param options timeouts and priority; no owner yet
 * @param waits whether the rows are the response; else they are fetched later
 */
public record Submission(
    Language language,
    String text,
    List<@Nullable Object> parameters,
    Map<String, String> settings,
    QueryOptions options,
    boolean waits) {

  /** In what a text is written. */
  public enum Language {
    SQL,
    PLAN
  }

  private static final Set<String> KEYS =
      new TreeSet<>(
          List.of(
              "sql",
              "plan",
              "parameters",
              "settings",
              "timeoutSeconds",
              "queueTimeoutSeconds",
              "idleTimeoutSeconds",
              "priority",
              "memoryBytes",
              "wait"));

  /** An exact number still, as a double. */
  private static final double MOST_BYTES = 1L << 53;

  /** Longer times mean nothing. */
  private static final double MOST_SECONDS = 1e9;

  /**
   * Reads a request.
   *
   * @param contentType application/json: see docs/server.md; application/sql, application/edn: the
   *     text itself, and everything else as parameters of the address
   * @param parameter of the address, by name
   */
  public static Submission read(
      @Nullable String contentType, byte[] body, Function<String, @Nullable String> parameter) {
    String type =
        contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/json" -> ofJson(Json.read(body));
      case "application/sql" -> ofText(Language.SQL, body, parameter);
      case "application/edn" -> ofText(Language.PLAN, body, parameter);
      default ->
          throw Refusal.of(
              415,
              "content-type",
              "Content-Type: expected application/json, application/sql or application/edn, got "
                  + (type.isEmpty() ? "none" : "'" + type + "'"));
    };
  }

  private static Submission ofText(
      Language language, byte[] body, Function<String, @Nullable String> parameter) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.of(400, "body", "expected a text in UTF-8, got other bytes");
    }
    ObjectNode as = Json.object();
    for (String key :
        List.of("timeoutSeconds", "queueTimeoutSeconds", "idleTimeoutSeconds", "memoryBytes")) {
      String value = parameter.apply(key);
      if (value != null) {
        as.put(key, number(key, value));
      }
    }
    String priority = parameter.apply("priority");
    if (priority != null) {
      as.put("priority", priority);
    }
    String wait = parameter.apply("wait");
    if (wait != null) {
      if (!wait.equals("true") && !wait.equals("false")) {
        throw wrong("wait", "true or false", "'" + wait + "'");
      }
      as.put("wait", wait.equals("true"));
    }
    return of(language, text, as);
  }

  private static double number(String key, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw wrong(key, "a number", "'" + value + "'");
    }
  }

  private static Submission ofJson(ObjectNode body) {
    body.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw Refusal.of(
                    400,
                    "body",
                    "unknown key '" + key + "' (there are " + String.join(", ", KEYS) + ")");
              }
            });
    if (body.has("sql") == body.has("plan")) {
      throw Refusal.of(
          400,
          "body",
          "expected either 'sql' or 'plan', got " + (body.has("sql") ? "both" : "none of them"));
    }
    Language language = body.has("sql") ? Language.SQL : Language.PLAN;
    String key = language == Language.SQL ? "sql" : "plan";
    JsonNode text = body.get(key);
    if (!text.isTextual()) {
      throw wrong(key, "a text", text.toString());
    }
    return of(language, text.textValue(), body);
  }

  private static Submission of(Language language, String text, ObjectNode body) {
    QueryOptions options =
        QueryOptions.defaults()
            .withText(text)
            .withTimeout(seconds(body, "timeoutSeconds"))
            .withQueueTimeout(seconds(body, "queueTimeoutSeconds"))
            .withIdleTimeout(seconds(body, "idleTimeoutSeconds"));
    JsonNode priority = body.get("priority");
    if (priority != null) {
      options = options.withPriority(priority(priority));
    }
    JsonNode memory = body.get("memoryBytes");
    if (memory != null) {
      options = options.withMemoryBytes(bytes("memoryBytes", memory));
    }
    JsonNode wait = body.get("wait");
    if (wait != null && !wait.isBoolean()) {
      throw wrong("wait", "true or false", wait.toString());
    }
    return new Submission(
        language,
        text,
        parameters(body.get("parameters")),
        settings(body.get("settings")),
        options,
        wait == null || wait.booleanValue());
  }

  private static List<@Nullable Object> parameters(@Nullable JsonNode given) {
    List<@Nullable Object> out = new ArrayList<>();
    if (given == null) {
      return out;
    }
    if (!given.isArray()) {
      throw wrong("parameters", "a list", given.toString());
    }
    for (JsonNode value : given) {
      out.add(ParameterValue.of(out.size(), value));
    }
    return out;
  }

  private static Map<String, String> settings(@Nullable JsonNode given) {
    Map<String, String> out = new LinkedHashMap<>();
    if (given == null) {
      return out;
    }
    if (!given.isObject()) {
      throw wrong("settings", "an object", given.toString());
    }
    given.properties().forEach(e -> out.put(e.getKey(), e.getValue().asText()));
    return out;
  }

  /** A priority by its name. */
  public static Priority priority(JsonNode given) {
    if (given.isTextual()) {
      for (Priority p : Priority.values()) {
        if (p.name().equalsIgnoreCase(given.textValue())) {
          return p;
        }
      }
    }
    throw wrong("priority", "\"low\", \"normal\" or \"high\"", given.toString());
  }

  private static long bytes(String key, JsonNode given) {
    double value = given.isNumber() ? given.doubleValue() : -1;
    if (!(value >= 1 && value <= MOST_BYTES)) {
      throw wrong(key, "a number of bytes", given.toString());
    }
    return (long) value;
  }

  /** A duration in seconds; null when it is not given. */
  public static @Nullable Duration seconds(ObjectNode body, String key) {
    JsonNode value = body.get(key);
    if (value == null) {
      return null;
    }
    double seconds = value.isNumber() ? value.doubleValue() : -1;
    if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
      throw wrong(key, "a number above 0 and of at most 1e9", value.toString());
    }
    return Duration.ofNanos(Math.max(1, Math.round(seconds * 1e9)));
  }

  private static Refusal wrong(String key, String expected, String got) {
    return Refusal.of(400, "body", key + ": expected " + expected + ", got " + got);
  }
}
