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

  Windows(QueryMaker queries) {
    this.queries = queries;
    this.dice = queries.dice;
  }

  /** The scope and some window functions over it. */
  Scope add(Scope s) {
    List<Term> terms = new ArrayList<>(s.terms());
    queries.plain();
    for (int i = dice.between(1, 3); i > 0; i--) {
      terms.add(function(s));
    }
    queries.mayNestAgain();
    return new Scope(terms, s.outer(), s.volume());
  }

  Term filter(Scope s) {
    queries.plain();
    Term f = function(s);
    Term t =
        dice.chance(60) || !f.exact
            ? Term.of(
                Type.BOOLEAN,
                "ROW_NUMBER() OVER (",
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
    switch (dice.below(total ? 8 : 2)) {
      case 0:
        return Term.of(
                Type.BIGINT, dice.of("RANK", "DENSE_RANK"), "() OVER (", window(s, Rank.SOME), ")")
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
                  dice.chance(50) ? ", " + dice.below(3) : "",
                  ") OVER (",
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
                  ") OVER (",
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

  private static boolean isPlain(Term aggregate) {
    String text = aggregate.toString();
    return !text.contains("DISTINCT") && !text.contains("ORDER BY") && !text.contains("FILTER");
  }

  private static Term over(Term aggregate, Term window) {
    Term f = aggregate;
    if (aggregate.parts.get(0).equals("CAST(")) {
      f = (Term) aggregate.parts.get(1);
      Term t = Term.of(f.type(), "CAST(", f, " OVER (", window, ") AS BIGINT)").like(f);
      return t;
    }
    Term t = Term.of(f.type(), f, " OVER (", window, ")").like(f);
    return t;
  }

  private Term window(Scope s, Rank rank) {
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
    return dice.chance(25) ? Term.clause() : Term.optional(" ROWS BETWEEN " + from + " AND " + to);
  }
}
