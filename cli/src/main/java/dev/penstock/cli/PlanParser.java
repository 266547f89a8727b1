package dev.penstock.cli;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Asks for more lines while brackets or a string are open, and finds the word to complete. */
final class PlanParser implements Parser {
  /**
   * A line up to the cursor: its one word is the symbol or the content of the string before the
   * cursor.
   *
   * @param inString whether the cursor is in a string
   */
  record Line(String line, int cursor, String word, boolean inString)
      implements CompletingParsedLine {
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return word.length();
    }

    @Override
    public int rawWordLength() {
      return word.length();
    }

    @Override
    public int wordCursor() {
      return word.length();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word);
    }
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.COMPLETE) {
      PlanScanner scanner = PlanScanner.of(line.substring(0, cursor));
      String word = scanner.inComment() ? "" : line.substring(scanner.wordStart(), cursor);
      return new Line(line, cursor, word, scanner.inString());
    }
    PlanScanner scanner = PlanScanner.of(line);
    if (context == ParseContext.ACCEPT_LINE && scanner.isOpen()) {
      throw new EOFError(-1, cursor, scanner.inString() ? "a string is open" : "a bracket is open");
    }
    return new Line(line, cursor, line, scanner.inString());
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }
}
