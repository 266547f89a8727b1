package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code list_transform(l, lambda x: x + 1)} and {@code list_filter(l, lambda x: x > 1)} (also
 * {@code x -> x + 1}, and with a second name for the position), token by token, as a sub-query over
 * the elements:
 *
 * <pre>
 * (SELECT CASE WHEN "$list" IS NOT NULL THEN "$or_empty"((
 *    SELECT list(x + 1 ORDER BY "$i") FROM (
 *      SELECT unnest("$list") AS x, "$position"() AS "$i"))) END
 *  FROM (SELECT l AS "$list"))
 * </pre>
 */
final class Lambdas {
  private static final Set<String> TRANSFORMS =
      Set.of("LIST_TRANSFORM", "ARRAY_TRANSFORM", "LIST_APPLY", "ARRAY_APPLY", "APPLY");
  private static final Set<String> FILTERS = Set.of("LIST_FILTER", "ARRAY_FILTER", "FILTER");

  private final List<Token> in;
  private final Parts parts;

  private Lambdas(List<Token> in) {
    this.in = in;
    this.parts = new Parts(in);
  }

  /** The tokens without lambdas of lists; the list itself stays as it is. */
  static List<Token> of(List<Token> tokens) {
    boolean any = tokens.stream().anyMatch(t -> t.is("LAMBDA") || t.isMark("->"));
    return any ? new Lambdas(tokens).settled() : tokens;
  }

  private List<Token> settled() {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      String name = in.get(i).upper();
      if (name.endsWith("_REDUCE") && parts.at(i + 1).isMark("(")) {
        throw PenstockException.unsupported(
            "sql-lambda",
            name.toLowerCase(Locale.ROOT)
                + " is not supported; list_sum, list_product, list_min and their like are");
      }
      boolean filter = FILTERS.contains(name);
      int end = filter || TRANSFORMS.contains(name) ? call(i, filter, out) : -1;
      if (end < 0) {
        out.add(in.get(i));
      } else {
        i = end;
      }
    }
    return out;
  }

  /** Writes the call that begins at i; returns where it ends, or -1 if it has no lambda. */
  private int call(int i, boolean filter, List<Token> out) {
    int close = parts.at(i + 1).isMark("(") ? parts.close(i + 1) : -1;
    int comma = close < 0 ? -1 : parts.comma(i + 2, close);
    if (comma < 0) {
      return -1;
    }
    boolean word = parts.at(comma + 1).is("LAMBDA");
    int at = word ? comma + 2 : comma + 1;
    boolean list = !word && parts.at(at).isMark("(");
    at += list ? 1 : 0;
    List<Token> names = new ArrayList<>();
    while (Parts.isName(parts.at(at))) {
      names.add(parts.at(at));
      at += parts.at(at + 1).isMark(",") ? 2 : 1;
    }
    at += list ? 1 : 0;
    if (names.isEmpty() || names.size() > 2 || !parts.at(at).isMark(word ? ":" : "->")) {
      return -1;
    }
    Token head = in.get(i);
    List<Token> body = of(parts.copy(at + 1, close));
    Token position =
        names.size() == 2 ? names.get(1) : new Token(Token.Kind.NAME, "\"$i\"", head.start());
    Parts.write(
        out, head, "(SELECT CASE WHEN \"$list\" IS NOT NULL THEN \"$or_empty\"((SELECT list(");
    out.addAll(filter ? List.of(names.get(0)) : body);
    Parts.write(out, head, "ORDER BY");
    out.add(position);
    Parts.write(out, head, ")");
    if (filter) {
      Parts.write(out, head, "FILTER (WHERE");
      out.addAll(body);
      Parts.write(out, head, ")");
    }
    Parts.write(out, head, "FROM (SELECT unnest(\"$list\") AS");
    out.add(names.get(0));
    Parts.write(out, head, ", \"$position\"() AS");
    out.add(position);
    Parts.write(out, head, ") AS \"$elements\")) END FROM (SELECT");
    out.addAll(of(parts.copy(i + 2, comma)));
    Parts.write(out, in.get(close), "AS \"$list\") AS \"$lists\")");
    return close;
  }
}
