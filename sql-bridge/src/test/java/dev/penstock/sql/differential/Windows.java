package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;

/** Makes window functions whose rows are in a total order where that counts. */
final class Windows {
  /** What order the rows of a window need. */
  private enum Rank {
    ANY,
    SOME,
    TOTAL
  }

  private final QueryMaker queries;
  private final Dice dice;
  private Term named = Term.clause();
  private String name = "";
  private boolean nullsIgnored;

  /** A function that tells equal rows apart was made. */
  private boolean numbered;

  Windows(QueryMaker queries) {
    this.queries = queries;
    this.dice = queries.dice;
  }

  /** The next window functions are those of another query. */
  void begin() {
    numbered = false;
  }

  /** The scope and some window functions over it. */
  Scope add(Scope s, boolean grouped) {
    nullsIgnored = !grouped; // of aggregates: docs/sql-deviations.md
    List<Term> terms = new ArrayList<>(s.terms());
    queries.plain();
    named = Term.clause();
    if (dice.chance(20) && Groups.withoutOrders(s).terms().size() == s.terms().size()) {
      String window = queries.name("w");
      Term made = window(s, Rank.TOTAL);
      // DuckDB numbers the parameters in it first
      if (made.written().parameters().isEmpty()) {
        named = Term.clause(" WINDOW " + window + " AS (", made, ")");
        name = window;
      }
    }
    for (int i = dice.between(1, 3); i > 0; i--) {
      terms.add(function(s));
    }
    queries.mayNestAgain();
    name = "";
    return new Scope(terms, s.outer(), s.volume());
  }

  /** The WINDOW clause that {@link #add} made last. */
  Term named() {
    return named;
  }

  /**
   * A condition for QUALIFY.
   *
   * @param alone no other window numbers the rows: then it is all one which of equal rows stay
   */
  Term filter(Scope s, boolean alone) {
    nullsIgnored = true;
    queries.plain();
    Term f = function(s);
    Term t =
        dice.chance(60) || !f.exact
            ? Term.of(
                Type.BOOLEAN,
                alone ? "ROW_NUMBER() OVER (" : "RANK() OVER (",
                window(s, Rank.TOTAL),
                ") <= " + dice.between(1, 4))
            : Term.of(Type.BOOLEAN, f, " >= ", queries.expressions.literal(f.type()));
    queries.mayNestAgain();
    return t;
  }

  private Term function(Scope whole) {
    // a sorted text in an order: docs/sql-deviations.md
    Scope s = Groups.withoutOrders(whole);
    boolean total =
        whole.terms().stream().allMatch(t -> t.exact) && s.terms().size() == whole.terms().size();
    Type type = queries.expressions.likelyType(s);
    if (dice.chance(20)) {
      return overRange(s);
    }
    // rows that are equal in all columns get different numbers, and two numbers go together anyhow
    int choice = dice.below(total && !numbered ? 10 : 2);
    numbered |= choice >= 2;
    switch (choice) {
      case 8:
        return Term.of(Type.DOUBLE, dice.of("PERCENT_RANK", "CUME_DIST"), "() OVER (", some(s), ")")
            .bound(1)
            .inexact();
      case 9:
        {
          Term a = queries.expressions.exact(type, s.alone(), 1);
          return Term.of(
                  type,
                  "NTH_VALUE(",
                  a,
                  ", " + dice.between(1, 3) + ignored() + ") OVER (",
                  window(s, Rank.TOTAL),
                  frame(),
                  ")")
              .like(a);
        }
      case 0:
        return Term.of(Type.BIGINT, dice.of("RANK", "DENSE_RANK"), "() OVER (", some(s), ")")
            .bound(1e6);
      case 1:
        {
          Term a = queries.groups().aggregate(s.alone(), 1);
          // DuckDB takes no ORDER BY in an aggregate over a window for granted: leave it to groups
          return isPlain(a) ? over(a, window(s, Rank.ANY)) : function(s);
        }
      case 2:
        return Term.of(Type.BIGINT, "ROW_NUMBER() OVER (", window(s, Rank.TOTAL), ")").bound(1e6);
      case 3:
        return Term.of(
                Type.BIGINT, "NTILE(" + dice.between(1, 5) + ") OVER (", window(s, Rank.TOTAL), ")")
            .bound(1e6);
      case 4:
        {
          Term a = queries.expressions.exact(type, s.alone(), 1);
          return Term.of(
                  type,
                  dice.of("LAG(", "LEAD("),
                  a,
                  (dice.chance(50) ? ", " + dice.below(3) : "") + ignored() + ") OVER (",
                  window(s, Rank.TOTAL),
                  ")")
              .like(a);
        }
      case 5:
        {
          Term a = queries.expressions.exact(type, s.alone(), 1);
          return Term.of(
                  type,
                  dice.of("FIRST_VALUE(", "LAST_VALUE("),
                  a,
                  ignored() + ") OVER (",
                  window(s, Rank.TOTAL),
                  frame(),
                  ")")
              .like(a);
        }
      default:
        {
          Term a = queries.groups().aggregate(s.alone(), 1);
          return isPlain(a) ? over(a, Term.clause(window(s, Rank.TOTAL), frame())) : function(s);
        }
    }
  }

