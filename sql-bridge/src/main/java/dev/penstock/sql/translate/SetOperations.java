package dev.penstock.sql.translate;

import dev.penstock.batch.DataType;
import dev.penstock.sql.calcite.SqlTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Union;
import org.jspecify.annotations.Nullable;

/**
 * UNION, INTERSECT and EXCEPT. The parser nests a chain of them to the left; here it is one
 * operation of all its queries, so that a chain of hundreds is neither deep nor hundreds of
 * operations.
 */
final class SetOperations {
  private SetOperations() {}

  /** The queries of a chain: for EXCEPT the first, and those that are taken off it. */
  static List<RelNode> inputs(SetOp set) {
    // a stack of its own: the chain may be deeper than that of the thread
    List<RelNode> behind = new ArrayList<>();
    RelNode first = set;
    while (first instanceof SetOp inner && (first == set || isOfChain(set, inner))) {
      List<RelNode> inputs = inner.getInputs();
      for (int i = inputs.size() - 1; i > 0; i--) {
        behind.add(inputs.get(i));
      }
      first = inputs.get(0);
    }
    List<RelNode> out = new ArrayList<>();
    out.add(first);
    for (int i = behind.size() - 1; i >= 0; i--) {
      out.add(behind.get(i));
    }
    return out;
  }

  /** Is the first query of a set operation part of the same chain? */
  private static boolean isOfChain(SetOp outer, SetOp inner) {
    if (outer instanceof Union) {
      return inner instanceof Union && (inner.all || !outer.all);
    }
    // values that are equal as one type may differ as another
    return outer instanceof Minus
        && inner instanceof Minus
        && inner.all == outer.all
        && inner.getInputs().stream().allMatch(i -> types(i).equals(types(outer)));
  }

  private static List<@Nullable DataType> types(RelNode rel) {
    List<@Nullable DataType> out = new ArrayList<>();
    rel.getRowType().getFieldList().forEach(f -> out.add(SqlTypes.data(f.getType())));
    return out;
  }

  /** Columns of a query that hold nothing but untyped nulls: a null of the operation's type. */
  static Map<Integer, Object> untypedNulls(RelNode input, SetOp set) {
    Map<Integer, Object> out = new HashMap<>();
    List<@Nullable DataType> given = types(input);
    List<@Nullable DataType> wanted = types(set);
    for (int i = 0; i < given.size(); i++) {
      DataType type = wanted.get(i);
      if (given.get(i) == null && type != null) {
        out.put(i, Form.call("cast", null, Form.type(type)));
      }
    }
    return out;
  }

  /** The operation over {@link #inputs}, in a form that gives the columns of the first. */
  static Object form(SetOp set, List<Relation> inputs) {
    List<Object> forms = new ArrayList<>();
    inputs.forEach(r -> forms.add(r.form()));
    if (set instanceof Union) {
      Object union = Form.call("union+", forms);
      return set.all ? union : Form.call("distinct+", union);
    }
    if (set instanceof Intersect) {
      Object form = forms.get(0);
      for (Object next : forms.subList(1, forms.size())) {
        form = operation("intersect+", set, form, next);
      }
      return form;
    }
    List<Object> off = forms.subList(1, forms.size());
    return operation(
        "minus+", set, forms.get(0), off.size() == 1 ? off.get(0) : Form.call("union+", off));
  }

  private static Object operation(String name, SetOp set, Object a, Object b) {
    return set.all ? Form.call(name, a, b, Form.options("all", true)) : Form.call(name, a, b);
  }
}
