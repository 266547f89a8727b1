package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes FROM: tables, sub-queries, VALUES, and joins of them. */
final class Froms {
  private final QueryMaker queries;
  private final Dice dice;
  private Term text = Term.clause();
  private String last = "";
  private List<Term> shared = new ArrayList<>();
  private boolean joined;

  Froms(QueryMaker queries) {
    this.queries = queries;
    this.dice = queries.dice;
  }

  /** The text of what {@link #make} made last. */
  Term text() {
    return text;
  }

  /** The text of what {@link #table} made last. */
  String last() {
    return last;
  }

  /** The columns that USING or NATURAL made one, in what {@link #make} made last. */
  List<Term> shared() {
    return shared;
  }

  private record Relation(Term sql, List<Term> terms, double rows) {}

  Scope make(@Nullable Scope outer, int depth) {
    Scope made = relations(outer, depth);
    if (!joined) {
      shared = new ArrayList<>();
    }
    joined = false;
    return made;
  }

  private Scope relations(@Nullable Scope outer, int depth) {
    if (dice.chance(3)) {
      text = Term.clause();
      return new Scope(List.of(), outer, 1);
    }
    Relation first = relation(depth);
    Term sql = Term.clause(" FROM ", first.sql);
    List<Term> terms = new ArrayList<>(first.terms);
    double rows = Math.max(1, first.rows);
    int more = dice.of(0, 0, 0, 1, 1, 2, 3);
    int since = 0;
    for (int i = 0; i < more; i++) {
      if (i == 0 && dice.chance(15)) {
        Scope both = using(sql);
        if (both != null) {
          text = sql;
          joined = true;
          return new Scope(both.terms(), outer, both.volume());
        }
      }
      if (outer == null && depth > 1 && dice.chance(12)) {
        rows *= lateral(sql, terms, rows);
        since = terms.size();
        break;
      }
      Relation r = relation(Math.min(depth, 2));
      if (rows * Math.max(1, r.rows) > QueryMaker.MOST_ROWS) {
        continue;
      }
      rows *= Math.max(1, r.rows);
      rows += 50;
      since = join(sql, terms, r, depth, since, dice.chance(20));
    }
    text = sql;
    return new Scope(List.copyOf(terms), outer, rows);
  }

  /**
   * Joins one more relation.
   *
   * @param since where the columns behind the last comma begin: an ON sees no others
   * @return that place, for what follows
   */
  private int join(Term sql, List<Term> terms, Relation r, int depth, int since, boolean comma) {
    List<Term> left = List.copyOf(terms.subList(since, terms.size()));
    int before = terms.size();
    terms.addAll(r.terms);
    if (comma || dice.chance(8)) {
      sql.add(Term.optional(comma ? ", " : " CROSS JOIN ", r.sql));
      return comma ? before : since;
    }
    Scope both = new Scope(List.copyOf(terms.subList(since, terms.size())), null, 1e9);
    queries.plain();
    Term on = on(left, r.terms, both, depth);
    queries.mayNestAgain();
    if (dice.chance(7)) {
      terms.subList(before, terms.size()).clear();
      sql.add(Term.optional(dice.of(" SEMI JOIN ", " ANTI JOIN "), r.sql, " ON ", on));
      return since;
    }
    sql.add(
        Term.optional(
            dice.of(
                " JOIN ",
                " INNER JOIN ",
                " LEFT JOIN ",
                " LEFT JOIN ",
                " RIGHT JOIN ",
                " FULL JOIN "),
            r.sql,
            " ON ",
            on));
    return since;
  }

  private Term on(List<Term> left, List<Term> right, Scope both, int depth) {
    List<Term> conditions = new ArrayList<>();
    for (Term a : left) {
      for (Term b : right) {
        if (a.type == b.type && a.exact && b.exact && dice.chance(25) && conditions.size() < 2) {
          conditions.add(
              Term.of(
                  Type.BOOLEAN,
                  a.again(),
                  dice.of(" = ", " = ", " = ", " IS NOT DISTINCT FROM "),
                  b.again()));
        }
      }
    }
    if (conditions.isEmpty() || dice.chance(25)) {
      conditions.add(queries.expressions.condition(both, Math.min(2, depth)));
    }
    return Term.list(" AND ", conditions);
  }

