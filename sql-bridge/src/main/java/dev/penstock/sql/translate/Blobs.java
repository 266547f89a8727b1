package dev.penstock.sql.translate;

import dev.penstock.batch.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Texts as bytes and back, as DuckDB writes them: characters stand for their bytes in UTF-8, {@code
 * \xAB} for the byte AB. The plan language's own casts are of hex digits.
 */
public final class Blobs {
  /** A byte that no character is written for: no printable one of ASCII, a quote, a backslash. */
  private static final String UNWRITTEN = "%([0189A-F].|7F|22|27|5C)";

  /** The digits of an escape, as the bytes of their characters, between blanks. */
  private static final String ESCAPE = "5c 78 (3[0-9]|[46][1-6]) (3[0-9]|[46][1-6]) ";

  private Blobs() {}

  /** The cast from a type to another, if one of them is bytes and the other a text; else null. */
  public static @Nullable Object cast(
      @Nullable Object value, @Nullable DataType from, DataType to) {
    if (DataType.VARCHAR.equals(from) && DataType.VARBINARY.equals(to)) {
      return ofText(value);
    }
    return DataType.VARBINARY.equals(from) && DataType.VARCHAR.equals(to) ? text(value) : null;
  }

  private static Object text(@Nullable Object blob) {
    Object bytes = replaced(Form.call("upper", Form.call("hex", blob)), "(..)", "%\\1");
    return Form.call("url-decode", replaced(bytes, UNWRITTEN, "\\\\x\\1"));
  }

  private static Object ofText(@Nullable Object text) {
    return Form.call(
        "if",
        Form.call("=", Form.call("position", "\\", text), 0L),
        Form.call("from-base64", Form.call("to-base64", text)),
        escaped(text));
  }

  /** An escape that is none leaves what no hex digit is, and so an error. */
  private static Object escaped(@Nullable Object text) {
    Object hex = replaced(Form.call("hex", text), "(..)", "\\1 ");
    hex = replaced(hex, ESCAPE, "<\\1><\\2>");
    hex = replaced(hex, "5c ", "<a-backslash-needs-x-and-two-digits>");
    hex = replaced(hex, "<3([0-9])>", "\\1");
    for (int digit = 1; digit <= 6; digit++) {
      hex = replaced(hex, "<[46]" + digit + ">", String.valueOf((char) ('a' + digit - 1)));
    }
    return Form.call("unhex", replaced(hex, " ", ""));
  }

  private static Object replaced(Object text, String pattern, String by) {
    return Form.call("regexp-replace", text, pattern, by, "g");
  }
}
