package dev.penstock.sql.differential;

/** Expressions of dates and timestamps. */
final class Times {
  private final Expressions all;
  private final Dice dice;

  Times(Expressions all) {
    this.all = all;
    this.dice = all.dice;
  }

  Term make(Type type, Scope s, int depth) {
    return type == Type.DATE ? date(s, depth) : timestamp(s, depth);
  }

  private Term date(Scope s, int depth) {
    Term d = all.exact(Type.DATE, s, depth);
    return switch (dice.below(5)) {
      case 0 -> Term.of(Type.DATE, "(", d, dice.of(" + ", " - ") + dice.below(40) + ")");
      case 1 -> Term.of(Type.DATE, "CAST(", all.exact(Type.TIMESTAMP, s, depth), " AS DATE)");
      case 2 -> Term.of(Type.DATE, "CAST((", d, dice.of(" + ", " - ") + interval() + ") AS DATE)");
      case 3 -> Term.of(Type.DATE, "CAST(DATE_TRUNC('" + unit() + "', ", d, ") AS DATE)");
      default -> Term.of(Type.DATE, "LAST_DAY(", d, ")");
    };
  }

  private Term timestamp(Scope s, int depth) {
    Term t = all.exact(Type.TIMESTAMP, s, depth);
    return switch (dice.below(4)) {
      case 0 -> Term.of(Type.TIMESTAMP, "(", t, dice.of(" + ", " - ") + interval() + ")");
      case 1 -> Term.of(Type.TIMESTAMP, "CAST(", all.exact(Type.DATE, s, depth), " AS TIMESTAMP)");
      case 2 ->
          Term.of(
              Type.TIMESTAMP,
              "DATE_TRUNC('" + dice.of("hour", "minute", "day", "month", "year", "week") + "', ",
              t,
              ")");
      default -> Term.of(Type.TIMESTAMP, "(", t, " + INTERVAL '90' MINUTE)");
    };
  }

  private String unit() {
    return dice.of("day", "week", "month", "quarter", "year");
  }

  private String interval() {
    return "INTERVAL '" + dice.below(15) + "' " + dice.of("DAY", "MONTH", "YEAR");
  }
}
