package dev.penstock.sources.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.batch.DataType;
import dev.penstock.sources.text.TypeGuess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The type of one key, guessed from samples.
 *
 * <p>Only numbers: int64, decimal(38,0) or float64. Only booleans: boolean. Only strings: a date or
 * time, or uuid, if all are such text; else varchar (a string of digits stays one). Objects or
 * arrays, be it among others: json. Other mixtures, and nothing but nulls: varchar.
 */
final class JsonGuess {
  private final TypeGuess strings = new TypeGuess();
  private final TypeGuess numbers = new TypeGuess();
  private boolean booleans;
  private boolean nested;

  /**
   * Takes the value at the parser's token; the children of an object or array are left to the
   * caller.
   */
  void add(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      add(strings, parser.getText());
    } else if (token.isNumeric()) {
      add(numbers, parser.getText());
    } else if (token.isBoolean()) {
      booleans = true;
    } else if (token.isStructStart()) {
      nested = true;
    }
  }

  private static void add(TypeGuess guess, String text) {
    byte[] b = text.getBytes(StandardCharsets.UTF_8);
    guess.add(b, 0, b.length);
  }

  DataType type() {
    if (nested) {
      return DataType.JSON;
    }
    int kinds = (strings.seen() ? 1 : 0) + (numbers.seen() ? 1 : 0) + (booleans ? 1 : 0);
    if (kinds != 1) {
      return DataType.VARCHAR;
    }
    if (booleans) {
      return DataType.BOOLEAN;
    }
    if (numbers.seen()) {
      return numbers.type().equals(DataType.VARCHAR) ? DataType.FLOAT64 : numbers.type();
    }
    DataType text = strings.type();
    return switch (text.kind()) {
      case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID -> text;
      default -> DataType.VARCHAR;
    };
  }
}
