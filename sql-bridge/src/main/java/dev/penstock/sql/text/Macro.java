package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands for calls of a name: an expression or a query with parameters.
 *
 * @param name as it was written
 * @param variants of different numbers of parameters
 */
public record Macro(String name, List<Variant> variants) {
  /** A query may hold macros that hold macros, so deep. */
  private static final int DEEPEST = 64;

  /**
   * One form of a macro.
   *
   * @param parameters names in lower case
   * @param defaults of the last ones, by name
   */
  public record Variant(
      List<String> parameters, Map<String, List<Token>> defaults, List<Token> body) {}

  /** The tokens with the bodies of macros for their calls; the list itself stays as it is. */
  public static List<Token> expanded(List<Token> tokens, Map<String, Macro> macros) {
    return macros.isEmpty() ? tokens : expanded(tokens, macros, 0);
  }

  private static List<Token> expanded(List<Token> in, Map<String, Macro> macros, int depth) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Token t = in.get(i);
      boolean call =
          (t.kind() == Token.Kind.WORD || t.kind() == Token.Kind.NAME)
              && i + 1 < in.size()
              && in.get(i + 1).isMark("(");
      Macro macro = call ? macros.get(t.value().toLowerCase(Locale.ROOT)) : null;
      int close = macro == null ? -1 : close(in, i + 1);
      if (macro == null || close < 0) {
        out.add(t);
        continue;
      }
      if (depth == DEEPEST) {
        throw PenstockException.incorrect("sql-macro", "the macro " + macro.name + " holds itself");
      }
      List<Token> body = macro.body(t, arguments(in.subList(i + 2, close)));
      out.add(new Token(Token.Kind.MARK, "(", t.start()));
      out.addAll(expanded(body, macros, depth + 1));
      out.add(new Token(Token.Kind.MARK, ")", in.get(close).start()));
      i = close;
    }
    return out;
  }

  private static int close(List<Token> in, int open) {
    int depth = 0;
    for (int i = open; i < in.size(); i++) {
      depth += in.get(i).isMark("(") ? 1 : in.get(i).isMark(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** What commas separate, outside of all brackets. */
  private static List<List<Token>> arguments(List<Token> in) {
    List<List<Token>> out = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < in.size(); i++) {
      Token t = in.get(i);
      if (t.isMark("(") || t.isMark("[") || t.isMark("{")) {
        depth++;
      } else if (t.isMark(")") || t.isMark("]") || t.isMark("}")) {
        depth--;
      } else if (depth == 0 && t.isMark(",")) {
        out.add(in.subList(from, i));
        from = i + 1;
      }
    }
    if (!in.isEmpty()) {
      out.add(in.subList(from, in.size()));
    }
    return out;
  }

  private List<Token> body(Token place, List<List<Token>> arguments) {
    for (Variant v : variants) {
      Map<String, List<Token>> values = values(v, arguments);
      if (values != null) {
        List<Token> out = new ArrayList<>();
        for (int i = 0; i < v.body.size(); i++) {
          Token t = v.body.get(i);
          boolean name = t.kind() == Token.Kind.WORD || t.kind() == Token.Kind.NAME;
          boolean field = i > 0 && v.body.get(i - 1).isMark(".");
          List<Token> value =
              name && !field ? values.get(t.value().toLowerCase(Locale.ROOT)) : null;
          if (value == null) {
            out.add(new Token(t.kind(), t.text(), place.start(), place.end()));
          } else {
            boolean one = value.size() == 1;
            if (!one) {
              out.add(new Token(Token.Kind.MARK, "(", place.start()));
            }
            out.addAll(value);
            if (!one) {
              out.add(new Token(Token.Kind.MARK, ")", place.start()));
            }
          }
        }
        return out;
      }
    }
    throw PenstockException.incorrect(
        "sql-macro",
        "the macro "
            + name
            + " takes "
            + String.join(
                " or ",
                variants.stream().map(v -> "(" + String.join(", ", v.parameters) + ")").toList())
            + ", got "
            + arguments.size()
            + (arguments.size() == 1 ? " argument" : " arguments"));
  }

  /** By parameter; null if these arguments are not for this variant. */
  private static @Nullable Map<String, List<Token>> values(Variant v, List<List<Token>> arguments) {
    Map<String, List<Token>> out = new HashMap<>(v.defaults);
    int position = 0;
    for (List<Token> argument : arguments) {
      boolean named =
          argument.size() > 2 && (argument.get(1).isMark(":=") || argument.get(1).isMark("=>"));
      String parameter =
          named
              ? argument.get(0).value().toLowerCase(Locale.ROOT)
              : position < v.parameters.size() ? v.parameters.get(position++) : "";
      if (!v.parameters.contains(parameter)) {
        return null;
      }
      out.put(parameter, named ? argument.subList(2, argument.size()) : argument);
    }
    return out.size() == v.parameters.size() ? out : null;
  }
}