  /** Two tables and the columns that they share; null if there are no such. */
  private @Nullable Scope using(Term sql) {
    Table a = dice.of(queries.tables);
    Table b = dice.of(queries.tables);
    if (a.name().equals(b.name())
        || Math.max(1, a.rows().size()) * Math.max(1, b.rows().size()) > QueryMaker.MOST_ROWS) {
      return null;
    }
    List<String> bNames = b.columns().stream().map(Table.Column::name).toList();
    List<Table.Column> common =
        a.columns().stream().filter(c -> bNames.contains(c.name())).toList();
    for (Table.Column c : common) {
      if (b.columns().stream()
          .anyMatch(o -> o.name().equals(c.name()) && !o.sqlType().equals(c.sqlType()))) {
        return null;
      }
    }
    String x = queries.name("j");
    String y = queries.name("j");
    boolean natural = dice.chance(50);
    List<Table.Column> keys = natural || dice.chance(40) ? common : List.of(common.get(0));
    String kind = dice.of("", "", "LEFT ", "RIGHT ", "FULL ");
    sql.parts.clear();
    sql.add(
        " FROM "
            + a.name()
            + " "
            + x
            + (natural ? " NATURAL " : " ")
            + kind
            + "JOIN "
            + b.name()
            + " "
            + y);
    if (!natural) {
      sql.add(
          " USING (" + String.join(", ", keys.stream().map(Table.Column::quoted).toList()) + ")");
    }
    shared = new ArrayList<>();
    List<Term> terms = new ArrayList<>();
    for (Table.Column c : keys) {
      if (dice.chance(50)) {
        Term alone = c.term("");
        alone.local = true;
        terms.add(alone);
        shared.add(alone.again());
        continue;
      }
      Term left = c.term(x + ".");
      Term right = c.term(y + ".");
      Term one =
          switch (kind) {
            case "RIGHT " -> right;
            case "FULL " -> Term.of(c.type(), "COALESCE(", left, ", ", right, ")").like(left);
            default -> left;
          };
      terms.add(one);
      shared.add(c.term("").like(one));
    }
    a.columns().stream().filter(c -> !keys.contains(c)).forEach(c -> terms.add(c.term(x + ".")));
    b.columns().stream()
        .filter(c -> keys.stream().noneMatch(k -> k.name().equals(c.name())))
        .forEach(c -> terms.add(c.term(y + ".")));
    return new Scope(
        terms, null, Math.max(1.0, a.rows().size()) * Math.max(1, b.rows().size()) + 50);
  }

  /** A sub-query that sees what stands before it; returns by how much it multiplies the rows. */
  private double lateral(Term sql, List<Term> terms, double rows) {
    Scope left = new Scope(List.copyOf(terms), null, rows);
    if (dice.chance(20)) {
      Type type = dice.of(Type.INT, Type.VARCHAR, Type.DATE);
      String name = queries.name("u");
      Term list = Term.list(", ", queries.expressions.some(type, left.around(), 0, 3));
      sql.add(
          Term.clause(dice.of(", ", " CROSS JOIN ") + "UNNEST([", list, "]) AS " + name + "(e)"));
      terms.add(Term.of(type, "e").bound(0x80000000L).named(name + ".e"));
      return 3;
    }
    Query q = queries.query(left.around(), null, 1);
    if (q.volume() * rows > QueryMaker.MOST_ROWS) {
      return 1;
    }
    String name = queries.name("l");
    sql.add(
        dice.chance(50)
            ? Term.optional(", LATERAL (", q.sql(), ") " + name)
            : Term.optional(" LEFT JOIN LATERAL (", q.sql(), ") " + name + " ON TRUE"));
    terms.addAll(q.of(name));
    return Math.max(1, q.volume());
  }

  private Relation relation(int depth) {
    if (!queries.with.isEmpty() && dice.chance(40)) {
      QueryMaker.Named n = dice.of(queries.with);
      String name = queries.name("q");
      return new Relation(
          Term.clause(n.name() + " AS " + name), n.query().of(name), n.query().volume());
    }
    if (depth > 0 && dice.chance(3)) {
      return withInside(depth);
    }
    if (depth > 0 && dice.chance(15)) {
      Query q = queries.query(null, null, depth - 1);
      if (q.volume() < QueryMaker.MOST_ROWS) {
        String name = queries.name("q");
        return new Relation(Term.clause("(", q.sql(), ") AS " + name), q.of(name), q.volume());
      }
    }
    if (dice.chance(7)) {
      // not in a join in parentheses: docs/sql-deviations.md
      return depth > 0 && dice.chance(25) ? elements() : values();
    }
    if (depth > 0 && dice.chance(4)) {
      return star();
    }
    if (depth > 0 && dice.chance(5)) {
      return parenthesis(depth);
    }
    Scope s = table(dice.of(queries.tables));
    return new Relation(Term.clause(last), s.terms(), s.volume());
  }

