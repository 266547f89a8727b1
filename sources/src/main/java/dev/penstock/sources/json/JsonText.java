package dev.penstock.sources.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** The streaming parser, set up as this room needs it. */
final class JsonText {
  /** Blocks bound the length of a text, so the parser need not. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  private JsonText() {}

  static JsonParser parser(byte[] b, int from, int to) {
    try {
      return FACTORY.createParser(b, from, to - from);
    } catch (IOException e) {
      throw new IllegalStateException("no I/O happens over an array", e);
    }
  }

  /**
   * What is wrong, on one line, without the parser's own place (its lines are those of a block).
   */
  static String problem(IOException e) {
    String text =
        e instanceof JsonProcessingException j
            ? j.getOriginalMessage()
            : String.valueOf(e.getMessage());
    int newline = text.indexOf('\n');
    return newline < 0 ? text : text.substring(0, newline);
  }

  /** A value for a message. */
  static String shortened(String value) {
    return value.length() <= 60 ? value : value.substring(0, 60) + "...";
  }
}
