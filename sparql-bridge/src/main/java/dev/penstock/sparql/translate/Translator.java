package dev.penstock.sparql.translate;

import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.memory.BatchSource;
import dev.penstock.sparql.eval.OrderKey;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.eval.SmallNumber;
import dev.penstock.sparql.eval.TermValue;
import dev.penstock.sparql.term.Terms;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.jena.graph.Node;
import org.apache.jena.query.Query;
import org.apache.jena.query.SortCondition;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.Table;
import org.apache.jena.sparql.algebra.op.OpBGP;
import org.apache.jena.sparql.algebra.op.OpDistinct;
import org.apache.jena.sparql.algebra.op.OpExtend;
import org.apache.jena.sparql.algebra.op.OpFilter;
import org.apache.jena.sparql.algebra.op.OpGraph;
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
import org.apache.jena.sparql.core.BasicPattern;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.expr.Expr;
import org.jspecify.annotations.Nullable;

/**
 * SPARQL's algebra to a plan. One use, one thread.
 *
 * <p>What is translated within {@code GRAPH ?g} has a hidden variable, the graph, in every
 * relation: see {@link GraphScope}.
 */
public final class Translator {
  /** So many terms of VALUES stand in the plan itself. */
  private static final int PLAN_TERMS = 4000;

  private static final int CHECK = 0xFFF;

  private final QueryEnv env;
  private final String store;
  private final Joins joins = new Joins(this);
  private final Patterns patterns = new Patterns(this);
  private final Paths paths = new Paths(this);
  private final Expressions expressions = new Expressions(this);
  private final Filters filters = new Filters(this);
  private final Groups groups = new Groups(this);
  private final Graphs graphs = new Graphs(this);
  private Map<Expr, Integer> lifted = Map.of();
  private final Set<Integer> used = new HashSet<>();
  private int names;

  /**
   * @param store the store's name in the catalog
   */
  public Translator(QueryEnv env, String store) {
    this.env = env;
    this.store = store;
  }

  /**
   * The plan of a query's algebra: a column for each of the variables, in order, named as they are;
   * without any, one column of no meaning.
   */
  public Object plan(Op op, List<Var> variables) {
    Refusals.check(op);
    Relation r = translate(op, new GraphScope(env.dataset().defaultGraphs(), null));
    Map<Var, Boolean> wanted = new LinkedHashMap<>();
    variables.forEach(v -> wanted.put(v, r.isDefinite(v)));
    return r.project(wanted).form();
  }

  /**
   * Values in the place of ids.
   *
   * @param fields the variables of the plan and the types of their columns
   */
  public static Object values(Object plan, List<Field> fields, QueryEnv env) {
    List<Object> items = new ArrayList<>();
    for (Field f : fields) {
      Object id = Form.sym("?" + f.name());
      Object type =
          f.type().isDecimal()
              ? Form.vec(Form.key("decimal"), (long) f.type().precision(), (long) f.type().scale())
              : Form.key(f.type().kind().text());
      items.add(
          Form.vec(
              Form.sym(f.name()),
              Form.call("host", new TermValue(env, f.name(), f.type()), type, id)));
    }
    return items.isEmpty() ? plan : Form.call("project+", Form.vec(items), plan);
  }

  /** The first solution of a plan. */
  public static Object first(Object plan) {
    return Form.call("slice+", 0L, 1L, plan);
  }

  /**
   * Makes parameters of constants.
   *
   * @param constants their numbers, by identity
   */
  public void lift(Map<Expr, Integer> constants) {
    lifted = constants;
  }

  /** Whether the plan has all of them as parameters. */
  public boolean hasLifted() {
    return used.containsAll(lifted.values());
  }

  /** The id of a constant that is compared, perhaps of a parameter. */
  Object compared(Expr constant) {
    Long id = terms().encode(constant.getConstant().asNode());
    Integer number = lifted.get(constant);
    if (number == null) {
      return id;
    }
    used.add(number);
    return Form.call("param", number.longValue(), id);
  }

  /** Refuses what is refused wherever it stands in a query. */
  public static void check(Op op) {
    Refusals.check(op);
  }

  QueryEnv env() {
    return env;
  }

  Terms terms() {
    return env.terms();
  }

  String store() {
    return store;
  }

  Joins joins() {
    return joins;
  }

  Patterns patterns() {
    return patterns;
  }

  Expressions expressions() {
    return expressions;
  }

  Graphs graphs() {
    return graphs;
  }

  /** A column name that no variable has. */
  Symbol fresh(Var like) {
    return Form.sym("?" + like.getVarName() + "#" + ++names);
  }

  /** A variable that no query has. */
  Var freshVar() {
    return Var.alloc("#" + ++names);
  }

