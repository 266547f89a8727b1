package dev.penstock.sql.differential;

import java.util.ArrayList;
import java.util.List;

/** Makes expressions of a type over a scope. */
final class Expressions {
  final Dice dice;
  private final Numbers numbers;
  private final Texts texts;
  private final Times times;
  private final Conditions conditions;
  private final Calls calls;
  private final QueryMaker queries;

  Expressions(Dice dice, QueryMaker queries) {
    this.dice = dice;
    this.numbers = new Numbers(this);
    this.texts = new Texts(this);
    this.times = new Times(this);
    this.conditions = new Conditions(this, queries);
    this.calls = new Calls(this);
    this.queries = queries;
  }

  Term make(Type type, Scope scope, int depth) {
    if (depth <= 0 || dice.chance(15)) {
      return leaf(type, scope);
    }
    if (dice.chance(25)) {
      return choice(type, scope, depth - 1);
    }
    if (dice.chance(5) && queries.mayNest(scope)) {
      return queries.subqueries().scalar(type, scope, Math.min(1, depth - 1));
    }
    if (calls.has(type) && dice.chance(40)) {
      return calls.make(type, scope, depth - 1);
    }
    return switch (type) {
      case INT, BIGINT, DOUBLE, DECIMAL -> numbers.make(type, scope, depth - 1);
      case VARCHAR -> texts.make(scope, depth - 1);
      case BOOLEAN -> conditions.make(scope, depth - 1);
      case DATE, TIMESTAMP -> times.make(type, scope, depth - 1);
      case TIME -> calls.make(type, scope, depth - 1);
    };
  }

  /** An expression that may be compared, grouped and sorted by. */
  Term exact(Type type, Scope scope, int depth) {
    for (int i = 0; i < 4; i++) {
      Term t = make(type, scope, depth - i);
      if (t.exact) {
        return t;
      }
    }
    return literal(type);
  }

  /** An expression that may stand in ORDER BY: a literal there is a position, or nothing. */
  Term ordered(Term t) {
    if (!t.toString().matches("'.*'|[-0-9.]+|TRUE|FALSE|(DATE|TIME|TIMESTAMP) '[^']*'")) {
      return t;
    }
    return Term.of(t.type(), "COALESCE(", t, ", ", t.again(), ")").like(t);
  }

  /** An expression that may be compared; a number is small. */
  Term small(Type type, Scope scope, int depth) {
    if (!type.isNumber()) {
      return exact(type, scope, depth);
    }
    Term t = numbers.small(type, scope, depth);
    return t.exact ? t : literal(type);
  }

  Term condition(Scope scope, int depth) {
    return exact(Type.BOOLEAN, scope, depth);
  }

  Type anyType() {
    return dice.of(Type.values());
  }

  /** A type that the scope has; now and then another. */
  Type likelyType(Scope scope) {
    return scope.terms().isEmpty() || dice.chance(15) ? anyType() : dice.of(scope.terms()).type();
  }

  private Term leaf(Type type, Scope scope) {
    List<Term> here = scope.of(type);
    List<Term> outer = scope.outer(type);
    if (!outer.isEmpty() && dice.chance(here.isEmpty() ? 70 : 25)) {
      return dice.of(outer).again();
    }
    return here.isEmpty() || dice.chance(12) ? literal(type) : dice.of(here).again();
  }

