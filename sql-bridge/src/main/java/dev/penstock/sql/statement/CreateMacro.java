package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Macro;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code CREATE [OR REPLACE] MACRO|FUNCTION f(a, b := 1) AS expression}, {@code AS TABLE query}.
 * The body is read where the macro is used.
 */
record CreateMacro(Token place, Macro macro, boolean replace, boolean ifNotExists)
    implements Command {
  /** Behind MACRO. */
  static CreateMacro read(TokenReader r, boolean replace) {
    boolean ifNotExists = r.accept("IF", "NOT", "EXISTS");
    Token place = r.peek();
    String name = r.tableName();
    List<Macro.Variant> variants = new ArrayList<>();
    do {
      variants.add(variant(r));
    } while (r.acceptMark(","));
    r.expectEnd();
    return new CreateMacro(place, new Macro(name, List.copyOf(variants)), replace, ifNotExists);
  }

  private static Macro.Variant variant(TokenReader r) {
    List<String> parameters = new ArrayList<>();
    Map<String, List<Token>> defaults = new HashMap<>();
    r.expectMark("(");
    if (!r.acceptMark(")")) {
      do {
        String parameter = r.name("the name of a parameter").toLowerCase(Locale.ROOT);
        parameters.add(parameter);
        if (r.acceptMark(":=")) {
          defaults.put(parameter, r.expression(",", ")"));
        }
      } while (r.acceptMark(","));
      r.expectMark(")");
    }
    r.expect("AS");
    List<Token> body = r.accept("TABLE") ? r.query() : r.expression(",");
    return new Macro.Variant(List.copyOf(parameters), Map.copyOf(defaults), body);
  }

  @Override
  public Result run(Work work) {
    boolean exists = work.catalog().macro(macro.name()) != null;
    if (exists && ifNotExists) {
      return work.status("macro " + macro.name() + " exists");
    }
    if (exists && !replace) {
      throw work.problem(
          place, "macro-exists", "there is a macro " + macro.name() + "; drop it first");
    }
    work.catalog().macro(macro);
    return work.status("created macro " + macro.name());
  }
}
