package dev.penstock.sql.differential;

import java.util.List;

/**
 * A query.
 *
 * @param columns its columns, each under its name alone
 * @param ordered whether its rows come in a total order
 * @param volume no more rows than this are joined in it
 */
record Query(Term sql, List<Term> columns, boolean ordered, double volume) {

  boolean exact() {
    return columns.stream().allMatch(c -> c.exact);
  }

  /** Its columns as those of a relation of that name. */
  List<Term> of(String relation) {
    return columns.stream().map(c -> c.named(relation + "." + c)).toList();
  }
}
