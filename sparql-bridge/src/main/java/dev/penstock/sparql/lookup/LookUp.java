package dev.penstock.sparql.lookup;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.eval.OrderKey;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.path.Steps;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.store.TripleStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.jena.graph.Node;
import org.apache.jena.query.Query;
import org.apache.jena.query.SortCondition;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.OpVars;
import org.apache.jena.sparql.algebra.OpVisitorBase;
import org.apache.jena.sparql.algebra.op.Op2;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpDistinct;
import org.apache.jena.sparql.algebra.op.OpExtend;
import org.apache.jena.sparql.algebra.op.OpFilter;
import org.apache.jena.sparql.algebra.op.OpGroup;
import org.apache.jena.sparql.algebra.op.OpJoin;
import org.apache.jena.sparql.algebra.op.OpLeftJoin;
import org.apache.jena.sparql.algebra.op.OpMinus;
import org.apache.jena.sparql.algebra.op.OpNull;
import org.apache.jena.sparql.algebra.op.OpOrder;
import org.apache.jena.sparql.algebra.op.OpPath;
import org.apache.jena.sparql.algebra.op.OpProject;
import org.apache.jena.sparql.algebra.op.OpReduced;
import org.apache.jena.sparql.algebra.op.OpSequence;
import org.apache.jena.sparql.algebra.op.OpSlice;
import org.apache.jena.sparql.algebra.op.OpTable;
import org.apache.jena.sparql.algebra.op.OpTriple;
import org.apache.jena.sparql.algebra.op.OpUnion;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.core.TriplePath;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprList;
import org.jspecify.annotations.Nullable;

/**
 * A query that is answered by look-ups. What is not small, and what is not known here, is declined.
 *
 * <p>A part whose solutions do not change when the rows before it are put into it (patterns, paths,
 * and joins and unions of such) is looked up for each of these rows; all other parts are evaluated
 * by themselves, and joined row with row. One query, one thread.
 */
public final class LookUp {
  private final QueryEnv env;
  private final Map<Var, Integer> slots = new HashMap<>();
  private final Work work;
  private final Matching matching;
  private final Reach reach;
  private final Grouping grouping;

  private LookUp(
      QueryEnv env, TripleGraph graph, Op op, List<Var> variables, CancellationToken token) {
    this.env = env;
    this.work = new Work(token);
    for (Var v : OpVars.mentionedVars(op)) {
      slots.put(v, slots.size());
    }
    for (Var v : variables) {
      slots.putIfAbsent(v, slots.size());
    }
    Walker.walk(
        op,
        new OpVisitorBase() {
          @Override
          public void visit(OpGroup group) {
            group.getAggregators().forEach(a -> slots.putIfAbsent(a.getVar(), slots.size()));
          }
        });
    this.grouping = new Grouping(env, graph, work, slots);
    this.matching = new Matching(graph, slots, env.terms()::encode, work);
    this.reach = new Reach(graph, work);
  }

  /**
   * The solutions of a query.
   *
   * @param most solutions that are wanted
   * @param token ends it
   * @return ids in the order of the variables, 0 for unbound; null: this is nothing for look-ups
   */
  public static long @Nullable [][] solutions(
      Op op, List<Var> variables, QueryEnv env, long most, CancellationToken token) {
    if (!env.dataset().defaultGraphs().equals(List.of(TripleStore.DEFAULT_GRAPH))) {
      return null; // a merge of graphs
    }
    try {
      LookUp all = new LookUp(env, env.state().defaultGraph(), op, variables, token);
      Rows rows = all.top(op, most);
      int n = (int) Math.min(most, rows.count());
      long[][] out = new long[n][variables.size()];
      for (int k = 0; k < variables.size(); k++) {
        int slot = all.slot(variables.get(k));
        for (int i = 0; i < n; i++) {
          out[i][k] = rows.get(i, slot);
        }
      }
      return out;
    } catch (Declined e) {
      return null;
    }
  }

  private int slot(Var v) {
    Integer slot = slots.get(v);
    if (slot == null) {
      throw Declined.NOW;
    }
    return slot;
  }

  private Rows unit() {
    return Rows.unit(slots.size());
  }

  private Rows none() {
    return new Rows(slots.size());
  }