  /** A sub-query with a WITH of its own. */
  private Relation withInside(int depth) {
    String with = queries.name("w");
    Query defined = queries.query(null, null, depth - 1);
    QueryMaker.Named named = new QueryMaker.Named(with, defined);
    queries.with.add(named);
    Query q = queries.query(null, null, depth - 1);
    queries.with.remove(named);
    String name = queries.name("q");
    return new Relation(
        Term.clause("(WITH " + with + " AS (", defined.sql(), ") ", q.sql(), ") AS " + name),
        q.of(name),
        q.volume());
  }

  /** Two tables joined, in parentheses. */
  private Relation parenthesis(int depth) {
    Relation a = relation(0);
    Relation b = relation(0);
    List<Term> both = new ArrayList<>(a.terms);
    both.addAll(b.terms);
    queries.plain();
    Term on = on(a.terms, b.terms, new Scope(both, null, 1e9), depth);
    queries.mayNestAgain();
    return new Relation(
        Term.clause(
            "(", a.sql, dice.of(" JOIN ", " LEFT JOIN ", " FULL JOIN "), b.sql, " ON ", on, ")"),
        both,
        Math.max(1, a.rows) * Math.max(1, b.rows));
  }

  Scope table(Table t) {
    String name = queries.name("j");
    last = t.name() + (dice.chance(50) ? " AS " : " ") + name;
    return new Scope(
        t.columns().stream().map(c -> c.term(name + ".")).toList(),
        null,
        Math.max(1, t.rows().size()));
  }

  /** The elements of a list, or some numbers. */
  private Relation elements() {
    String name = queries.name("u");
    Type type = dice.of(Type.INT, Type.VARCHAR, Type.DATE);
    if (dice.chance(40)) {
      int from = dice.between(-2, 5);
      return new Relation(
          Term.clause(
              dice.of("GENERATE_SERIES(", "RANGE(")
                  + from
                  + ", "
                  + (from + dice.below(6))
                  + ") AS "
                  + name
                  + "(e)"),
          List.of(Term.of(Type.BIGINT, "e").bound(20).named(name + ".e")),
          6);
    }
    List<Term> list = new ArrayList<>();
    for (int i = dice.between(1, 4); i > 0; i--) {
      list.add(queries.expressions.literal(type));
    }
    return new Relation(
        Term.clause("UNNEST([", Term.list(", ", list), "]) AS " + name + "(e)"),
        List.of(Term.of(type, "e").bound(13).named(name + ".e")),
        4);
  }

  /** A star that leaves out, renames or replaces a column. */
  private Relation star() {
    Table t = dice.of(queries.tables);
    Table.Column c = dice.of(t.columns());
    String name = queries.name("q");
    List<Term> terms = new ArrayList<>();
    String star;
    if (dice.chance(50) && t.columns().size() > 1) {
      star = "* EXCLUDE (" + c.quoted() + ")";
      t.columns().stream().filter(o -> !o.equals(c)).forEach(o -> terms.add(o.term(name + ".")));
    } else {
      star = "* REPLACE (COALESCE(" + c.quoted() + ", NULL) AS " + c.quoted() + ")";
      t.columns().forEach(o -> terms.add(o.term(name + ".")));
    }
    return new Relation(
        Term.clause("(SELECT " + star + " FROM " + t.name() + ") AS " + name),
        terms,
        Math.max(1, t.rows().size()));
  }

  private Relation values() {
    String name = queries.name("v");
    int n = dice.between(1, 4);
    List<Type> types =
        List.of(Type.INT, dice.of(Type.VARCHAR, Type.DATE, Type.BIGINT, Type.DOUBLE));
    List<Term> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Term> row = new ArrayList<>();
      types.forEach(t -> row.add(queries.expressions.literal(t)));
      rows.add(Term.clause("(", Term.list(", ", row), ")"));
    }
    return new Relation(
        Term.clause("(VALUES ", Term.list(", ", rows), ") AS " + name + "(x, y)"),
        List.of(
            Term.of(types.get(0), "x").bound(12).named(name + ".x"),
            Term.of(types.get(1), "y").bound(12_000).named(name + ".y")),
        n);
  }
}
