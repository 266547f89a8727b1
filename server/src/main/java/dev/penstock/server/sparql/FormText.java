package dev.penstock.server.sparql;

import dev.penstock.server.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code name=value&name=value}, percent-encoded UTF-8: the query part of an address, or a form.
 * What is encoded wrongly is refused, not replaced. Names are stripped: a client sends one with a
 * blank at its end.
 */
final class FormText {
  record Entry(String name, String value) {}

  private FormText() {}

  /** The entries in order; an empty text has none. */
  static List<Entry> entries(byte[] text) {
    List<Entry> out = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length || text[i] == '&') {
        if (i > from) {
          out.add(entry(text, from, i));
        }
        from = i + 1;
      }
    }
    return out;
  }

  private static Entry entry(byte[] text, int from, int to) {
    int equals = from;
    while (equals < to && text[equals] != '=') {
      equals++;
    }
    return new Entry(
        decoded(text, from, equals).strip(), decoded(text, Math.min(equals + 1, to), to));
  }

  private static String decoded(byte[] text, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      if (text[i] == '+') {
        out.write(' ');
      } else if (text[i] != '%') {
        out.write(text[i]);
      } else {
        int high = i + 2 < to ? Character.digit(text[i + 1], 16) : -1;
        int low = i + 2 < to ? Character.digit(text[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw Refusal.of(
              400, "encoding", "parameters: expected two hexadecimal digits behind each %");
        }
        out.write(high << 4 | low);
        i += 2;
      }
    }
    return utf8(out.toByteArray(), "parameters");
  }

  /**
   * @param what for the message
   */
  static String utf8(byte[] bytes, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.of(400, "encoding", what + ": expected UTF-8, got other bytes");
    }
  }
}
