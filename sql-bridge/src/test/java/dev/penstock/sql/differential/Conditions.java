package dev.penstock.sql.differential;

import java.util.List;

/** Conditions, those with sub-queries too. */
final class Conditions {
  private final Expressions all;
  private final Dice dice;
  private final QueryMaker queries;

  Conditions(Expressions all, QueryMaker queries) {
    this.all = all;
    this.dice = all.dice;
    this.queries = queries;
  }

  Term make(Scope s, int depth) {
    if (queries.mayNest(s) && dice.chance(25)) {
      return queries.subqueries().condition(s, depth);
    }
    Type type = all.likelyType(s);
    // lists in windows: docs/sql-deviations.md
    int form = dice.below(13);
    return switch (form == 6 && queries.isPlain() ? 7 : form) {
      case 0, 1, 2 -> compare(type, s, depth);
      case 3 -> is("(", make(s, depth - 1), dice.of(" AND ", " OR "), make(s, depth - 1), ")");
      case 4 -> is("(NOT ", all.condition(s, depth), ")");
      case 5 ->
          is("(", all.make(type, s, depth), dice.of(" IS NULL", " IS NOT NULL") + ")").exact();
      case 6 ->
          is(
              "(",
              all.exact(type, s, depth),
              not() + " IN (",
              Term.list(", ", all.some(type, s, 0, 4)),
              "))");
      case 7 ->
          is(
              "(",
              all.exact(type, s, depth),
              not() + " BETWEEN ",
              all.exact(type, s, depth - 1),
              " AND ",
              all.exact(type, s, 0),
              ")");
      case 8 -> like(s, depth);
      case 9 ->
          is(
              "(",
              all.exact(type, s, depth),
              " IS" + not() + " DISTINCT FROM ",
              all.exact(type, s, depth - 1),
              ")");
      case 10 ->
          is(
              "(",
              all.condition(s, depth),
              dice.of(" IS TRUE", " IS NOT TRUE", " IS FALSE", " IS NOT FALSE") + ")");
      case 11 -> numbers(s, depth);
      default -> compare(Type.INT, s, depth);
    };
  }

  private String not() {
    return dice.chance(30) ? " NOT" : "";
  }

  Term compare(Type type, Scope s, int depth) {
    return is("(", all.exact(type, s, depth), comparison(), all.exact(type, s, depth - 1), ")");
  }

  String comparison() {
    return dice.of(" = ", " <> ", " < ", " <= ", " > ", " >= ");
  }

  /** Two types of numbers. */
  private Term numbers(Scope s, int depth) {
    List<Type> types = List.of(Type.INT, Type.BIGINT, Type.DECIMAL, Type.DOUBLE);
    return is(
        "(",
        all.exact(dice.of(types), s, depth),
        comparison(),
        all.exact(dice.of(types), s, 0),
        ")");
  }

  private Term like(Scope s, int depth) {
    String pattern = dice.of("%a%", "a%", "%b", "_", "a_b%", "%", "", "__%", "%é%", "A%", "日%");
    return is(
        "(",
        // the end of a null: docs/sql-deviations.md
        all.exact(Type.VARCHAR, s, pattern.equals("%b") ? 0 : depth),
        not() + dice.of(" LIKE ", " LIKE ", " ILIKE ") + "'" + pattern + "')");
  }

  private static Term is(Object... parts) {
    return Term.of(Type.BOOLEAN, parts);
  }
}
