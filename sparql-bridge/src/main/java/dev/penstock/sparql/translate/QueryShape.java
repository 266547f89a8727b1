package dev.penstock.sparql.translate;

import dev.penstock.sparql.eval.Comparing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.query.SortCondition;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpDistinct;
import org.apache.jena.sparql.algebra.op.OpExtend;
import org.apache.jena.sparql.algebra.op.OpFilter;
import org.apache.jena.sparql.algebra.op.OpGroup;
import org.apache.jena.sparql.algebra.op.OpJoin;
import org.apache.jena.sparql.algebra.op.OpLeftJoin;
import org.apache.jena.sparql.algebra.op.OpOrder;
import org.apache.jena.sparql.algebra.op.OpProject;
import org.apache.jena.sparql.algebra.op.OpReduced;
import org.apache.jena.sparql.algebra.op.OpSlice;
import org.apache.jena.sparql.algebra.op.OpUnion;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.core.VarExprList;
import org.apache.jena.sparql.expr.E_LogicalAnd;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprAggregator;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.jspecify.annotations.Nullable;

/**
 * A query with constants taken out: subjects and objects of its patterns, and what variables are
 * compared with in its filters. Plans of queries of one shape differ in what their scans look for
 * and in the parameters of those comparisons, and in nothing else.
 *
 * <p>Equal terms have one number, and different terms different ones, so that scans which are one
 * in the plan of one query are one in that of the other. Predicates stay: numbers of rows, and what
 * is known of values, go by them. Queries with paths, graphs, given rows, MINUS or EXISTS have no
 * shape.
 *
 * @param key equal for equal shapes
 * @param constants those that were taken out
 * @param compared the expressions of these that stand in comparisons, by identity: their numbers
 */
public record QueryShape(String key, List<Node> constants, Map<Expr, Integer> compared) {

  /** The shape of a query; null if it has none. */
  public static @Nullable QueryShape of(Op op) {
    Writer writer = new Writer();
    return writer.write(op)
        ? new QueryShape(writer.key.toString(), List.copyOf(writer.constants), writer.compared)
        : null;
  }

  private static final class Writer {
    private final StringBuilder key = new StringBuilder();
    private final List<Node> constants = new ArrayList<>();
    private final Map<Node, Integer> numbers = new HashMap<>();
    private final Map<Expr, Integer> compared = new IdentityHashMap<>();

    /** Writes an operator; false if it has no shape. */
    boolean write(Op op) {
      key.append('(').append(op.getName()).append(' ');
      boolean written = inner(op);
      key.append(')');
      return written;
    }

    private boolean inner(Op op) {
      if (op instanceof OpBGP bgp) {
        for (Triple t : bgp.getPattern()) {
          part(t.getSubject());
          key.append(t.getPredicate()).append(' ');
          part(t.getObject());
        }
        return true;
      }
      if (op instanceof OpJoin join) {
        return write(join.getLeft()) && write(join.getRight());
      }
      if (op instanceof OpUnion union) {
        return write(union.getLeft()) && write(union.getRight());
      }
      if (op instanceof OpLeftJoin join) {
        boolean plain = join.getExprs() == null || plain(join.getExprs().getList());
        return plain && write(join.getLeft()) && write(join.getRight());
      }
      if (op instanceof OpFilter filter) {
        for (Expr e : filter.getExprs()) {
          if (!condition(e)) {
            return false;
          }
        }
        return write(filter.getSubOp());
      }
      if (op instanceof OpExtend extend) {
        return named(extend.getVarExprList()) && write(extend.getSubOp());
      }
      if (op instanceof OpGroup group) {
        for (ExprAggregator a : group.getAggregators()) {
          key.append(a.getVar()).append(' ').append(a.getAggregator()).append(' ');
          if (a.getAggregator().getExprList() != null
              && !a.getAggregator().getExprList().getList().stream()
                  .noneMatch(Expressions::hasPattern)) {
            return false;
          }
        }
        return named(group.getGroupVars()) && write(group.getSubOp());
      }
      return modifier(op);
    }

    private boolean modifier(Op op) {
      if (op instanceof OpProject project) {
        key.append(project.getVars());
        return write(project.getSubOp());
      }
      if (op instanceof OpDistinct distinct) {
        return write(distinct.getSubOp());
      }
      if (op instanceof OpReduced reduced) {
        return write(reduced.getSubOp());
      }
      if (op instanceof OpSlice slice) {
        key.append(slice.getStart()).append(' ').append(slice.getLength());
        return write(slice.getSubOp());
      }
      if (op instanceof OpOrder order) {
        for (SortCondition c : order.getConditions()) {
          key.append(c.getDirection());
          if (!plain(List.of(c.getExpression()))) {
            return false;
          }
        }
        return write(order.getSubOp());
      }
      return false;
    }

    /** Expressions with their constants. */
    private boolean plain(List<Expr> all) {
      for (Expr e : all) {
        key.append(e).append(' ');
        if (Expressions.hasPattern(e)) {
          return false;
        }
      }
      return true;
    }

    private boolean named(VarExprList all) {
      for (Var v : all.getVars()) {
        key.append(v).append(' ');
        Expr e = all.getExpr(v);
        if (e != null && !plain(List.of(e))) {
          return false;
        }
      }
      return true;
    }

    private boolean condition(Expr e) {
      if (e instanceof E_LogicalAnd and) {
        key.append("&(");
        boolean written = condition(and.getArg1()) && condition(and.getArg2());
        key.append(')');
        return written;
      }
      if (Comparing.takes(e)) {
        ExprFunction2 f = (ExprFunction2) e;
        if (isCompared(f.getArg1(), f.getArg2()) || isCompared(f.getArg2(), f.getArg1())) {
          key.append(f.getOpName());
          side(f.getArg1());
          side(f.getArg2());
          return true;
        }
      }
      return plain(List.of(e));
    }

    private static boolean isCompared(Expr variable, Expr constant) {
      return variable.isVariable()
          && constant.isConstant()
          && constant.getConstant().asNode().isLiteral();
    }

    private void side(Expr e) {
      if (e.isVariable()) {
        key.append(e).append(' ');
      } else {
        compared.put(e, lifted(e.getConstant().asNode()));
      }
    }

    private void part(Node node) {
      if (node.isConcrete()) {
        lifted(node);
      } else {
        key.append(node).append(' ');
      }
    }

    private int lifted(Node node) {
      Integer number = numbers.get(node);
      if (number == null) {
        number = constants.size();
        numbers.put(node, number);
        constants.add(node);
      }
      key.append('$').append(number.intValue()).append(' ');
      return number;
    }
  }
}
