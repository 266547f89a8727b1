package dev.penstock.sql.differential;

/** Expressions of numbers. What could overflow is made small first. */
final class Numbers {
  private static final double INT_MOST = 2e9;
  private static final double LONG_MOST = 4e18;
  private static final double DOUBLE_MOST = 1e12;
  private final Expressions all;
  private final Dice dice;

  Numbers(Expressions all) {
    this.all = all;
    this.dice = all.dice;
  }

  Term make(Type type, Scope s, int depth) {
    return switch (type) {
      case INT -> dice.chance(60) ? arithmetic(type, s, depth) : integer(s, depth);
      case BIGINT -> dice.chance(50) ? arithmetic(type, s, depth) : whole(s, depth);
      case DOUBLE -> dice.chance(50) ? arithmetic(type, s, depth) : real(s, depth);
      default -> dice.chance(60) ? arithmetic(type, s, depth) : decimal(s, depth);
    };
  }

  /** A small number of a type. */
  Term small(Type type, Scope s, int depth) {
    Term t = all.make(type, s, depth);
    if (t.bound <= 1000) {
      return t;
    }
    return switch (type) {
      case DOUBLE -> all.literal(type);
      case DECIMAL -> t.precision - t.scale > 20 ? all.literal(type) : remainder(t);
      default -> remainder(t);
    };
  }

  private static Term remainder(Term t) {
    Term r = Term.of(t.type(), "(", t, " % 97)").like(t);
    return r.bound(97);
  }

  private Term arithmetic(Type type, Scope s, int depth) {
    Term a = small(type, s, depth);
    Term b = small(type, s, depth);
    switch (dice.below(6)) {
      case 0, 1:
        return sum(type, dice.of("+", "-"), a, b);
      case 2:
        return product(type, a, b);
      case 3:
        return Term.of(type, "(- ", a, ")").like(a);
      case 4:
        return Term.of(type, "ABS(", a, ")").like(a);
      default:
        if (type == Type.DOUBLE) {
          return Term.of(
                  type,
                  "(",
                  a,
                  " / NULLIF(",
                  a.exact ? b.exact ? b : all.literal(type) : all.literal(type),
                  ", CAST(0 AS DOUBLE)))")
              .bound(1e4)
              .inexact();
        }
        return type == Type.DECIMAL
            ? sum(type, "-", a, b)
            : Term.of(type, "(", a, dice.of(" % ", " // "), "NULLIF(", b, ", 0))").like(a);
    }
  }

  private Term sum(Type type, String sign, Term a, Term b) {
    Term t = Term.of(type, "(", a, " " + sign + " ", b, ")").bound(a.bound + b.bound);
    if (type != Type.DECIMAL) {
      return t;
    }
    int scale = Math.max(a.scale, b.scale);
    int digits = Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1;
    return digits > 38 ? a : t.decimal(digits, scale);
  }

  private Term product(Type type, Term a, Term b) {
    double bound = a.bound * b.bound;
    double most =
        switch (type) {
          case INT -> INT_MOST;
          case BIGINT -> LONG_MOST;
          default -> DOUBLE_MOST;
        };
    if (bound > most) {
      return a;
    }
    Term t = Term.of(type, "(", a, " * ", b, ")").bound(bound);
    if (type != Type.DECIMAL) {
      return t;
    }
    int digits = a.precision + b.precision;
    int scale = a.scale + b.scale;
    // DuckDB keeps 18 digits of the product of two that have no more: docs/sql-deviations.md
    boolean keeps18 = a.precision <= 18 && b.precision <= 18 && digits > 18;
    return digits > 38 || keeps18 && bound >= Math.pow(10, 18 - scale)
        ? a
        : t.decimal(digits, scale);
  }

  private Term integer(Scope s, int depth) {
    return switch (dice.below(6)) {
      case 0 ->
          Term.of(Type.INT, "CAST(", small(Type.BIGINT, s, depth), " AS INTEGER)").bound(1000);
      case 1 -> Term.of(Type.INT, "CAST(", all.condition(s, depth), " AS INTEGER)").bound(1);
      case 2 ->
          Term.of(Type.INT, "CAST(", small(Type.DECIMAL, s, depth), " AS INTEGER)").bound(1001);
      case 3 ->
          Term.of(Type.INT, "TRY_CAST(", all.exact(Type.VARCHAR, s, depth), " AS INTEGER)")
              .bound(0x80000000L);
      case 4 ->
          Term.of(
                  Type.INT,
                  "CAST(EXTRACT("
                      + dice.of("year", "month", "day", "quarter", "dow", "doy", "week")
                      + " FROM ",
                  all.exact(dice.of(Type.DATE, Type.TIMESTAMP), s, depth),
                  ") AS INTEGER)")
              .bound(10_000);
      default ->
          Term.of(Type.INT, "CAST(LENGTH(", all.exact(Type.VARCHAR, s, depth), ") AS INTEGER)")
              .bound(1000);
    };
  }

