package dev.penstock.sql.calcite;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/**
 * Outer columns of sub-queries in a grouped query: the converter may still number them as in the
 * row before it was grouped. They are found again by name in the row that the sub-query's owner
 * reads.
 */
final class OuterFields {
  private final RexBuilder rex;
  private final Map<CorrelationId, RelDataType> rows = new HashMap<>();

  private OuterFields(RexBuilder rex) {
    this.rex = rex;
  }

  static RelNode mended(RelNode root) {
    return new OuterFields(root.getCluster().getRexBuilder()).node(root);
  }

  private RelNode node(RelNode node) {
    List<RelNode> inputs = node.getInputs();
    RelNode out = node;
    for (int i = 0; i < inputs.size(); i++) {
      RelNode input = node(inputs.get(i));
      if (input != inputs.get(i)) {
        out = out == node ? node.copy(node.getTraitSet(), inputs) : out;
        out.replaceInput(i, input);
      }
    }
    if (inputs.size() == 1 && isGrouped(inputs.get(0))) {
      for (CorrelationId id : node.getVariablesSet()) {
        rows.put(id, inputs.get(0).getRowType());
      }
    }
    return out.accept(shuttle());
  }

  private static boolean isGrouped(RelNode row) {
    RelNode rel = row;
    while (rel instanceof Filter || rel instanceof Project) {
      rel = rel.getInput(0);
    }
    return rel instanceof Aggregate;
  }

  private RexShuttle shuttle() {
    return new RexShuttle() {
      @Override
      public RexNode visitSubQuery(RexSubQuery sub) {
        RexSubQuery operands = (RexSubQuery) super.visitSubQuery(sub);
        RelNode rel = node(operands.rel);
        return rel == operands.rel ? operands : operands.clone(rel);
      }

      @Override
      public RexNode visitFieldAccess(RexFieldAccess access) {
        return access.getReferenceExpr() instanceof RexCorrelVariable v ? field(access, v) : access;
      }
    };
  }

  private RexNode field(RexFieldAccess access, RexCorrelVariable v) {
    RelDataType row = rows.get(v.id);
    RelDataTypeField field = access.getField();
    if (row == null || row.getFieldNames().equals(v.getType().getFieldNames())) {
      return access;
    }
    List<String> names = row.getFieldNames();
    int at = names.indexOf(field.getName());
    if (at < 0 || at != names.lastIndexOf(field.getName())) {
      return access;
    }
    return rex.makeFieldAccess(rex.makeCorrel(row, v.id), at);
  }
}
