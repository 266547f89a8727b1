package dev.penstock.sql.translate;

import dev.penstock.monitor.PenstockException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.core.CorrelationId;
import org.jspecify.annotations.Nullable;

/**
 * What the names in an expression mean: the columns of a row, and outer columns. The relation
 * changes while an expression is translated: a sub-query adds columns to it.
 */
final class Scope {
  private Relation relation;
  private final Relation first;
  private final Set<CorrelationId> own;
  private final Domain domain;

  /** Values of windows, by the digest of the call. */
  final Map<String, Object> windows = new HashMap<>();

  /** The order of the relation's rows for each outer value, where rows are numbered. */
  List<Object> order = List.of();

  private final @Nullable List<Object> columns;
  private final Map<Domain.Key, Object> outer = new HashMap<>();

  /**
   * @param own correlation ids that mean the row itself
   * @param domain the domain of the relation
   */
  Scope(Relation relation, Set<CorrelationId> own, Domain domain) {
    this.relation = relation;
    this.first = relation;
    this.own = own;
    this.domain = domain;
    this.columns = null;
  }

  /** A scope whose columns are expressions, with outer columns by key. */
  Scope(Relation relation, List<Object> columns, Map<Domain.Key, Object> outer, Domain domain) {
    this.relation = relation;
    this.first = relation;
    this.own = Set.of();
    this.domain = domain;
    this.columns = columns;
    this.outer.putAll(outer);
  }

  Relation relation() {
    return relation;
  }

  /** The relation as it was before sub-queries added columns: the same rows, a smaller plan. */
  Relation first() {
    return first;
  }

  void relation(Relation changed) {
    relation = changed;
  }

  Domain domain() {
    return domain;
  }

  Object column(int i) {
    return columns != null ? columns.get(i) : Form.sym(relation.columns().get(i));
  }

  /** The expression of an outer column, or of a column of the own row. */
  Object outer(Domain.Key key) {
    Object given = outer.get(key);
    if (given != null) {
      return given;
    }
    int i = domain.keys().indexOf(key);
    if (i >= 0) {
      return Form.sym(relation.domain().get(i));
    }
    int width = columns != null ? columns.size() : relation.columns().size();
    if ((own.contains(key.id()) || own.isEmpty()) && key.field() < width) {
      return column(key.field());
    }
    throw PenstockException.unsupported(
        "sql-correlation",
        "a sub-query in the ON of an outer join uses columns of both sides, which is not supported;"
            + " move it to a sub-select");
  }
}
