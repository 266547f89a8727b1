package dev.penstock.sql.translate;

import java.util.List;

/**
 * A translated relation. Its plan has at least these columns; more may be there, and nobody minds:
 * every name is given once in a query.
 *
 * @param form the plan
 * @param columns the columns of Calcite's node, by position
 * @param domain the outer values that each row belongs to, aligned with the {@link Domain}'s keys
 */
record Relation(Object form, List<String> columns, List<String> domain) {
  Relation with(Object newForm) {
    return new Relation(newForm, columns, domain);
  }

  /** All columns that matter. */
  List<String> all() {
    return domain.isEmpty()
        ? columns
        : java.util.stream.Stream.concat(columns.stream(), domain.stream()).toList();
  }
}
