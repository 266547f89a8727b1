package dev.penstock.sparql.translate;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.OpVars;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpFilter;
import org.apache.jena.sparql.algebra.op.OpGraph;
import org.apache.jena.sparql.algebra.op.OpJoin;
import org.apache.jena.sparql.algebra.op.OpPath;
import org.apache.jena.sparql.algebra.op.OpSequence;
import org.apache.jena.sparql.algebra.op.OpUnion;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.Expr;
import org.jspecify.annotations.Nullable;

/**
 * Whether EXISTS may be a join. The specification puts a solution's terms in the place of variables
 * in the pattern; a join afterwards means the same if no part of the pattern looks at a variable of
 * the solution that it does not itself bind.
 */
final class Existence {
  private final Translator translator;
  private final Relation outer;
  private final GraphScope g;

  Existence(Translator translator, Relation outer, GraphScope g) {
    this.translator = translator;
    this.outer = outer;
    this.g = g;
  }

  /** The pattern by itself, or null where it must be looked at solution by solution. */
  @Nullable Relation relation(Op pattern) {
    return isPlain(pattern) ? translator.translate(pattern, g) : null;
  }

  private boolean isPlain(Op op) {
    if (op instanceof OpBGP) {
      return true;
    }
    if (op instanceof OpPath p) {
      // a term that is not in the graph is connected to itself, and only substitution finds it
      return !Paths.mayBeEmpty(p.getTriplePath().getPath());
    }
    if (op instanceof OpSequence sequence) {
      return sequence.getElements().stream().allMatch(this::isPlain);
    }
    if (op instanceof OpJoin j) {
      return isPlain(j.getLeft()) && isPlain(j.getRight());
    }
    if (op instanceof OpUnion u) {
      return isPlain(u.getLeft()) && isPlain(u.getRight());
    }
    if (op instanceof OpGraph graph) {
      Node name = graph.getNode();
      return !Var.isVar(name) && isPlain(graph.getSubOp());
    }
    if (op instanceof OpFilter f) {
      return isPlain(f.getSubOp()) && binds(f.getSubOp(), f.getExprs().getList());
    }
    return false;
  }

  /** Does a pattern always bind what expressions over it read of the outer solution? */
  private boolean binds(Op pattern, List<Expr> expressions) {
    Set<Var> fixed = OpVars.fixedVars(pattern);
    for (Expr e : expressions) {
      if (Expressions.hasPattern(e)) {
        return false;
      }
      for (Var v : e.getVarsMentioned()) {
        if (outer.has(v) && !fixed.contains(v)) {
          return false;
        }
      }
    }
    return true;
  }

  /** All variables of a pattern, wherever in it. */
  static Set<Var> mentioned(Op pattern) {
    Collection<Var> all = OpVars.mentionedVars(pattern);
    return new LinkedHashSet<>(all);
  }
}
