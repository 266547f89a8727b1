package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import org.jspecify.annotations.Nullable;

/**
 * JSON on UTF-8 bytes, without a tree: scanning steps over a value and checks it (RFC 8259). An
 * index that comes back is negative when the text is not JSON.
 */
public final class JsonText {
  private static final int DEPTH = 512;

  private JsonText() {}

  /** The text, if it is one JSON value; else an IllegalArgumentException. */
  static String checked(String text) {
    byte[] a = Utf8.bytes(text);
    if (!isJson(a, 0, a.length)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  static boolean isJson(byte[] a, int from, int to) {
    int end = skipValue(a, skipSpace(a, from, to), to, 0);
    return end >= 0 && skipSpace(a, end, to) == to;
  }

  static int skipSpace(byte[] a, int at, int to) {
    int i = at;
    while (i < to && (a[i] == ' ' || a[i] == '\n' || a[i] == '\r' || a[i] == '\t')) {
      i++;
    }
    return i;
  }

  /** The end of the value that begins just here. */
  static int skipValue(byte[] a, int at, int to, int depth) {
    if (at >= to || depth > DEPTH) {
      return -1;
    }
    return switch (a[at]) {
      case '{' -> skipMembers(a, at + 1, to, depth, '}');
      case '[' -> skipMembers(a, at + 1, to, depth, ']');
      case '"' -> skipString(a, at, to);
      case 't' -> skipWord(a, at, to, "true");
      case 'f' -> skipWord(a, at, to, "false");
      case 'n' -> skipWord(a, at, to, "null");
      default -> skipNumber(a, at, to);
    };
  }

  private static int skipWord(byte[] a, int at, int to, String word) {
    if (to - at < word.length()) {
      return -1;
    }
    for (int i = 0; i < word.length(); i++) {
      if (a[at + i] != word.charAt(i)) {
        return -1;
      }
    }
    return at + word.length();
  }

  /** From after the opening bracket to after the closing one; members of an object have names. */
  private static int skipMembers(byte[] a, int from, int to, int depth, char close) {
    int at = skipSpace(a, from, to);
    if (at < to && a[at] == close) {
      return at + 1;
    }
    while (true) {
      if (close == '}') {
        at = skipName(a, at, to);
      }
      at = at < 0 ? -1 : skipValue(a, at, to, depth + 1);
      if (at < 0) {
        return -1;
      }
      at = skipSpace(a, at, to);
      if (at >= to) {
        return -1;
      }
      if (a[at] == close) {
        return at + 1;
      }
      if (a[at] != ',') {
        return -1;
      }
      at = skipSpace(a, at + 1, to);
    }
  }

  /** From a member's name to its value. */
  static int skipName(byte[] a, int at, int to) {
    if (at >= to || a[at] != '"') {
      return -1;
    }
    int end = skipString(a, at, to);
    if (end < 0) {
      return -1;
    }
    int colon = skipSpace(a, end, to);
    return colon < to && a[colon] == ':' ? skipSpace(a, colon + 1, to) : -1;
  }

  /** From the opening quote to after the closing one. */
  static int skipString(byte[] a, int at, int to) {
    int i = at + 1;
    while (i < to) {
      byte b = a[i];
      if (b == '"') {
        return i + 1;
      } else if (b >= 0 && b < ' ') {
        return -1;
      } else if (b == '\\') {
        if (i + 1 >= to) {
          return -1;
        }
        byte c = a[i + 1];
        if (c == 'u') {
          if (i + 6 > to) {
            return -1;
          }
          for (int k = i + 2; k < i + 6; k++) {
            if (Character.digit(a[k], 16) < 0) {
              return -1;
            }
          }
          i += 4;
        } else if ("\"\\/bfnrt".indexOf(c) < 0) {
          return -1;
        }
        i += 2;
      } else {
        i++;
      }
    }
    return -1;
  }

  private static int skipNumber(byte[] a, int at, int to) {
    int i = at;
    if (i < to && a[i] == '-') {
      i++;
    }
    int digits = skipDigits(a, i, to);
    if (digits == i || (a[i] == '0' && digits > i + 1)) {
      return -1;
    }
    i = digits;
    if (i < to && a[i] == '.') {
      digits = skipDigits(a, i + 1, to);
      if (digits == i + 1) {
        return -1;
      }
      i = digits;
    }
    if (i < to && (a[i] == 'e' || a[i] == 'E')) {
      i++;
      if (i < to && (a[i] == '+' || a[i] == '-')) {
        i++;
      }
      digits = skipDigits(a, i, to);
      return digits == i ? -1 : digits;
    }
    return i;
  }

  private static int skipDigits(byte[] a, int at, int to) {
    int i = at;
    while (i < to && a[i] >= '0' && a[i] <= '9') {
      i++;
    }
    return i;
  }

  /** The text between the quotes of a valid JSON string. */
  static String decode(String inner) {
    if (inner.indexOf('\\') < 0) {
      return inner;
    }
    StringBuilder out = new StringBuilder(inner.length());
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      i++;
      switch (inner.charAt(i)) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append((char) Integer.parseInt(inner, i + 1, i + 5, 16));
          i += 4;
        }
        default -> out.append(inner.charAt(i));
      }
    }
    return out.toString();
  }

  /** A text in quotes. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /**
   * The JSON text of a host value: numbers and booleans as such, JSON as it is, everything else
   * (NaN and infinities too) as the string that a cast to varchar gives.
   */
  public static String of(DataType type, @Nullable Object value) {
    if (value == null) {
      return "null";
    }
    return switch (type.kind()) {
      case BOOLEAN, INT32, INT64, DECIMAL, JSON -> TextCasts.text(value);
      case FLOAT64 -> Double.isFinite((Double) value) ? value.toString() : quote(value.toString());
      default -> quote(TextCasts.text(value));
    };
  }
}