  Relation translate(Op op, GraphScope g) {
    CancellationToken.checkCurrent();
    if (op instanceof OpBGP bgp) {
      return patterns.bgp(bgp.getPattern(), g);
    }
    if (op instanceof OpTriple t) {
      BasicPattern one = new BasicPattern();
      one.add(t.getTriple());
      return patterns.bgp(one, g);
    }
    if (op instanceof OpPath p) {
      return paths.path(p.getTriplePath(), g);
    }
    if (op instanceof OpJoin j) {
      return joins.join(translate(j.getLeft(), g), translate(j.getRight(), g));
    }
    if (op instanceof OpSequence sequence) {
      // Jena writes paths beside triples so; where each element by itself has its meaning it is a
      // join
      Relation all = null;
      for (Op element : sequence.getElements()) {
        Relation next = translate(element, g);
        all = all == null ? next : joins.join(all, next);
      }
      return all == null ? graphs.within(Relation.unit(), g) : all;
    }
    if (op instanceof OpLeftJoin j) {
      return joins.leftJoin(translate(j.getLeft(), g), translate(j.getRight(), g), j.getExprs(), g);
    }
    if (op instanceof OpUnion u) {
      return union(u, g);
    }
    if (op instanceof OpMinus m) {
      return joins.minus(translate(m.getLeft(), g), translate(m.getRight(), g), g);
    }
    if (op instanceof OpFilter f) {
      return filters.filter(translate(f.getSubOp(), g), f.getExprs().getList(), g);
    }
    if (op instanceof OpExtend e) {
      Relation r = translate(e.getSubOp(), g);
      for (Var v : e.getVarExprList().getVars()) {
        r = extend(r, v, e.getVarExprList().getExpr(v), g);
      }
      return r;
    }
    if (op instanceof OpTable t) {
      return graphs.within(table(t.getTable()), g);
    }
    if (op instanceof OpNull) {
      return graphs.within(Relation.none(Map.of()), g);
    }
    if (op instanceof OpGraph of) {
      return graphs.within(graphs.graph(of.getNode(), of.getSubOp()), g);
    }
    return modifier(op, g);
  }

  /** All members of a chain of unions at once: it may be long. */
  private Relation union(OpUnion chain, GraphScope g) {
    ArrayDeque<Op> left = new ArrayDeque<>();
    List<Relation> members = new ArrayList<>();
    left.push(chain);
    while (!left.isEmpty()) {
      Op next = left.pop();
      if (next instanceof OpUnion u) {
        left.push(u.getRight());
        left.push(u.getLeft());
      } else {
        members.add(translate(next, g));
      }
    }
    return joins.union(members);
  }

  private Relation modifier(Op op, GraphScope g) {
    if (op instanceof OpProject p) {
      return project(translate(p.getSubOp(), g), p.getVars(), g);
    }
    if (op instanceof OpDistinct d) {
      return distinct(d.getSubOp(), g);
    }
    if (op instanceof OpReduced d) {
      return distinct(d.getSubOp(), g); // it may drop all duplicates
    }
    if (op instanceof OpGroup group) {
      return groups.group(translate(group.getSubOp(), g), group, g);
    }
    if (op instanceof OpOrder o) {
      return order(translate(o.getSubOp(), g), o, g);
    }
    if (op instanceof OpSlice s) {
      return slice(translate(s.getSubOp(), g), s);
    }
    throw Refusals.unsupported("the operator " + op.getName());
  }

  /** The distinct solutions, in the order in which they first come if there is an order. */
  private Relation distinct(Op of, GraphScope g) {
    if (of instanceof OpProject p && p.getSubOp() instanceof OpOrder o && sortsBy(o, p.getVars())) {
      Relation all = project(translate(o.getSubOp(), g), p.getVars(), g);
      return order(all.with(Form.call("distinct+", all.form())), o, g);
    }
    Relation plain = translate(of, g).plain();
    if (!isOrdered(of)) {
      return plain.with(Form.call("distinct+", plain.form()));
    }
    Symbol number = fresh(Var.alloc("row"));
    List<Object> columns = new ArrayList<>();
    plain.vars().keySet().forEach(v -> columns.add(Relation.column(v)));
    if (columns.isEmpty()) {
      columns.add(Relation.HASH);
    }
    Object numbered = Form.call("number+", number, plain.form());
    Object first =
        Form.call(
            "group+",
            Form.vec(columns),
            Form.vec(Form.vec(number, Form.call("min", number))),
            numbered);
    Object sorted = Form.call("sort+", Form.vec(number), first);
    return plain.with(Form.call("project+", Form.vec(columns), sorted));
  }

  private static boolean sortsBy(OpOrder o, List<Var> vars) {
    return o.getConditions().stream()
        .allMatch(c -> vars.containsAll(Expressions.mentioned(c.getExpression())));
  }

  private static boolean isOrdered(Op op) {
    return op instanceof OpOrder
        || (op instanceof OpProject p && isOrdered(p.getSubOp()))
        || (op instanceof OpExtend e && isOrdered(e.getSubOp()));
  }

  private static Relation project(Relation r, List<Var> vars, GraphScope g) {
    Map<Var, Boolean> wanted = new LinkedHashMap<>();
    vars.forEach(v -> wanted.put(v, r.isDefinite(v)));
    if (g.hidden() != null) {
      wanted.put(g.hidden(), true);
    }
    return r.project(wanted);
  }

