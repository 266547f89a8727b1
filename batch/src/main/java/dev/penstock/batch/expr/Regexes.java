package dev.penstock.batch.expr;

import dev.penstock.monitor.PenstockException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of one call, of which the last one is kept. Options: {@code i} without regard to
 * case, {@code c} with it, {@code s} a point is a line's end too, {@code m n p} it is not, {@code
 * l} the pattern is a plain text, {@code g} all matches (for regexp-replace).
 *
 * <p>Concurrency: one volatile reference to an immutable record; a lost write costs a second
 * compilation.
 */
final class Regexes {
  private record Compiled(String text, String options, Pattern pattern) {}

  /** The function that the messages name. */
  final String fn;

  private volatile @Nullable Compiled last;

  Regexes(String fn) {
    this.fn = fn;
  }

  /**
   * For the first argument of a row, with the second as pattern, and the options argument if the
   * call has it.
   */
  Matcher matcher(Args x, int position, int optionsArgument) {
    boolean given = optionsArgument >= 0 && optionsArgument < x.size();
    String options = given ? x.text(optionsArgument, position) : "";
    return of(x.text(1, position), options).matcher(new BoundedText(x.text(0, position)));
  }

  private Pattern of(String text, String options) {
    Compiled known = last;
    if (known == null || !known.text.equals(text) || !known.options.equals(options)) {
      known = new Compiled(text, options, compile(text, flags(options)));
      last = known;
    }
    return known.pattern;
  }

  static Pattern compile(String text, int flags) {
    try {
      return Pattern.compile(text, flags);
    } catch (PatternSyntaxException e) {
      throw PenstockException.incorrect(
          "bad-argument",
          "regular expression " + Errors.show(text) + " is wrong: " + e.getDescription());
    }
  }

  private int flags(String options) {
    int flags = 0;
    for (int i = 0; i < options.length(); i++) {
      int fold = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
      flags =
          switch (options.charAt(i)) {
            case 'i' -> flags | fold;
            case 'c' -> flags & ~fold;
            case 's' -> flags | Pattern.DOTALL;
            case 'm', 'n', 'p' -> flags & ~Pattern.DOTALL;
            case 'l' -> flags | Pattern.LITERAL;
            case 'g' -> {
              if (!fn.equals("regexp-replace")) {
                throw badOptions(options);
              }
              yield flags;
            }
            default -> throw badOptions(options);
          };
    }
    return flags;
  }

  private PenstockException badOptions(String options) {
    return PenstockException.incorrect(
        "bad-argument",
        fn
            + ": expected options out of the letters c i l m n p s"
            + (fn.equals("regexp-replace") ? " g" : "")
            + ", got "
            + Errors.show(options));
  }
}
