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

  /**
   * Takes {@code (a INTEGER NOT NULL, b VARCHAR, PRIMARY KEY (a))}.
   *
   * @param unique gets the columns of each key
   */
  static List<ColumnDefinition> list(TokenReader r, List<List<String>> unique) {
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
        tableConstraint(r, keys, unique);
      } else {
        Token place = r.peek();
        ColumnDefinition c = column(r, unique);
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

  private static void tableConstraint(TokenReader r, Set<String> keys, List<List<String>> unique) {
    if (r.accept("CONSTRAINT")) {
      r.name("the name of a constraint");
    }
    if (r.accept("PRIMARY", "KEY")) {
      List<String> key = r.names("the name of a column");
      key.forEach(n -> keys.add(n.toLowerCase(Locale.ROOT)));
      unique.add(key);
    } else if (r.accept("UNIQUE")) {
      unique.add(r.names("the name of a column"));
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

  /** Takes {@code a INTEGER NOT NULL}; a key of this one column goes to {@code unique}. */
  static ColumnDefinition column(TokenReader r, List<List<String>> unique) {
    String name = r.name("the name of a column");
    DataType type = typed(r, name, CONSTRAINTS).type();
    boolean notNull = false;
    List<Token> defaultValue = List.of();
    while (!r.peek().isMark(",") && !r.peek().isMark(")") && !r.isEnd()) {
      if (r.accept("NOT", "NULL")) {
        notNull = true;
      } else if (r.accept("PRIMARY", "KEY")) {
        notNull = true;
        unique.add(List.of(name));
        r.acceptAny("ASC", "DESC");
      } else if (r.accept("UNIQUE")) {
        unique.add(List.of(name));
      } else if (r.accept("DEFAULT")) {
        defaultValue = r.expression(CONSTRAINTS);
      } else if (r.at("REFERENCES")) {
        references(r);
      } else if (r.accept("CONSTRAINT")) {
        r.name("the name of a constraint");
      } else if (!r.accept("NULL")) {
        throw unsupported(r);
      }
    }
    return new ColumnDefinition(name, type, notNull, defaultValue);
  }

  /** Takes the type of a column, up to one of these words. */
  static ColumnDefinition typed(TokenReader r, String name, String... ends) {
    Token place = r.peek();
    if (place.isMark(",") || place.isMark(")")) {
      throw r.expected("the type of column " + name);
    }
    StringBuilder text = new StringBuilder();
    for (Token t : r.expression(ends)) {
      text.append(text.isEmpty() || t.isMark("(") || t.isMark(")") ? "" : " ").append(t.value());
    }
    try {
      DataType type = TypeNames.parse(text.toString().replace("( ", "("));
      return new ColumnDefinition(name, type, false, List.of());
    } catch (PenstockException e) {
      throw r.placed(place, e);
    }
  }
}
