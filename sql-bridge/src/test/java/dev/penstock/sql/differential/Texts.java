package dev.penstock.sql.differential;

/** Expressions of text. */
final class Texts {
  private final Expressions all;
  private final Dice dice;

  Texts(Expressions all) {
    this.all = all;
    this.dice = all.dice;
  }

  Term make(Scope s, int depth) {
    Term a = all.exact(Type.VARCHAR, s, depth);
    return switch (dice.below(12)) {
      case 0 -> text("UPPER(", a, ")");
      case 1 -> text("LOWER(", a, ")");
      case 2 ->
          text(
              "SUBSTRING(", a, ", " + dice.between(1, 4), Term.optional(", " + dice.below(5)), ")");
      case 3, 4 -> text("(", a, " || ", all.exact(Type.VARCHAR, s, depth), ")");
      case 5 -> text(dice.of("TRIM(", "LTRIM(", "RTRIM("), a, ")");
      case 6 ->
          text(
              "REPLACE(", a, ", ", all.literal(Type.VARCHAR), ", ", all.literal(Type.VARCHAR), ")");
      case 7 -> text(dice.of("LEFT(", "RIGHT("), a, ", " + dice.below(5) + ")");
      case 8 ->
          text(
              "CAST(",
              all.exact(
                  dice.of(Type.INT, Type.BIGINT, Type.BOOLEAN, Type.DATE, Type.DECIMAL), s, depth),
              " AS VARCHAR)");
      case 9 -> text(dice.of("LPAD(", "RPAD("), a, ", " + dice.below(9) + ", 'xy')");
      case 10 -> text("CONCAT(", a, ", ", all.exact(Type.VARCHAR, s, depth), ", 'z')");
      default -> text("REPEAT(", text("LEFT(", a, ", 8)"), ", " + dice.below(4) + ")");
    };
  }

  private static Term text(Object... parts) {
    return Term.of(Type.VARCHAR, parts);
  }
}
