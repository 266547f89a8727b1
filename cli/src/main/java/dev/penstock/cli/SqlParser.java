package dev.penstock.cli;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import java.util.List;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Asks for more lines until a statement ends with a semicolon, and finds the word to complete. */
final class SqlParser implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.COMPLETE) {
      String before = line.substring(0, cursor);
      int quote = openQuote(before);
      int start = quote >= 0 ? quote + 1 : wordStart(before);
      return new PlanParser.Line(line, cursor, before.substring(start), quote >= 0);
    }
    if (context == ParseContext.ACCEPT_LINE && !isComplete(line)) {
      throw new EOFError(-1, cursor, "a statement ends with ;");
    }
    return new PlanParser.Line(line, cursor, line, false);
  }

  /** Nothing, a command of the REPL, or statements up to a semicolon. */
  static boolean isComplete(String text) {
    if (text.isBlank() || text.stripLeading().startsWith(":")) {
      return true;
    }
    try {
      List<Token> tokens = Tokenizer.tokens(text, "");
      return tokens.isEmpty() || tokens.get(tokens.size() - 1).isMark(";");
    } catch (PenstockException e) {
      // a string or a comment is open
      return false;
    }
  }

  /** Where the single quote stands whose string is open at the end, or -1. */
  private static int openQuote(String text) {
    int open = -1;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\'') {
        open = open < 0 ? i : -1;
      }
    }
    return open;
  }

  private static int wordStart(String text) {
    int start = text.length();
    while (start > 0 && isWord(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == ':';
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }
}
