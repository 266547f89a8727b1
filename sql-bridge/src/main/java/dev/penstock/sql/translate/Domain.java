package dev.penstock.sql.translate;

import java.util.List;
import org.apache.calcite.rel.core.CorrelationId;

/**
 * The distinct outer values that a correlated relation depends on.
 *
 * @param keys which outer columns
 * @param form the plan of the distinct values, one column a key
 * @param columns the names of its columns
 */
record Domain(List<Key> keys, Object form, List<String> columns) {
  /** No outer values. */
  static final Domain NONE = new Domain(List.of(), "", List.of());

  /** A column of an outer row. */
  record Key(CorrelationId id, int field) {}

  boolean isNone() {
    return keys.isEmpty();
  }
}
