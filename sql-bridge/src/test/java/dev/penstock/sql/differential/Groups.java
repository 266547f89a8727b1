package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;

/** Makes GROUP BY and HAVING. */
final class Groups {
  private static final double MOST_ADDED = 1e6;
  private final QueryMaker queries;
  private final Dice dice;
  private Term text = Term.clause();

  Groups(QueryMaker queries) {
    this.queries = queries;
    this.dice = queries.dice;
  }

  /** The text of what {@link #make} made last. */
  Term text() {
    return text;
  }

  /** What a query grouped over the scope may select. */
  Scope make(Scope s, int depth) {
    queries.plain();
    List<Term> columns = s.terms().stream().filter(t -> t.exact && t.column).toList();
    boolean sets = dice.chance(25) && !columns.isEmpty();
    List<Term> keys = new ArrayList<>();
    for (int i = columns.isEmpty() ? 0 : dice.of(0, 1, 1, 2, 3); i > 0; i--) {
      Term key = dice.of(columns).again();
      if (!sets && key.type != Type.BOOLEAN && dice.chance(25)) {
        key = queries.expressions.exact(key.type(), new Scope(List.of(key), null, 1), 1);
        if (!key.toString().matches(".*[a-z][0-9]*[.][a-z].*")) {
          continue;
        }
      }
      String written = key.toString();
      if (keys.stream().noneMatch(k -> k.toString().equals(written))) {
        keys.add(key);
      }
    }
    List<Term> terms = new ArrayList<>(keys);
    for (int i = dice.between(keys.isEmpty() ? 1 : 0, 4); i > 0; i--) {
      terms.add(aggregate(s.alone(), Math.min(depth, 2)));
    }
    if (sets && !keys.isEmpty() && dice.chance(50)) {
      terms.add(Term.of(Type.BIGINT, "GROUPING(" + dice.of(keys) + ")").bound(1));
    }
    queries.mayNestAgain();
    // outer columns beside aggregates: docs/sql-deviations.md
    Scope grouped = new Scope(terms, null, s.volume());
    Term made = Term.clause();
    if (!keys.isEmpty()) {
      made.add(Term.clause(" GROUP BY ", sets ? sets(keys) : Term.list(", ", keys)));
    }
    if (dice.chance(25)) {
      made.add(Term.optional(" HAVING ", queries.withoutWindows(withoutOrders(grouped))));
    }
    text = made;
    return grouped;
  }

  /** Without texts that are put in order: docs/sql-deviations.md. */
  static Scope withoutOrders(Scope s) {
    return new Scope(
        s.terms().stream().filter(t -> !t.toString().matches(".*(STRING_AGG|GROUPING).*")).toList(),
        s.outer(),
        s.volume());
  }

  private Term sets(List<Term> keys) {
    Term list = Term.list(", ", keys);
    return switch (dice.below(3)) {
      case 0 -> Term.clause("ROLLUP (", list, ")");
      case 1 -> Term.clause("CUBE (", list, ")");
      default -> {
        List<Term> sets = new ArrayList<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
          List<Term> set = new ArrayList<>(keys);
          set.removeIf(k -> dice.chance(40));
          sets.add(Term.clause("(", Term.list(", ", set), ")"));
        }
        sets.add(Term.clause("(", list, ")"));
        yield Term.clause("GROUPING SETS (", Term.list(", ", sets), ")");
      }
    };
  }

  /** An aggregate over the scope. */
  Term aggregate(Scope s, int depth) {
    Term t = plainAggregate(s, depth);
    if (dice.chance(15)) {
      Term filtered =
          Term.of(
                  t.type(),
                  t,
                  Term.optional(" FILTER (WHERE ", queries.expressions.condition(s, 1), ")"))
              .like(t);
      filtered.exact = t.exact;
      return cast(filtered);
    }
    return cast(t);
  }

  /** Sums of whole numbers are wider in DuckDB: what follows has the type that we have. */
  private static Term cast(Term t) {
    if (t.type != Type.BIGINT) {
      return t;
    }
    Term c = Term.of(Type.BIGINT, "CAST(", t, " AS BIGINT)").like(t);
    return c;
  }

  private Term plainAggregate(Scope s, int depth) {
    Expressions e = queries.expressions;
    Type type = e.likelyType(s);
    String distinct = dice.chance(25) ? "DISTINCT " : "";
    switch (dice.below(12)) {
      case 0:
        return Term.of(Type.BIGINT, "COUNT(*)").bound(MOST_ADDED);
      case 1, 2:
        return Term.of(Type.BIGINT, "COUNT(" + distinct, e.exact(type, s, depth), ")")
            .bound(MOST_ADDED);
      case 3, 4, 5:
        return sum(distinct, s, depth);
      case 6:
        return Term.of(Type.DOUBLE, "AVG(" + distinct, number(s, depth), ")").bound(1e9).inexact();
      case 7:
        return Term.of(Type.BOOLEAN, dice.of("BOOL_AND(", "BOOL_OR("), e.condition(s, depth), ")");
      case 8:
        {
          Term a = e.exact(Type.VARCHAR, s, depth);
          return Term.of(
              Type.VARCHAR,
              "STRING_AGG(" + distinct,
              a,
              ", ',' ORDER BY ",
              a,
              dice.of("", " DESC"),
              ")");
        }
      case 9:
        return Term.of(
                Type.DOUBLE,
                dice.of("STDDEV_SAMP(", "STDDEV_POP(", "VAR_SAMP(", "VAR_POP("),
                number(s, depth),
                ")")
            .bound(1e12)
            .inexact();
      default:
        {
          Term a = e.exact(type, s, depth);
          Term t = Term.of(type, dice.of("MIN(", "MAX("), a, ")").like(a);
          return t;
        }
    }
  }

  private Term number(Scope s, int depth) {
    Type type = dice.of(Type.INT, Type.BIGINT, Type.DOUBLE, Type.DECIMAL);
    Term t = queries.expressions.exact(type, s, depth);
    return t.bound <= 1e6 ? t : queries.expressions.literal(type);
  }

  private Term sum(String distinct, Scope s, int depth) {
    Type type = dice.of(Type.INT, Type.BIGINT, Type.DOUBLE, Type.DECIMAL);
    Term t = queries.expressions.exact(type, s, depth);
    double bound = t.bound * MOST_ADDED;
    switch (type) {
      case INT, BIGINT:
        if (bound > 4e18) {
          t = Term.of(type, "(", t, " % 97)").bound(97);
        }
        return Term.of(Type.BIGINT, "SUM(" + distinct, t, ")").bound(t.bound * MOST_ADDED);
      case DOUBLE:
        t = t.bound > 1e6 ? queries.expressions.literal(type) : t;
        return Term.of(type, "SUM(" + distinct, t, ")").bound(t.bound * MOST_ADDED);
      default:
        if (bound > Math.pow(10, 37.0 - t.scale)) {
          t = queries.expressions.literal(type);
        }
        return Term.of(type, "SUM(" + distinct, t, ")")
            .bound(t.bound * MOST_ADDED)
            .decimal(38, t.scale);
    }
  }
}
