package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.TypeNames;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column of CREATE TABLE. NOT NULL is enforced; a primary key's columns are NOT NULL; that keys
 * are unique and refer to something is taken on trust.
 *
 * @param defaultValue the expression of DEFAULT, or empty
 */
record ColumnDefinition(String name, DataType type, boolean notNull, List<Token> defaultValue) {
  private static final String[] CONSTRAINTS = {
    "NOT",
    "NULL",
    "PRIMARY",
    "UNIQUE",
    "DEFAULT",
    "REFERENCES",
    "CHECK",
    "GENERATED",
    "COLLATE",
    "CONSTRAINT",
    "AS",
    ",",
    ")"
  };

  /** Takes {@code (a INTEGER NOT NULL, b VARCHAR, PRIMARY KEY (a))}. */
  static List<ColumnDefinition> list(TokenReader r) {
    List<ColumnDefinition> out = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    Set<String> names = new HashSet<>();
    r.expectMark("(");
    do {
      if (r.at("PRIMARY", "KEY")
          || r.at("FOREIGN", "KEY")
          || r.at("CONSTRAINT")
          || r.at("CHECK")
          || r.at("UNIQUE") && r.peek(1).isMark("(")) {
        tableConstraint(r, keys);
      } else {
        Token place = r.peek();
        ColumnDefinition c = column(r);
        if (!names.add(c.name.toLowerCase(Locale.ROOT))) {
          throw r.problem(place, "column " + c.name + " is there twice");
        }
        out.add(c);
      }
    } while (r.acceptMark(","));
    r.expectMark(")");
    return out.stream()
        .map(
            c ->
                keys.contains(c.name.toLowerCase(Locale.ROOT))
                    ? new ColumnDefinition(c.name, c.type, true, c.defaultValue)
                    : c)
        .toList();
  }

  private static void tableConstraint(TokenReader r, Set<String> keys) {
    if (r.accept("CONSTRAINT")) {
      r.name("the name of a constraint");
    }
    if (r.accept("PRIMARY", "KEY")) {
      r.names("the name of a column").forEach(n -> keys.add(n.toLowerCase(Locale.ROOT)));
    } else if (r.accept("UNIQUE")) {
      r.names("the name of a column");
    } else if (r.accept("FOREIGN", "KEY")) {
      r.names("the name of a column");
      references(r);
    } else {
      throw unsupported(r);
    }
  }

  private static void references(TokenReader r) {
    r.expect("REFERENCES");
    r.tableName();
    if (r.peek().isMark("(")) {
      r.names("the name of a column");
    }
    while (r.accept("ON")) {
      r.take();
      if (!r.accept("NO", "ACTION") && !r.accept("SET", "NULL") && !r.accept("SET", "DEFAULT")) {
        r.take();
      }
    }
  }

  private static PenstockException unsupported(TokenReader r) {
    return r.expected("NOT NULL, DEFAULT, PRIMARY KEY, UNIQUE or REFERENCES");
  }

  private static ColumnDefinition column(TokenReader r) {
    String name = r.name("the name of a column");
    Token place = r.peek();
    DataType type;
    if (place.isMark(",") || place.isMark(")")) {
      throw r.expected("the type of column " + name);
    }
    StringBuilder text = new StringBuilder();
    for (Token t : r.expression(CONSTRAINTS)) {
      text.append(text.isEmpty() || t.isMark("(") || t.isMark(")") ? "" : " ").append(t.value());
    }
    try {
      type = TypeNames.parse(text.toString().replace("( ", "("));
    } catch (PenstockException e) {
      throw r.placed(place, e);
    }
    boolean notNull = false;
    List<Token> defaultValue = List.of();
    while (!r.peek().isMark(",") && !r.peek().isMark(")") && !r.isEnd()) {
      if (r.accept("NOT", "NULL") || r.accept("PRIMARY", "KEY")) {
        notNull = true;
      } else if (r.accept("DEFAULT")) {
        defaultValue = r.expression(CONSTRAINTS);
      } else if (r.at("REFERENCES")) {
        references(r);
      } else if (r.accept("CONSTRAINT")) {
        r.name("the name of a constraint");
      } else if (!r.accept("NULL") && !r.accept("UNIQUE")) {
        throw unsupported(r);
      }
    }
    return new ColumnDefinition(name, type, notNull, defaultValue);
  }
}
