package dev.penstock.sql.translate;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** Which outer columns a relation or an expression uses. */
final class FreeVariables {
  private final Set<Domain.Key> used = new LinkedHashSet<>();
  private final Set<CorrelationId> bound = new HashSet<>();

  private FreeVariables() {}

  /** Outer columns that a relation uses, in order of first use. */
  static List<Domain.Key> of(RelNode rel) {
    FreeVariables f = new FreeVariables();
    f.walk(rel);
    return f.free();
  }

  /** Outer columns that an expression and its sub-queries use; those of its own row included. */
  static List<Domain.Key> of(RexNode node) {
    FreeVariables f = new FreeVariables();
    node.accept(f.shuttle());
    return f.free();
  }

  private List<Domain.Key> free() {
    return used.stream().filter(k -> !bound.contains(k.id())).toList();
  }

  private void walk(RelNode rel) {
    bound.addAll(rel.getVariablesSet());
    if (rel instanceof Correlate c) {
      bound.add(c.getCorrelationId());
    }
    rel.accept(shuttle());
    rel.getInputs().forEach(this::walk);
  }

  private RexShuttle shuttle() {
    return new RexShuttle() {
      @Override
      public RexNode visitFieldAccess(RexFieldAccess access) {
        if (access.getReferenceExpr() instanceof RexCorrelVariable v) {
          used.add(new Domain.Key(v.id, access.getField().getIndex()));
          return access;
        }
        return super.visitFieldAccess(access);
      }

      @Override
      public RexNode visitSubQuery(RexSubQuery sub) {
        walk(sub.rel);
        return super.visitSubQuery(sub);
      }
    };
  }
}