  private Term whole(Scope s, int depth) {
    return switch (dice.below(6)) {
      case 0 -> cast(Type.BIGINT, all.make(Type.INT, s, depth));
      case 1 -> Term.of(Type.BIGINT, "LENGTH(", all.exact(Type.VARCHAR, s, depth), ")").bound(1000);
      case 2 ->
          Term.of(
                  Type.BIGINT,
                  "POSITION(",
                  all.exact(Type.VARCHAR, s, depth),
                  // a list right behind IN: docs/sql-deviations.md
                  " IN '' || ",
                  all.exact(Type.VARCHAR, s, depth),
                  ")")
              .bound(1000);
      case 3 ->
          Term.of(
                  Type.BIGINT,
                  "DATE_DIFF('" + dice.of("day", "month", "year", "quarter") + "', ",
                  all.exact(Type.DATE, s, depth),
                  ", ",
                  all.exact(Type.DATE, s, depth),
                  ")")
              .bound(200_000);
      case 4 ->
          Term.of(
                  Type.BIGINT,
                  "CAST(EXTRACT(" + dice.of("hour", "minute", "second", "year", "day") + " FROM ",
                  all.exact(Type.TIMESTAMP, s, depth),
                  ") AS BIGINT)")
              .bound(10_000);
      default ->
          Term.of(Type.BIGINT, "CAST(", small(Type.DECIMAL, s, depth), " AS BIGINT)").bound(1001);
    };
  }

  private Term real(Scope s, int depth) {
    return switch (dice.below(5)) {
      case 0 -> cast(Type.DOUBLE, all.make(dice.of(Type.INT, Type.BIGINT), s, depth));
      case 1 ->
          Term.of(Type.DOUBLE, "SQRT(ABS(", small(Type.DOUBLE, s, depth), "))")
              .bound(1000)
              .inexact();
      case 2 -> {
        Term a = all.exact(Type.DOUBLE, s, depth);
        yield Term.of(Type.DOUBLE, dice.of("FLOOR", "CEIL", "ROUND"), "(", a, ")")
            .bound(a.bound + 1);
      }
      case 3 ->
          Term.of(
                  Type.DOUBLE,
                  dice.of("SIN", "COS", "ATAN"),
                  "(",
                  small(Type.DOUBLE, s, depth),
                  ")")
              .bound(2)
              .inexact();
      default -> {
        Term a = small(dice.of(Type.INT, Type.BIGINT), s, depth);
        yield Term.of(Type.DOUBLE, "(", a, " / 4)").bound(a.bound);
      }
    };
  }

  private Term decimal(Scope s, int depth) {
    return switch (dice.below(4)) {
      case 0 ->
          Term.of(Type.DECIMAL, "CAST(", small(Type.INT, s, depth), " AS DECIMAL(12,3))")
              .bound(1000)
              .decimal(12, 3);
      case 1 -> {
        Term a = small(Type.DECIMAL, s, depth);
        yield Term.of(Type.DECIMAL, "CAST(", a, " AS DECIMAL(20,1))")
            .bound(a.bound + 1)
            .decimal(20, 1);
      }
      case 2 -> {
        Term a = small(Type.DECIMAL, s, depth);
        yield a.precision > 36
            ? a
            : Term.of(Type.DECIMAL, dice.of("FLOOR(", "CEIL(", "ROUND("), a, ")")
                .bound(a.bound + 1)
                .decimal(Math.min(38, a.precision + 1), 0);
      }
      default -> {
        Term a = small(Type.DECIMAL, s, depth);
        Term b = small(Type.INT, s, depth);
        yield a.precision > 25
            ? a
            : Term.of(Type.DECIMAL, "(", a, " * ", b, ")")
                .bound(a.bound * b.bound)
                .decimal(a.precision + 10, a.scale);
      }
    };
  }

  private static Term cast(Type type, Term a) {
    return Term.of(type, "CAST(", a, " AS " + type.sql + ")").bound(a.bound);
  }
}
