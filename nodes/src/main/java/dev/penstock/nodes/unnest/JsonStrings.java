package dev.penstock.nodes.unnest;

import dev.penstock.monitor.PenstockException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes JSON strings that were scanned before: escapes become the characters that they stand for.
 */
final class JsonStrings {
  private JsonStrings() {}

  static boolean hasEscape(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  /**
   * The UTF-8 bytes of what is between the quotes; INCORRECT when half a surrogate pair is escaped.
   */
  static byte[] decoded(byte[] text, int from, int to) {
    StringBuilder out = new StringBuilder(to - from);
    int plain = from;
    int i = from;
    while (i < to) {
      if (text[i] != '\\') {
        i++;
        continue;
      }
      out.append(new String(text, plain, i - plain, StandardCharsets.UTF_8));
      byte c = text[i + 1];
      switch (c) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> out.append((char) hex(text, i + 2));
        default -> out.append((char) c);
      }
      i += c == 'u' ? 6 : 2;
      plain = i;
    }
    out.append(new String(text, plain, to - plain, StandardCharsets.UTF_8));
    for (int k = 0; k < out.length(); k++) {
      if (Character.isHighSurrogate(out.charAt(k))
          && k + 1 < out.length()
          && Character.isLowSurrogate(out.charAt(k + 1))) {
        k++;
      } else if (Character.isSurrogate(out.charAt(k))) {
        throw PenstockException.incorrect(
            "bad-json",
            String.format(
                "unnest+: the string \"%s\" has half of a surrogate pair, \\u%04x",
                new String(text, from, to - from, StandardCharsets.UTF_8), (int) out.charAt(k)));
      }
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int hex(byte[] text, int at) {
    int v = 0;
    for (int k = 0; k < 4; k++) {
      v = v << 4 | Character.digit(text[at + k], 16);
    }
    return v;
  }
}
