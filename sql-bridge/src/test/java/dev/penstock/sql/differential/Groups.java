package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes GROUP BY and HAVING. */
final class Groups {
  private static final double MOST_ADDED = 1e6;
  private final QueryMaker queries;
  private final Dice dice;
  private Term text = Term.clause();
  private List<Term> written = List.of();
  private List<Term> aggregates = List.of();

  Groups(QueryMaker queries) {
    this.queries = queries;
    this.dice = queries.dice;
  }

  /** The text of what {@link #make} made last. */
  Term text() {
    return text;
  }

  /** The keys as GROUP BY writes them, if it is a plain list; of what {@link #make} made last. */
  List<Term> written() {
    return written;
  }

  /** The aggregates of what {@link #make} made last. */
  List<Term> aggregates() {
    return aggregates;
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
        if (!key.toString().matches(".*[a-z][0-9]*[.][a-z\"].*")) {
          continue;
        }
      }
      String written = key.toString();
      if (keys.stream().noneMatch(k -> k.toString().equals(written))) {
        keys.add(key);
      }
    }
    List<Term> terms = new ArrayList<>(keys);
    List<Term> made = new ArrayList<>();
    for (int i = dice.between(keys.isEmpty() ? 1 : 0, 4); i > 0; i--) {
      made.add(aggregate(s.alone(), Math.min(depth, 2)));
    }
    terms.addAll(made);
    // of a correlated query over no rows: docs/sql-deviations.md
    if (sets && !keys.isEmpty() && dice.chance(50) && s.outer() == null) {
      String more = keys.size() > 1 && dice.chance(40) ? ", " + dice.of(keys) : "";
      terms.add(Term.of(Type.BIGINT, "GROUPING(" + dice.of(keys) + more + ")").bound(3));
    }
    queries.mayNestAgain();
    // outer columns beside aggregates: docs/sql-deviations.md
    Scope grouped = new Scope(terms, null, s.volume());
    Term clause = Term.clause();
    List<Term> plain = sets ? List.of() : keys.stream().map(Term::again).toList();
    if (!keys.isEmpty()) {
      clause.add(Term.clause(" GROUP BY ", sets ? sets(keys) : Term.list(", ", plain)));
    }
    if (dice.chance(25)) {
      clause.add(Term.optional(" HAVING ", queries.withoutWindows(withoutOrders(grouped))));
    }
    text = clause;
    written = plain;
    aggregates = made;
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
        Set<Set<String>> known = new HashSet<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
          List<Term> set = new ArrayList<>(keys);
          set.removeIf(k -> dice.chance(40));
          // equal ones without aggregates: docs/sql-deviations.md
          if (known.add(set.stream().map(Term::toString).collect(Collectors.toSet()))) {
            sets.add(Term.clause("(", Term.list(", ", set), ")"));
          }
        }
        sets.add(Term.clause("(", list, ")"));
        yield Term.clause("GROUPING SETS (", Term.list(", ", sets), ")");
      }
    };
  }

  /** An aggregate over the scope. */
  Term aggregate(Scope s, int depth) {
    Term t = plainAggregate(s, depth);
    if (dice.chance(15) && !t.toString().matches("(?s).*(FILTER|\\(APPROX|LEN|\\[).*")) {
      Term filtered =
          Term.of(
                  t.type(),
                  t,
                  Term.optional(" FILTER (WHERE ", queries.expressions.condition(s, 1), ")"))
              .like(t);
      filtered.exact = t.exact;
      return settled(filtered);
    }
    return settled(t);
  }

  /** With what the two give differently made the same. */
  private static Term settled(Term t) {
    String text = t.toString();
    if (text.startsWith("COUNT_IF")) {
      return Term.of(t.type(), "COALESCE(", t, ", 0)").like(t); // none is null in DuckDB
    } else if (text.startsWith("REGR_S") || text.startsWith("REGR_I") || text.startsWith("CORR")) {
      // of one x only is not a number in DuckDB
      return Term.of(t.type(), "NULLIF(", t, ", CAST('NaN' AS DOUBLE))").like(t).inexact();
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
    switch (dice.below(18)) {
      case 12, 13:
        return share(s, depth);
      case 14, 15:
        return pairs(s, depth);
      case 16:
        return more(s, depth);
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
          Term a = e.ordered(e.exact(Type.VARCHAR, s, depth));
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

  /** Percentiles. */
  private Term share(Scope s, int depth) {
    Expressions e = queries.expressions;
    String share = dice.of("0", "0.25", "0.5", "0.9", "1");
    if (dice.chance(50)) {
      Type type = e.likelyType(s);
      Term a = e.ordered(e.exact(type, s, depth));
      return (dice.chance(50)
              ? Term.of(
                  type, "PERCENTILE_DISC(" + share + ") WITHIN GROUP (ORDER BY ", a, descending())
              : Term.of(type, "QUANTILE_DISC(", a, ", " + share + ")"))
          .like(a);
    }
    Term a = e.ordered(number(s, depth));
    a = a.type == Type.DECIMAL ? Term.of(Type.DOUBLE, "CAST(", a, " AS DOUBLE)").bound(1e6) : a;
    Term t =
        switch (dice.below(3)) {
          case 0 ->
              Term.of(
                  Type.DOUBLE,
                  "PERCENTILE_CONT(" + share + ") WITHIN GROUP (ORDER BY ",
                  a,
                  descending());
          case 1 -> Term.of(Type.DOUBLE, "QUANTILE_CONT(", a, ", " + share + ")");
          default -> Term.of(Type.DOUBLE, "MEDIAN(", a, ")");
        };
    return t.bound(1e6).inexact();
  }

  private String descending() {
    return dice.of(")", ")", " DESC)");
  }

  /** Statistics of two numbers. */
  private Term pairs(Scope s, int depth) {
    String name =
        dice.of(
            "CORR",
            "COVAR_POP",
            "COVAR_SAMP",
            "REGR_SLOPE",
            "REGR_INTERCEPT",
            "REGR_R2",
            "REGR_COUNT",
            "REGR_AVGX",
            "REGR_AVGY",
            "REGR_SXX",
            "REGR_SYY",
            "REGR_SXY");
    Type type = name.equals("REGR_COUNT") ? Type.BIGINT : Type.DOUBLE;
    Term t =
        Term.of(type, name + "(", number(s, depth), ", ", number(s, depth), ")").bound(MOST_ADDED);
    return type == Type.DOUBLE ? t.inexact() : t;
  }

  private Term more(Scope s, int depth) {
    Expressions e = queries.expressions;
    Type type = e.likelyType(s);
    switch (dice.below(10)) {
      case 6:
        {
          Term a = e.exact(type, s, depth);
          String counted = "COUNT(DISTINCT " + a + ")";
          return a.written().parameters().isEmpty()
              ? Term.of(
                  Type.BOOLEAN,
                  "(APPROX_COUNT_DISTINCT(",
                  a,
                  ") BETWEEN 0.8 * " + counted + " - 1 AND 1.2 * " + counted + " + 1)")
              : plainAggregate(s, depth);
        }
      case 7:
        {
          // which of several values that are as frequent is not said: there is one here
          Term a = e.exact(type, s, 0);
          return Term.of(type, "MODE(", a, ") FILTER (WHERE ", a, " = ", e.literal(type), ")")
              .like(a);
        }
      case 8:
        {
          Term a = e.ordered(e.exact(type, s, depth));
          return Term.of(
                  type,
                  "(" + dice.of("LIST", "ARRAY_AGG") + "(",
                  a,
                  " ORDER BY ",
                  a,
                  dice.of("", " DESC") + dice.of(" NULLS FIRST", " NULLS LAST"),
                  "))[" + dice.between(-1, 3) + "]")
              .like(a);
        }
      case 9:
        return Term.of(
                Type.BIGINT,
                "LEN(" + dice.of("LIST", "ARRAY_AGG") + "(",
                e.exact(type, s, depth),
                "))")
            .bound(MOST_ADDED);
      case 0:
        return Term.of(
                Type.BIGINT,
                dice.of("BIT_AND(", "BIT_OR(", "BIT_XOR("),
                e.exact(Type.BIGINT, s, depth),
                ")")
            .bound(1e19);
      case 1:
        return Term.of(Type.BIGINT, "COUNT_IF(COALESCE(", e.condition(s, depth), ", FALSE))")
            .bound(MOST_ADDED);
      case 2:
        {
          // of rows with the same y each has the same x
          Term y = e.exact(type, s, 0);
          Type other = e.anyType();
          Term x = e.exact(other, new Scope(List.of(y.again()), null, 1), 1);
          return Term.of(
                  other, dice.of("ARG_MIN(", "ARG_MAX(", "MIN_BY(", "MAX_BY("), x, ", ", y, ")")
              .like(x);
        }
      case 3:
        {
          Term a = e.ordered(e.exact(type, s, depth));
          return Term.of(
                  type,
                  dice.of("FIRST(", "LAST("),
                  a,
                  " ORDER BY ",
                  a,
                  dice.of("", " DESC") + dice.of(" NULLS FIRST", " NULLS LAST"),
                  ")")
              .like(a);
        }
      case 4:
        {
          Term a = e.ordered(e.exact(Type.VARCHAR, s, depth));
          return Term.of(Type.VARCHAR, "LISTAGG(", a, ", '-' ORDER BY ", a, descending());
        }
      default:
        return Term.of(
                Type.DOUBLE,
                dice.of("SKEWNESS(", "KURTOSIS(", "STDDEV(", "VARIANCE("),
                number(s, depth),
                ")")
            .bound(1e9)
            .inexact();
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
