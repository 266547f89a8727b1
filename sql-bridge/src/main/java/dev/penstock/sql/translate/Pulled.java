package dev.penstock.sql.translate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sub-query whose correlation was pulled up into conditions between it and the outer row.
 *
 * @param relation the sub-query without its correlated conditions
 * @param outputs its columns, as expressions that hold after a left join too
 * @param conditions what joins it to the outer row
 * @param oneRow does each outer row have exactly one row, given by outputs even where no row joins?
 */
record Pulled(Relation relation, List<Object> outputs, List<Condition> conditions, boolean oneRow) {
  /**
   * A condition.
   *
   * @param form the condition
   * @param inner for an equality: its side over the sub-query
   * @param outer for an equality: its side over the outer row
   */
  record Condition(Object form, @Nullable Object inner, @Nullable Object outer) {
    boolean isEquality() {
      return inner != null;
    }
  }

  static Pulled independent(Relation r, boolean oneRow) {
    return new Pulled(r, Form.syms(r.columns()), List.of(), oneRow);
  }

  List<Object> forms() {
    List<Object> out = new ArrayList<>();
    conditions.forEach(c -> out.add(c.form()));
    return out;
  }

  boolean allEqualities() {
    return conditions.stream().allMatch(Condition::isEquality);
  }
}
