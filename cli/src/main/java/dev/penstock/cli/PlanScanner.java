package dev.penstock.cli;

/**
 * Looks over Clojure text for brackets, strings and the word before the cursor: enough to know
 * whether a form is complete. Reading it is left to Clojure.
 */
final class PlanScanner {
  private final String text;
  private int at;
  private int depth;
  private boolean inString;
  private boolean inComment;
  private int wordStart;

  private PlanScanner(String text) {
    this.text = text;
  }

  /** Scans a text up to its end (a cursor). */
  static PlanScanner of(String text) {
    PlanScanner scanner = new PlanScanner(text);
    while (scanner.at < text.length()) {
      scanner.step();
    }
    return scanner;
  }

  private void step() {
    char c = text.charAt(at++);
    if (inString) {
      if (c == '\\') {
        at = Math.min(at + 1, text.length());
      } else if (c == '"') {
        inString = false;
        wordStart = at;
      }
    } else if (inComment) {
      if (c == '\n') {
        inComment = false;
        wordStart = at;
      }
    } else if (c == '"') {
      inString = true;
      wordStart = at;
    } else if (c == ';') {
      inComment = true;
    } else if (c == '\\') {
      // a character: what follows is no bracket
      at = Math.min(at + 1, text.length());
    } else if (c == '(' || c == '[' || c == '{') {
      depth++;
      wordStart = at;
    } else if (c == ')' || c == ']' || c == '}') {
      depth--;
      wordStart = at;
    } else if (Character.isWhitespace(c)
        || c == ','
        || c == '~'
        || c == '\''
        || c == '`'
        || c == '@') {
      wordStart = at;
    }
  }

  /** Brackets that are open, negative if there are too many closing ones. */
  int depth() {
    return depth;
  }

  boolean inString() {
    return inString;
  }

  boolean inComment() {
    return inComment;
  }

  /** Whether something must follow until Clojure can read it. */
  boolean isOpen() {
    return depth > 0 || inString;
  }

  /** Where the word (or the string) at the end of the text starts. */
  int wordStart() {
    return wordStart;
  }
}
