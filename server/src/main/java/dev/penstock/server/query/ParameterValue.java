package dev.penstock.server.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.server.Refusal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The value of a parameter: a JSON null, boolean, number or text, or, for other types, an object
 * {@code {"type": "date", "value": "2026-01-31"}}. A number with an exponent is a double.
 */
final class ParameterValue {
  private ParameterValue() {}

  /**
   * @param index from 0, for messages
   */
  static @Nullable Object of(int index, JsonNode node) {
    if (node.isObject()) {
      JsonNode type = node.get("type");
      JsonNode value = node.get("value");
      if (node.size() != 2 || type == null || !type.isTextual() || value == null) {
        throw wrong(index, "an object with 'type' and 'value'", node);
      }
      return value.isNull() ? null : typed(index, node, type.textValue(), value.asText());
    }
    if (node.isNull()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isIntegralNumber()) {
      BigInteger n = node.bigIntegerValue();
      return n.bitLength() < Long.SIZE ? (Object) n.longValue() : new BigDecimal(n);
    }
    if (node.isNumber()) {
      BigDecimal d = node.decimalValue();
      return d.scale() >= 0 && d.precision() <= 38 ? (Object) d : (Object) d.doubleValue();
    }
    throw wrong(index, "null, a boolean, a number, a text or a typed object", node);
  }

  private static Object typed(int index, JsonNode node, String type, String text) {
    try {
      return switch (type) {
        case "int64" -> Long.valueOf(text);
        case "float64" -> Double.valueOf(text);
        case "decimal" -> new BigDecimal(text);
        case "varchar" -> text;
        case "boolean" -> bool(index, node, text);
        case "date" -> LocalDate.parse(text);
        case "time" -> LocalTime.parse(text);
        case "timestamp" -> LocalDateTime.parse(text);
        case "timestamptz" -> Instant.parse(text);
        case "uuid" -> UUID.fromString(text);
        default ->
            throw wrong(
                index,
                "a type of int64, float64, decimal, varchar, boolean, date, time, timestamp,"
                    + " timestamptz, uuid",
                node);
      };
    } catch (DateTimeException | IllegalArgumentException e) {
      throw wrong(index, "a value of type " + type, node);
    }
  }

  private static boolean bool(int index, JsonNode node, String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw wrong(index, "a value of type boolean", node);
    }
    return text.equals("true");
  }

  private static Refusal wrong(int index, String expected, JsonNode got) {
    return Refusal.of(
        400, "body", "parameters[" + index + "]: expected " + expected + ", got " + got);
  }
}
