package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Token;
import org.jspecify.annotations.Nullable;

/**
 * {@code SET name = value}, {@code RESET name}, {@code PRAGMA name = value}.
 *
 * @param value null: the default
 */
record SetOption(Token place, String name, @Nullable String value) implements Command {
  static SetOption read(TokenReader r) {
    String verb = r.acceptAny("SET", "RESET", "PRAGMA");
    if (verb.equals("SET")) {
      r.acceptAny("SESSION", "LOCAL", "GLOBAL");
    }
    Token place = r.peek();
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
    try {
      work.settings().set(name, value);
    } catch (PenstockException e) {
      throw TokenReader.placed(work.statement(), place, e);
    }
    return work.status(name + " = " + work.settings().get(name));
  }
}