  private String ignored() {
    return nullsIgnored ? dice.of("", "", "", " IGNORE NULLS") : "";
  }

  /** An aggregate over the rows that are near in value. */
  private Term overRange(Scope s) {
    Term a = queries.groups().aggregate(s.alone(), 1);
    if (!isPlain(a)) {
      return function(s);
    }
    Type type = dice.of(Type.INT, Type.BIGINT, Type.DATE, Type.TIMESTAMP);
    List<Term> keys = s.of(type);
    boolean number = type.isNumber();
    Term key =
        keys.isEmpty() || keys.get(0).bound > 1e9 && number
            ? queries.expressions.small(type, s.alone(), 1)
            : dice.of(keys).again();
    if (key.bound > 1e9 && number) {
      return function(s);
    }
    String unit = number ? "" : dice.of(" DAY", " MONTH");
    String before = bound(unit, number);
    String after = bound(unit, number);
    String frame =
        dice.of(
            before + " PRECEDING AND " + after + " FOLLOWING",
            before + " PRECEDING AND CURRENT ROW",
            "CURRENT ROW AND " + after + " FOLLOWING",
            "UNBOUNDED PRECEDING AND " + after + " FOLLOWING",
            "CURRENT ROW AND UNBOUNDED FOLLOWING",
            "UNBOUNDED PRECEDING AND CURRENT ROW");
    Term w = Term.clause();
    if (dice.chance(40)) {
      Term p = queries.expressions.exact(queries.expressions.likelyType(s), s.alone(), 0);
      w.add(Term.optional("PARTITION BY ", p, " "));
    }
    w.add(
        Term.clause(
            "ORDER BY ",
            queries.expressions.ordered(key),
            dice.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST"),
            " RANGE BETWEEN " + frame));
    w.add(Term.optional(excluded()));
    return over(a, w);
  }

  private String bound(String unit, boolean number) {
    int n = dice.below(6);
    return number ? "" + n : "INTERVAL '" + n + "'" + unit;
  }

  private String excluded() {
    return dice.of(
        "", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES", " EXCLUDE NO OTHERS");
  }

  private Term some(Scope s) {
    return window(s, Rank.SOME);
  }

  private static boolean isPlain(Term aggregate) {
    String text = aggregate.toString();
    return !text.contains("LEN(LIST(")
        && !text.contains("LEN(ARRAY")
        && !text.contains("DISTINCT")
        && !text.contains("ORDER BY")
        && !text.contains("FILTER");
  }

  private static Term over(Term aggregate, Term window) {
    Term f = aggregate;
    if (aggregate.parts.size() > 2 && aggregate.parts.get(1) instanceof Term inner) {
      String head = aggregate.parts.get(0).toString();
      if (head.equals("CAST(") || head.equals("NULLIF(") || head.equals("COALESCE(")) {
        return Term.of(f.type(), head, inner, " OVER (", window, ")" + aggregate.parts.get(2))
            .like(f);
      }
    }
    Term t = Term.of(f.type(), f, " OVER (", window, ")").like(f);
    return t;
  }

  private Term window(Scope s, Rank rank) {
    if (!name.isEmpty() && dice.chance(60)) {
      return Term.clause(name);
    }
    Scope alone = s.alone();
    Term w = Term.clause();
    if (dice.chance(50)) {
      Term p = queries.expressions.exact(queries.expressions.likelyType(s), alone, 0);
      w.add(Term.optional("PARTITION BY ", p, " "));
    }
    List<Term> keys = new ArrayList<>();
    if (dice.chance(50)) {
      keys.add(key(queries.expressions.exact(queries.expressions.likelyType(s), alone, 1)));
    }
    if (rank == Rank.TOTAL) {
      s.terms().stream().filter(t -> t.exact).forEach(t -> keys.add(key(t.again())));
    }
    if (!keys.isEmpty()) {
      w.add(Term.clause("ORDER BY ", Term.list(", ", keys)));
    } else if (rank != Rank.ANY) {
      w.add("ORDER BY CAST(1 AS BIGINT) + 0");
    }
    return w;
  }

  private Term key(Term t) {
    // a constant would be a position or nothing
    Term safe = t.column ? t : Term.clause("(", t, ")");
    return Term.clause(
        safe, dice.of("", "", " DESC", " ASC"), dice.of("", "", " NULLS FIRST", " NULLS LAST"));
  }

  private Term frame() {
    String from =
        dice.of("UNBOUNDED PRECEDING", "2 PRECEDING", "1 PRECEDING", "CURRENT ROW", "1 FOLLOWING");
    String to =
        from.equals("1 FOLLOWING")
            ? dice.of("2 FOLLOWING", "UNBOUNDED FOLLOWING")
            : dice.of("CURRENT ROW", "1 FOLLOWING", "UNBOUNDED FOLLOWING");
    return dice.chance(25)
        ? Term.clause()
        : Term.optional(
            dice.of(" ROWS", " ROWS", " GROUPS") + " BETWEEN " + from + " AND " + to + excluded());
  }
}
