package dev.penstock.cli;

import java.util.regex.Pattern;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Reads queries of SPARQL: one ends with the line on which its braces are closed; {@code DESCRIBE
 * <a:b>} has none and ends with its line, all else with an empty line.
 */
final class SparqlParser implements Parser {
  private static final Pattern OF_NAMES =
      Pattern.compile(
          "(?is)(\\s*(prefix|base)\\s[^\\n]*\\n)*\\s*describe(\\s+(<[^>\\s]*>|[\\w.-]*:[^\\s?${}<>]*))+\\s*");

  private static final Pattern EMPTY_LINE = Pattern.compile("\\n[ \\t]*$");

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isComplete(line)) {
      throw new EOFError(
          -1, cursor, "a query ends where its braces are closed, or with an empty line");
    }
    return new PlanParser.Line(line, cursor, line, false);
  }

  /** Nothing, a command of the REPL, or a query up to its last brace. */
  static boolean isComplete(String text) {
    if (text.isBlank() || text.stripLeading().startsWith(":")) {
      return true;
    }
    int open = 0;
    boolean hasBraces = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '{' -> {
          open++;
          hasBraces = true;
        }
        case '}' -> open--;
        case '#' -> i = end(text, i, "\n");
        case '<' -> i = endOfName(text, i);
        case '"', '\'' -> {
          String three = ("" + c).repeat(3);
          i = text.startsWith(three, i) ? end(text, i + 2, three) : end(text, i, "" + c);
          if (i == text.length()) {
            return false; // a text is open
          }
        }
        default -> {}
      }
    }
    return open <= 0
        && (hasBraces || EMPTY_LINE.matcher(text).find() || OF_NAMES.matcher(text).matches());
  }

  /** The last character of what ends with a mark; the end of the text when it does not. */
  private static int end(String text, int from, String mark) {
    for (int i = from + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && !mark.equals("\n")) {
        i++;
      } else if (text.startsWith(mark, i)) {
        return i + mark.length() - 1;
      }
    }
    return text.length();
  }

  /** A name in brackets has no blanks; else it is less-than. */
  private static int endOfName(String text, int from) {
    for (int i = from + 1; i < text.length() && !Character.isWhitespace(text.charAt(i)); i++) {
      if (text.charAt(i) == '>') {
        return i;
      }
    }
    return from;
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }
}