  private static Relation slice(Relation r, OpSlice s) {
    long from = s.getStart() == Query.NOLIMIT ? 0 : s.getStart();
    Long limit = s.getLength() == Query.NOLIMIT ? null : (Long) s.getLength();
    return r.with(Form.call("slice+", from, limit, r.form()));
  }

  /** With one more variable, the value of an expression; unbound where that is an error. */
  Relation extend(Relation of, Var v, Expr expr, GraphScope g) {
    Expressions.Prepared p = expressions.prepare(of, expr);
    Relation r = p.relation();
    if (r.has(v)) {
      throw PenstockException.incorrect(
          "sparql-variable", "the variable ?" + v.getVarName() + " has a value already");
    }
    Object value = expressions.term(p.expr(), r, g);
    boolean definite = expr.isConstant() || (expr.isVariable() && r.isDefinite(expr.asVar()));
    Object bound = Form.call("bind+", Form.vec(Form.vec(Relation.column(v), value)), r.form());
    Relation with = r.and(bound, v, definite);
    // a column without meaning must not be taken for the numbers of rows
    return of.vars().isEmpty() && p.drawn().isEmpty() ? with.plain() : drop(with, p.drawn());
  }

  /** Without variables that were only needed to compute others. */
  static Relation drop(Relation r, List<Var> drawn) {
    if (drawn.isEmpty()) {
      return r;
    }
    Map<Var, Boolean> left = new LinkedHashMap<>(r.vars());
    left.keySet().removeAll(drawn);
    List<Object> items = new ArrayList<>();
    left.keySet().forEach(v -> items.add(Relation.column(v)));
    if (r.hash()) {
      items.add(Relation.HASH);
    }
    return items.isEmpty()
        ? r.project(left)
        : new Relation(Form.call("project+", Form.vec(items), r.form()), left, r.hash());
  }

  private Relation order(Relation of, OpOrder order, GraphScope g) {
    Relation r = of;
    List<Object> items = new ArrayList<>();
    List<Var> drawn = new ArrayList<>();
    for (SortCondition c : order.getConditions()) {
      Expressions.Prepared p = expressions.prepare(r, c.getExpression());
      r = p.relation();
      drawn.addAll(p.drawn());
      Object term = expressions.term(p.expr(), r, g);
      boolean isNumber =
          g.hidden() == null
              && p.expr().isVariable()
              && SmallNumbers.of(order.getSubOp(), p.expr().asVar(), env, g.graphs()).areKnown();
      Object key =
          isNumber
              ? Form.call("host", new SmallNumber(), SmallNumbers.TYPE, term)
              : Form.call("host", new OrderKey(terms()), Form.key("varbinary"), term);
      boolean descending = c.getDirection() == Query.ORDER_DESCENDING;
      items.add(
          Form.vec(
              key,
              Form.key(descending ? "desc" : "asc"),
              Form.key(descending ? "nulls-last" : "nulls-first")));
    }
    return drop(r.with(Form.call("sort+", Form.vec(items), r.form())), drawn);
  }

  private Relation table(Table table) {
    Map<Var, Boolean> vars = new LinkedHashMap<>();
    table.getVars().forEach(v -> vars.put(v, true));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Iterator<Binding> all = table.rows(); all.hasNext(); ) {
      if ((rows.size() & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      Binding row = all.next();
      List<@Nullable Object> cells = new ArrayList<>(vars.size());
      for (Var v : table.getVars()) {
        Node term = row.get(v);
        if (term == null) {
          vars.put(v, false);
        }
        cells.add(terms().encodeOrNull(term));
      }
      if (cells.isEmpty()) {
        cells.add(0L);
      }
      rows.add(cells);
    }
    List<Symbol> names = new ArrayList<>();
    table.getVars().forEach(v -> names.add(Relation.column(v)));
    if (names.isEmpty()) {
      names.add(Relation.HASH);
    }
    Object form =
        rows.size() * names.size() <= PLAN_TERMS ? values(names, rows) : given(names, rows);
    return Relation.of(form, vars);
  }

  private static Object values(List<Symbol> names, List<List<@Nullable Object>> rows) {
    List<Object> columns = new ArrayList<>();
    names.forEach(name -> columns.add(Form.vec(name, Form.key("int64"))));
    return Form.call("values+", Form.vec(columns), Form.vec(rows.stream().map(Form::vec).toList()));
  }

  /** Rows that are too many for the text of a plan, as a source. */
  private Object given(List<Symbol> names, List<List<@Nullable Object>> rows) {
    List<Field> fields = new ArrayList<>();
    List<Object> columns = new ArrayList<>();
    for (Symbol name : names) {
      String plain = "v" + fields.size();
      fields.add(new Field(plain, DataType.INT64, true));
      columns.add(Form.item(name, Form.sym(plain)));
    }
    return Form.call(
        "table+",
        Form.sym(store),
        Form.vec(columns),
        Form.options("source", BatchSource.ofRows(new Schema(fields), rows)));
  }
}
