package dev.penstock.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** As much of JSON Schema as the OpenAPI document uses: where a value departs from it. */
final class JsonShape {
  private final JsonNode document;

  JsonShape(JsonNode document) {
    this.document = document;
  }

  /** One line for each departure; empty: none. */
  List<String> departures(JsonNode schema, JsonNode value) {
    List<String> out = new ArrayList<>();
    check("", schema, value, out);
    return out;
  }

  private void check(String place, JsonNode given, JsonNode value, List<String> out) {
    JsonNode schema =
        given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
    if (schema.has("anyOf")) {
      for (JsonNode one : schema.get("anyOf")) {
        if (departures(one, value).isEmpty()) {
          return;
        }
      }
      out.add(place + ": none of anyOf holds for " + value);
    }
    if (schema.has("type") && !hasType(schema.get("type"), value)) {
      out.add(place + ": expected " + schema.get("type") + ", got " + value);
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      out.add(place + ": expected one of " + schema.get("enum") + ", got " + value);
    }
    for (JsonNode key : schema.path("required")) {
      if (!value.has(key.asText())) {
        out.add(place + ": lacks " + key.asText());
      }
    }
    value
        .properties()
        .forEach(
            e -> {
              JsonNode property = schema.path("properties").path(e.getKey());
              if (!property.isMissingNode()) {
                check(place + "/" + e.getKey(), property, e.getValue(), out);
              } else if (schema.has("additionalProperties")) {
                out.add(place + ": has " + e.getKey());
              }
            });
    if (value.isArray() && schema.has("items")) {
      for (JsonNode item : value) {
        check(place + "/-", schema.get("items"), item, out);
      }
    }
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasType(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (hasType(one, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new AssertionError("unknown type " + type);
    };
  }
}
