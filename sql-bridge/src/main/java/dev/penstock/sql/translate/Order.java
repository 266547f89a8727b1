package dev.penstock.sql.translate;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;

/** Calcite's orders as sort items. */
final class Order {
  private Order() {}

  static List<Object> items(RelCollation collation, List<String> columns) {
    List<Object> items = new ArrayList<>();
    for (RelFieldCollation f : collation.getFieldCollations()) {
      items.add(
          item(
              Form.sym(columns.get(f.getFieldIndex())),
              f.getDirection().isDescending(),
              f.nullDirection == RelFieldCollation.NullDirection.FIRST));
    }
    return items;
  }

  static Object item(Object expr, boolean descending, boolean nullsFirst) {
    return Form.vec(
        expr,
        Form.key(descending ? "desc" : "asc"),
        Form.key(nullsFirst ? "nulls-first" : "nulls-last"));
  }
}
