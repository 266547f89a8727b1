package dev.penstock.sparql.eval;

import dev.penstock.batch.expr.BoundedText;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.sparql.expr.E_Regex;
import org.apache.jena.sparql.expr.E_StrReplace;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.NodeValue;
import org.apache.jena.sparql.expr.RegexEngine;
import org.apache.jena.sparql.expr.nodevalue.NodeValueOps;
import org.jspecify.annotations.Nullable;

/**
 * REGEX and REPLACE as Jena has them, but that a query which is cancelled stops them, and that a
 * pattern which needs time beyond all measure for a text is an error of the query.
 */
final class Regexes {
  private static final int SHOWN = 60;

  private Regexes() {}

  /** REGEX with these arguments. */
  static Expr search(ExprList args) {
    return Search.of(args);
  }

  /** REPLACE with these arguments. */
  static Expr replacement(ExprList args) {
    return Replacement.of(args);
  }

  private static @Nullable Expr get(ExprList args, int k) {
    return k < args.size() ? args.get(k) : null;
  }

  private static @Nullable NodeValue get(List<NodeValue> args, int k) {
    return k < args.size() ? args.get(k) : null;
  }

  private static String text(String function, NodeValue value) {
    return NodeValueOps.checkAndGetStringLiteral(function, value).getLiteralLexicalForm();
  }

  /** The last pattern is kept: mostly all rows have the same. */
  private static final class Compiled {
    private @Nullable NodeValue text;
    private @Nullable NodeValue flags;
    private @Nullable Pattern pattern;

    Pattern of(String function, NodeValue newText, @Nullable NodeValue newFlags) {
      Pattern before = pattern;
      if (before != null && newText.equals(text) && Objects.equals(newFlags, flags)) {
        return before;
      }
      String given = newFlags == null ? null : text(function, newFlags);
      Pattern made = RegexEngine.makePattern(function, text(function, newText), given);
      text = newText;
      flags = newFlags;
      pattern = made;
      return made;
    }
  }

  /** The end of the query: within EXISTS Jena takes what is thrown for an error of the filter. */
  private static PenstockException tooLong(String function, Pattern pattern, String text) {
    String shown = pattern.pattern();
    PenstockException e =
        PenstockException.limit(
            "regex-steps",
            "SPARQL: expected "
                + function
                + " of a pattern that needs less backtracking, got \""
                + (shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "...")
                + "\" for a text of "
                + text.length()
                + " characters");
    CancellationToken token = CancellationToken.current();
    if (token != null) {
      token.fail(e);
    }
    return e;
  }

  /** Is there a match in a text? */
  static boolean finds(Pattern pattern, String text) {
    try {
      return pattern.matcher(new BoundedText(text)).find();
    } catch (StackOverflowError | BoundedText.UsedUp e) {
      throw tooLong("REGEX", pattern, text);
    }
  }

  /** REGEX. */
  private static final class Search extends E_Regex {
    private final Compiled compiled = new Compiled();

    private Search(Expr text, Expr pattern, @Nullable Expr flags) {
      super(text, pattern, flags);
    }

    static Search of(ExprList args) {
      return new Search(args.get(0), args.get(1), Regexes.get(args, 2));
    }

    @Override
    public NodeValue eval(List<NodeValue> args) {
      String text = text("REGEX", args.get(0));
      NodeValue flags = Regexes.get(args, 2);
      if (!args.get(1).isString() || (flags != null && !flags.isString())) {
        throw new ExprEvalException("REGEX: the pattern and its flags are to be plain strings");
      }
      Pattern pattern = compiled.of("REGEX", args.get(1), flags);
      return finds(pattern, text) ? NodeValue.TRUE : NodeValue.FALSE;
    }

    @Override
    public Expr copy(ExprList args) {
      return of(args);
    }
  }

  /** REPLACE. */
  private static final class Replacement extends E_StrReplace {
    private final Compiled compiled = new Compiled();

    private Replacement(Expr text, Expr pattern, Expr by, @Nullable Expr flags) {
      super(text, pattern, by, flags);
    }

    static Replacement of(ExprList args) {
      return new Replacement(args.get(0), args.get(1), args.get(2), Regexes.get(args, 3));
    }

    @Override
    public NodeValue eval(List<NodeValue> args) {
      Node given = NodeValueOps.checkAndGetStringLiteral("REPLACE", args.get(0));
      String text = given.getLiteralLexicalForm();
      Pattern pattern = compiled.of("REPLACE", args.get(1), Regexes.get(args, 3));
      String by = text("REPLACE", args.get(2));
      try {
        String replaced = replaced(pattern.matcher(new BoundedText(text)), by);
        return replaced == null
            ? args.get(0)
            : NodeValue.makeNode(
                NodeFactory.createLiteral(
                    replaced, given.getLiteralLanguage(), given.getLiteralDatatype()));
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        throw new ExprEvalException("REPLACE: no such group: " + e.getMessage(), e);
      } catch (StackOverflowError | BoundedText.UsedUp e) {
        throw tooLong("REPLACE", pattern, text);
      }
    }

    /** An empty match behind another one does not count; null: nothing was found. */
    private static @Nullable String replaced(Matcher matcher, String by) {
      StringBuilder out = null;
      while (matcher.find()) {
        if (out == null) {
          out = new StringBuilder();
        } else if (matcher.start() == matcher.end()) {
          continue;
        }
        matcher.appendReplacement(out, by);
      }
      return out == null ? null : matcher.appendTail(out).toString();
    }

    @Override
    public Expr copy(ExprList args) {
      return of(args);
    }
  }
}
