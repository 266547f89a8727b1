package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Token;
import org.jspecify.annotations.Nullable;

/**
 * {@code SET name = value}, {@code RESET name}, {@code RESET ALL}, {@code PRAGMA name = value}.
 *
 * @param name empty: all
 * @param value null: the default
 */
record SetOption(Token place, String name, @Nullable String value) implements Command {
  static SetOption read(TokenReader r) {
    String verb = r.acceptAny("SET", "RESET", "PRAGMA");
    if (verb.equals("SET")) {
      r.acceptAny("SESSION", "LOCAL", "GLOBAL");
    }
    Token place = r.peek();
    if (verb.equals("RESET") && r.accept("ALL")) {
      r.expectEnd();
      return new SetOption(place, "", null);
    }
    String name = r.name("the name of a setting");
    String value = null;
    if (verb.equals("SET")) {
      if (!r.acceptMark("=") && !r.accept("TO")) {
        throw r.expected("= or TO");
      }
      value = value(r);
    } else if (verb.equals("PRAGMA")) {
      if (r.acceptMark("=")) {
        value = value(r);
      } else if (r.acceptMark("(")) {
        value = value(r);
        r.expectMark(")");
      } else {
        value = "true";
      }
    }
    r.expectEnd();
    return new SetOption(place, name, value);
  }

  private static @Nullable String value(TokenReader r) {
    if (r.accept("DEFAULT")) {
      return null;
    }
    if (r.isEnd() || r.peek().isMark(")")) {
      throw r.expected("a value");
    }
    return r.take().value();
  }

  @Override
  public Result run(Work work) {
    if (name.isEmpty()) {
      work.settings().reset();
      return work.status("all settings are their defaults");
    }
    try {
      work.settings().set(name, value);
    } catch (PenstockException e) {
      throw TokenReader.placed(work.statement(), place, e);
    }
    return work.status(name + " = " + work.settings().get(name));
  }
}