  /** The solutions of a part by itself. */
  private Rows top(Op op, long most) {
    if (isSubstitutable(op)) {
      return within(op, unit(), most);
    }
    if (op instanceof OpProject p) {
      return project(top(p.getSubOp(), most), p.getVars());
    }
    if (op instanceof OpSlice s) {
      return slice(s, most);
    }
    if (op instanceof OpDistinct d) {
      return distinct(top(d.getSubOp(), Long.MAX_VALUE));
    }
    if (op instanceof OpReduced d) {
      return distinct(top(d.getSubOp(), Long.MAX_VALUE));
    }
    if (op instanceof OpOrder o) {
      return order(top(o.getSubOp(), Long.MAX_VALUE), o.getConditions());
    }
    if (op instanceof OpFilter f) {
      return filter(top(f.getSubOp(), Long.MAX_VALUE), f.getExprs());
    }
    if (op instanceof OpExtend e) {
      return extend(e);
    }
    if (op instanceof OpLeftJoin j) {
      return leftJoin(j);
    }
    if (op instanceof OpJoin j) {
      return join(j);
    }
    if (op instanceof OpUnion u) {
      Rows out = none();
      out.addAll(top(u.getLeft(), Long.MAX_VALUE));
      out.addAll(top(u.getRight(), Long.MAX_VALUE));
      return out;
    }
    if (op instanceof OpMinus m) {
      return minus(m);
    }
    if (op instanceof OpGroup g) {
      Rows known = grouping.counts(g);
      return known == null ? grouping.grouped(g, top(g.getSubOp(), Long.MAX_VALUE)) : known;
    }
    throw Declined.NOW;
  }

  /** Are its solutions that fit a row those that come when the row is put into it? */
  private static boolean isSubstitutable(Op op) {
    if (op instanceof OpSequence sequence) {
      return sequence.getElements().stream().allMatch(LookUp::isSubstitutable);
    }
    if (op instanceof OpJoin || op instanceof OpUnion) {
      Op2 both = (Op2) op;
      return isSubstitutable(both.getLeft()) && isSubstitutable(both.getRight());
    }
    return op instanceof OpBGP
        || op instanceof OpTriple
        || op instanceof OpPath
        || op instanceof OpTable
        || op instanceof OpNull;
  }

  /** Rows joined with what is substitutable. */
  private Rows within(Op op, Rows in, long most) {
    List<Matching.Part> parts = new ArrayList<>();
    return parts(op, parts) ? Matching.match(parts, in, most) : none();
  }

  /** Adds the parts that are joined; false: there is no solution. */
  private boolean parts(Op op, List<Matching.Part> out) {
    if (op instanceof OpBGP bgp) {
      bgp.getPattern().forEach(t -> out.add(matching.pattern(t)));
    } else if (op instanceof OpTriple t) {
      out.add(matching.pattern(t.getTriple()));
    } else if (op instanceof OpPath p) {
      out.add(path(p.getTriplePath()));
    } else if (op instanceof OpTable t) {
      Rows given = table(t);
      out.add(part(op, given.count(), in -> joined(in, given)));
    } else if (op instanceof OpSequence sequence) {
      for (Op element : sequence.getElements()) {
        if (!parts(element, out)) {
          return false;
        }
      }
    } else if (op instanceof OpJoin j) {
      return parts(j.getLeft(), out) && parts(j.getRight(), out);
    } else if (op instanceof OpUnion u) {
      out.add(
          part(
              op,
              Work.MOST,
              in -> {
                Rows both = none();
                both.addAll(within(u.getLeft(), in, Long.MAX_VALUE));
                both.addAll(within(u.getRight(), in, Long.MAX_VALUE));
                return both;
              }));
    } else {
      return false;
    }
    return true;
  }

  private Matching.Part part(Op op, double expected, UnaryOperator<Rows> joins) {
    int[] at = OpVars.visibleVars(op).stream().mapToInt(this::slot).toArray();
    return new RowsPart(at, expected, joins);
  }

  private Rows join(OpJoin j) {
    if (isSubstitutable(j.getRight())) {
      return within(j.getRight(), top(j.getLeft(), Long.MAX_VALUE), Long.MAX_VALUE);
    }
    if (isSubstitutable(j.getLeft())) {
      return within(j.getLeft(), top(j.getRight(), Long.MAX_VALUE), Long.MAX_VALUE);
    }
    return joined(top(j.getLeft(), Long.MAX_VALUE), top(j.getRight(), Long.MAX_VALUE));
  }

  private Rows joined(Rows left, Rows right) {
    work.take((long) left.count() * right.count());
    Rows out = none();
    for (int l = 0; l < left.count(); l++) {
      for (int r = 0; r < right.count(); r++) {
        out.join(left, l, right, r);
      }
    }
    return out;
  }

  private Rows leftJoin(OpLeftJoin j) {
    Conditions all = conditions(j.getExprs());
    Rows left = top(j.getLeft(), Long.MAX_VALUE);
    boolean isWithin = isSubstitutable(j.getRight());
    Rows right = isWithin ? none() : top(j.getRight(), Long.MAX_VALUE);
    Rows out = none();
    for (int l = 0; l < left.count(); l++) {
      Rows one = left.only(l);
      Rows found = isWithin ? within(j.getRight(), one, Long.MAX_VALUE) : joined(one, right);
      boolean any = false;
      for (int i = 0; i < found.count(); i++) {
        if (all.hold(found, i)) {
          out.add(found, i);
          any = true;
        }
      }
      if (!any) {
        out.add(left, l);
      }
    }
    return out;
  }

