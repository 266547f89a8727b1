package dev.penstock.sql.differential;

import java.util.List;

/** Makes sub-queries in expressions, correlated more often than not. */
final class Subqueries {
  private final QueryMaker queries;
  private final Dice dice;

  Subqueries(QueryMaker queries) {
    this.queries = queries;
    this.dice = queries.dice;
  }

  Term condition(Scope s, int depth) {
    Scope outer = s.around();
    Type type = queries.expressions.likelyType(s);
    Term x = queries.expressions.exact(type, s, 0);
    int d = Math.min(1, depth);
    return switch (dice.below(8)) {
      case 7 -> rows(s, d);
      case 6 -> is("(", x, dice.of(" IN (", " NOT IN ("), "VALUES ", rows(type, s), "))");
      case 0, 1 ->
          is(dice.of("(EXISTS (", "(NOT EXISTS ("), queries.query(outer, null, d).sql(), "))");
      case 2, 3 ->
          is(
              "(",
              x,
              dice.of(" IN (", " NOT IN ("),
              queries.query(outer, List.of(type), d).sql(),
              "))");
      case 4 ->
          is(
              "(",
              x,
              dice.of(" = ", " <> ", " < ", " >= ") + dice.of("ANY (", "ALL ("),
              queries.query(outer, List.of(type), d).sql(),
              "))");
      default -> is("(", x, dice.of(" = ", " <> ", " < ", " >= "), scalar(type, s, d), ")");
    };
  }

  /** Two values at once. */
  private Term rows(Scope s, int depth) {
    List<Type> types =
        List.of(queries.expressions.likelyType(s), queries.expressions.likelyType(s));
    return is(
        "((",
        queries.expressions.exact(types.get(0), s, 0),
        ", ",
        queries.expressions.exact(types.get(1), s, 0),
        dice.of(") IN (", ") NOT IN ("),
        // DuckDB takes none that is correlated
        queries.query(null, types, depth).sql(),
        "))");
  }

  private Term rows(Type type, Scope s) {
    List<Term> rows = new java.util.ArrayList<>();
    for (Term t : queries.expressions.some(type, s.alone(), 0, 3)) {
      rows.add(Term.clause("(", t.column ? queries.expressions.literal(type) : t, ")"));
    }
    return Term.list(", ", rows);
  }

  private static Term is(Object... parts) {
    return Term.of(Type.BOOLEAN, parts).exact();
  }

  /** A sub-query of one row. */
  Term scalar(Type type, Scope s, int depth) {
    if (type == Type.BIGINT && dice.chance(50)) {
      return Term.of(
              type,
              "(SELECT COUNT(*) FROM (",
              queries.query(s.around(), null, depth).sql(),
              ") AS " + queries.name("q") + ")")
          .bound(1e6);
    }
    if (type == Type.BIGINT && dice.chance(25)) {
      return ofList(s);
    }
    if (dice.chance(30)) {
      return first(type, s, depth);
    }
    Query q = queries.query(s.around(), List.of(type), depth);
    Term c = q.columns().get(0);
    String name = queries.name("q");
    Term t =
        Term.of(
                type,
                "(SELECT " + dice.of("MIN", "MAX") + "(" + name + "." + c + ") FROM (",
                q.sql(),
                ") AS " + name + ")")
            .like(c);
    t.exact = c.exact;
    return t;
  }

  /** Of the elements of a list. */
  private Term ofList(Scope s) {
    String name = queries.name("u");
    Term list = Term.list(", ", queries.expressions.some(Type.INT, s.around(), 0, 3));
    return Term.of(
            Type.BIGINT,
            "(SELECT " + dice.of("COUNT", "MIN", "MAX") + "(" + name + ".e) FROM UNNEST([",
            list,
            "]) AS " + name + "(e))")
        .bound(0x80000000L);
  }

  /** The first row in an order. */
  private Term first(Type type, Scope s, int depth) {
    Query q = queries.query(s.around(), List.of(type), depth);
    Term c = q.columns().get(0);
    String name = queries.name("q");
    return Term.of(
            type,
            "(SELECT " + name + "." + c + " FROM (",
            q.sql(),
            ") AS " + name + " ORDER BY 1" + dice.of("", " DESC", " NULLS FIRST"),
            " LIMIT 1)")
        .like(c);
  }
}