  Term literal(Type type) {
    if (dice.chance(6)) {
      return Term.of(type, "CAST(NULL AS " + type.sql + ")").bound(0);
    }
    int n = dice.between(-3, 12);
    if (dice.chance(10)) {
      return parameter(type, n);
    }
    return switch (type) {
      case INT -> Term.of(type, "" + n).bound(12);
      case BIGINT -> Term.of(type, "CAST(" + n * 1000L + " AS BIGINT)").bound(12_000);
      case DOUBLE -> Term.of(type, "CAST(" + n * 0.25 + " AS DOUBLE)").bound(12);
      case DECIMAL ->
          dice.chance(30)
              ? Term.of(type, n + ".5").bound(13).decimal(3, 1)
              : Term.of(type, n + "." + dice.of("25", "10")).bound(13).decimal(4, 2);
      case VARCHAR -> Term.of(type, Table.literal(dice.of(TableMaker.TEXTS)));
      case BOOLEAN -> Term.of(type, dice.of("TRUE", "FALSE"));
      case DATE ->
          Term.of(type, Table.literal(java.time.LocalDate.of(2020, 1, 31).plusDays(13L * n)));
      case TIMESTAMP ->
          Term.of(
              type,
              Table.literal(
                  java.time.LocalDateTime.of(2020, 1, 31, 10, 5, 7).plusMinutes(997L * n)));
      case TIME -> Term.of(type, Table.literal(java.time.LocalTime.of(10, 5, 7).plusHours(n)));
    };
  }

  private Term parameter(Type type, int n) {
    Object value =
        switch (type) {
          case INT -> n;
          case BIGINT -> n * 1000L;
          case DOUBLE -> n * 0.25;
          case DECIMAL -> new java.math.BigDecimal(n + ".25");
          case VARCHAR -> dice.of(TableMaker.TEXTS);
          case BOOLEAN -> n > 4;
          case DATE -> java.time.LocalDate.of(2020, 1, 31).plusDays(13L * n);
          case TIMESTAMP -> java.time.LocalDateTime.of(2020, 1, 31, 10, 5, 7).plusMinutes(997L * n);
          case TIME -> java.time.LocalTime.of(10, 5, 7).plusHours(n);
        };
    Object[] parts = {"CAST(", new Term.Parameter(value), " AS " + type.sql + ")"};
    return Term.of(type, parts).bound(type == Type.BIGINT ? 12_000 : 13).decimal(18, 4);
  }

  /** Forms that take any type. */
  private Term choice(Type type, Scope s, int depth) {
    Term a = make(type, s, depth);
    Term b = make(type, s, depth);
    Term t =
        switch (dice.below(type == Type.BOOLEAN ? 2 : 6)) {
          case 0 ->
              Term.of(type, "CASE WHEN ", condition(s, depth), " THEN ", a, " ELSE ", b, " END");
          case 1 -> cases(type, s, depth, a, b);
          case 2 -> Term.of(type, "COALESCE(", a, ", ", b, ")");
          case 3 -> Term.of(type, "NULLIF(", exactOf(a), ", ", exactOf(b), ")");
          case 4 ->
              Term.of(type, dice.of("GREATEST", "LEAST"), "(", exactOf(a), ", ", exactOf(b), ")");
          default -> simpleCase(type, s, depth, a);
        };
    t.bound(Math.max(a.bound, b.bound));
    if (type == Type.DECIMAL) {
      int scale = Math.max(a.scale, b.scale);
      int whole = Math.max(a.precision - a.scale, b.precision - b.scale);
      if (whole + scale > 38) {
        return a;
      }
      t.decimal(whole + scale, scale);
    }
    return t;
  }

  private Term exactOf(Term t) {
    return t.exact ? t : literal(t.type());
  }

  private Term cases(Type type, Scope s, int depth, Term a, Term b) {
    return Term.of(
        type,
        "CASE WHEN ",
        condition(s, depth),
        " THEN ",
        a,
        Term.optional(" WHEN ", condition(s, depth), " THEN ", b),
        " END");
  }

  private Term simpleCase(Type type, Scope s, int depth, Term a) {
    Type key = dice.of(Type.INT, Type.VARCHAR, Type.DATE);
    return Term.of(
        type, "CASE ", exact(key, s, depth), " WHEN ", literal(key), " THEN ", a, " END");
  }

  /** Some expressions, at least one. */
  List<Term> some(Type type, Scope s, int depth, int most) {
    List<Term> out = new ArrayList<>();
    for (int i = dice.between(1, most); i > 0; i--) {
      out.add(exact(type, s, depth));
    }
    return out;
  }
}