  private Rows minus(OpMinus m) {
    Rows left = top(m.getLeft(), Long.MAX_VALUE);
    Rows right = top(m.getRight(), Long.MAX_VALUE);
    work.take((long) left.count() * right.count());
    Rows out = none();
    for (int l = 0; l < left.count(); l++) {
      boolean isOut = false;
      for (int r = 0; r < right.count() && !isOut; r++) {
        isOut = Rows.overlap(left, l, right, r);
      }
      if (!isOut) {
        out.add(left, l);
      }
    }
    return out;
  }

  private Conditions conditions(@Nullable ExprList given) {
    return Conditions.of(env, work, given == null ? List.of() : given.getList(), slots);
  }

  private Conditions value(Expr e) {
    return Conditions.of(env, work, List.of(e), slots);
  }

  private Rows filter(Rows rows, ExprList given) {
    Conditions all = conditions(given);
    Rows out = none();
    for (int i = 0; i < rows.count(); i++) {
      if (all.hold(rows, i)) {
        out.add(rows, i);
      }
    }
    return out;
  }

  private Rows extend(OpExtend e) {
    Set<Var> before = new HashSet<>(OpVars.visibleVars(e.getSubOp()));
    Rows rows = top(e.getSubOp(), Long.MAX_VALUE);
    for (Var v : e.getVarExprList().getVars()) {
      if (!before.add(v)) {
        throw Declined.NOW; // an error, which the translator knows how to say
      }
      Conditions value = value(e.getVarExprList().getExpr(v));
      int slot = slot(v);
      for (int i = 0; i < rows.count(); i++) {
        rows.set(i, slot, value.value(rows, i));
      }
    }
    return rows;
  }

  private Rows project(Rows rows, List<Var> vars) {
    Rows out = none();
    for (int i = 0; i < rows.count(); i++) {
      int to = out.add();
      for (Var v : vars) {
        int slot = slot(v);
        out.set(to, slot, rows.get(i, slot));
      }
    }
    return out;
  }

  private Rows distinct(Rows rows) {
    Set<List<Long>> seen = new HashSet<>();
    Rows out = none();
    for (int i = 0; i < rows.count(); i++) {
      if (seen.add(Arrays.stream(rows.row(i)).boxed().toList())) {
        out.add(rows, i);
      }
    }
    return out;
  }

  private Rows slice(OpSlice s, long most) {
    long from = s.getStart() == Query.NOLIMIT ? 0 : s.getStart();
    long limit = Math.min(most, s.getLength() == Query.NOLIMIT ? Long.MAX_VALUE : s.getLength());
    long to = limit > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + limit;
    Rows rows = top(s.getSubOp(), to);
    Rows out = none();
    for (long i = from; i < Math.min(to, rows.count()); i++) {
      out.add(rows, (int) i);
    }
    return out;
  }

  private Rows order(Rows rows, List<SortCondition> by) {
    int n = rows.count();
    byte[][][] keys = new byte[by.size()][n][];
    for (int c = 0; c < by.size(); c++) {
      Conditions key = value(by.get(c).getExpression());
      for (int i = 0; i < n; i++) {
        long id = key.value(rows, i);
        // unbound comes first
        keys[c][i] = id == Rows.UNBOUND ? new byte[0] : OrderKey.of(env.terms().decode(id));
      }
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> {
          for (int c = 0; c < keys.length; c++) {
            int compared = Arrays.compareUnsigned(keys[c][a], keys[c][b]);
            if (compared != 0) {
              return by.get(c).getDirection() == Query.ORDER_DESCENDING ? -compared : compared;
            }
          }
          return 0;
        });
    Rows out = none();
    for (int i : order) {
      out.add(rows, i);
    }
    return out;
  }

  private Rows table(OpTable t) {
    Rows given = none();
    for (Iterator<Binding> all = t.getTable().rows(); all.hasNext(); ) {
      Binding binding = all.next();
      work.take(1);
      int row = given.add();
      binding.forEach((v, term) -> given.set(row, slot(v), env.terms().encode(term)));
    }
    return given;
  }

  private Matching.Part path(TriplePath t) {
    if (t.isTriple()) {
      return matching.pattern(t.asTriple());
    }
    Node[] ends = {t.getSubject(), t.getObject()};
    long[] known = new long[2];
    int[] at = {-1, -1};
    for (int k = 0; k < 2; k++) {
      if (Var.isVar(ends[k])) {
        at[k] = slot(Var.alloc(ends[k]));
      } else if (ends[k].isConcrete() && !ends[k].isTripleTerm()) {
        known[k] = env.terms().encode(ends[k]);
      } else {
        throw Declined.NOW;
      }
    }
    if (at[0] >= 0 && at[0] == at[1]) {
      throw Declined.NOW; // circles
    }
    return new PathPart(reach, Steps.of(t.getPath(), env.terms()), known, at, work);
  }
}
