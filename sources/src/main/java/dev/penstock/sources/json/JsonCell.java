package dev.penstock.sources.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Appends the value at the parser's token to a column, converted to its type. A number may be a
 * string in a column declared to be one; any value may be in a varchar or json column, as its text.
 */
final class JsonCell {
  private final JsonParser parser;
  private final byte[] block;
  private final int from;
  private final JsonValue value = new JsonValue();
  private byte[] text = new byte[256];
  private int size;

  /**
   * @param from where in the block the parser began
   */
  JsonCell(JsonParser parser, byte[] block, int from) {
    this.parser = parser;
    this.block = block;
    this.from = from;
  }

  /**
   * False, and nothing is appended, when the value is not of the type. Stands at the end of a
   * nested value afterwards.
   */
  boolean append(ColumnBuilder to) throws IOException {
    DataType type = to.type();
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      to.appendNull();
      return true;
    }
    switch (type.kind()) {
      case VARCHAR -> {
        if (token.isStructStart()) {
          raw(to);
        } else {
          read();
          to.appendBytes(text, 0, size);
        }
        return true;
      }
      case JSON -> {
        raw(to);
        return true;
      }
      case BOOLEAN -> {
        if (token.isBoolean()) {
          to.appendBoolean(token == JsonToken.VALUE_TRUE);
          return true;
        }
        parser.skipChildren();
        return false;
      }
      default -> {
        if (token.isStructStart() || token.isBoolean()) {
          parser.skipChildren();
          return false;
        }
        boolean number = token.isNumeric();
        if (number && !type.isNumeric()) {
          return false;
        }
        read();
        return value.append(to, text, 0, size);
      }
    }
  }

  /** The value as it stands in the file. */
  private void raw(ColumnBuilder to) throws IOException {
    int start = from + (int) parser.currentTokenLocation().getByteOffset();
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
    } else {
      parser.finishToken();
    }
    int end = from + (int) parser.currentLocation().getByteOffset();
    to.appendBytes(block, start, end - start);
  }

  /** The token's text as UTF-8. */
  private void read() throws IOException {
    char[] chars = parser.getTextCharacters();
    int at = parser.getTextOffset();
    int n = parser.getTextLength();
    if (text.length < 3L * n) {
      text = new byte[(int) Math.min(Integer.MAX_VALUE - 16, 3L * n + 256)];
    }
    byte[] out = text;
    int used = 0;
    for (int i = at; i < at + n; i++) {
      char c = chars[i];
      if (c < 0x80) {
        out[used++] = (byte) c;
      } else if (c < 0x800) {
        out[used++] = (byte) (0xC0 | c >> 6);
        out[used++] = (byte) (0x80 | c & 63);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < at + n
          && Character.isLowSurrogate(chars[i + 1])) {
        int code = Character.toCodePoint(c, chars[++i]);
        out[used++] = (byte) (0xF0 | code >> 18);
        out[used++] = (byte) (0x80 | code >> 12 & 63);
        out[used++] = (byte) (0x80 | code >> 6 & 63);
        out[used++] = (byte) (0x80 | code & 63);
      } else {
        // half a pair, from an escape, is no character
        int code = Character.isSurrogate(c) ? 0xFFFD : c;
        out[used++] = (byte) (0xE0 | code >> 12);
        out[used++] = (byte) (0x80 | code >> 6 & 63);
        out[used++] = (byte) (0x80 | code & 63);
      }
    }
    size = used;
  }

  /** What the token says, short, for messages. */
  String shown() throws IOException {
    read();
    return JsonText.shortened(new String(text, 0, size, StandardCharsets.UTF_8));
  }
}
