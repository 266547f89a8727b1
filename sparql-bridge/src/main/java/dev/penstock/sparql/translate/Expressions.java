package dev.penstock.sparql.translate;

import dev.penstock.batch.expr.HostFunction;
import dev.penstock.sparql.eval.Calculating;
import dev.penstock.sparql.eval.Comparing;
import dev.penstock.sparql.eval.Draw;
import dev.penstock.sparql.eval.JenaCall;
import dev.penstock.sparql.eval.Membership;
import dev.penstock.sparql.eval.TextTest;
import dev.penstock.sparql.eval.TruthTerm;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.walker.Walker;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.expr.E_Bound;
import org.apache.jena.sparql.expr.E_Coalesce;
import org.apache.jena.sparql.expr.E_Equals;
import org.apache.jena.sparql.expr.E_If;
import org.apache.jena.sparql.expr.E_LogicalAnd;
import org.apache.jena.sparql.expr.E_LogicalNot;
import org.apache.jena.sparql.expr.E_LogicalOr;
import org.apache.jena.sparql.expr.E_NotEquals;
import org.apache.jena.sparql.expr.E_OneOf;
import org.apache.jena.sparql.expr.E_OneOfBase;
import org.apache.jena.sparql.expr.E_SameTerm;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprFunction;
import org.apache.jena.sparql.expr.ExprFunction0;
import org.apache.jena.sparql.expr.ExprFunction1;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.ExprFunctionOp;
import org.apache.jena.sparql.expr.ExprList;
import org.apache.jena.sparql.expr.ExprTransformCopy;
import org.apache.jena.sparql.expr.ExprTransformer;
import org.apache.jena.sparql.expr.ExprVar;
import org.apache.jena.sparql.expr.ExprVisitorBase;
import org.apache.jena.sparql.expr.Unstable;
import org.jspecify.annotations.Nullable;

/**
 * Expressions: what the plan language has is written in it (its logic of three values is SPARQL's:
 * null is an error), the rest is a call of a host function in which Jena computes.
 */
final class Expressions {
  private static final SecureRandom SEEDS = new SecureRandom();

  /** Jena computes longer sums. */
  private static final int LONG = 100;

  /** So many IRIs of a list are compared one by one. */
  private static final int FEW = 64;

  private final Translator translator;
  private final long labelSeed = SEEDS.nextLong();

  Expressions(Translator translator) {
    this.translator = translator;
  }

  /**
   * Where variables get their values.
   *
   * @param value the form of a variable's value, null if it is never bound
   * @param definite whether it is always bound
   */
  record Scope(Function<Var, @Nullable Object> value, Predicate<Var> definite) {
    static Scope of(Relation r) {
      return new Scope(r::value, r::isDefinite);
    }
  }

  /**
   * An expression without draws, over a relation that has their values.
   *
   * @param drawn the variables that have them
   */
  record Prepared(Relation relation, Expr expr, List<Var> drawn) {}

  Object term(Expr e, Relation r, GraphScope g) {
    return term(e, Scope.of(r), g);
  }

  Object truth(Expr e, Relation r, GraphScope g) {
    return truth(e, Scope.of(r), g);
  }

  /** The id of an expression's value; null where it is an error. */
  Object term(Expr e, Scope scope, GraphScope g) {
    if (e.isVariable()) {
      Object value = scope.value().apply(e.asVar());
      return value == null ? Form.UNBOUND : value;
    }
    if (e.isConstant()) {
      return translator.terms().encode(e.getConstant().asNode());
    }
    if (e instanceof E_Coalesce c) {
      List<Object> args = new ArrayList<>();
      for (Expr arg : c.getArgs()) {
        args.add(term(arg, scope, g));
      }
      return args.isEmpty() ? Form.UNBOUND : Form.call("coalesce", args);
    }
    if (e instanceof E_If choice) {
      // an error in the condition is one of the whole
      Object condition = truth(choice.getArg1(), scope, g);
      return Form.call(
          "case",
          condition,
          term(choice.getArg2(), scope, g),
          Form.call("not", condition),
          term(choice.getArg3(), scope, g));
    }
    if (Calculating.takes(e) && !isLong(e)) {
      ExprFunction2 f = (ExprFunction2) e;
      return pair(new Calculating(translator.terms(), f), f, "int64", scope, g);
    }
    if (isTruth(e)) {
      return Form.call("host", new TruthTerm(), Form.key("int64"), truth(e, scope, g));
    }
    return host(e, scope, g, false);
  }

  /** A chain of sums that is too long for calls within calls. */
  private static boolean isLong(Expr sum) {
    int n = 0;
    for (Expr at = sum; Calculating.takes(at); at = ((ExprFunction2) at).getArg1()) {
      n++;
    }
    return n > LONG;
  }

  /** Is a value of it true or false, and {@link #truth} more than a call of Jena? */
  private static boolean isTruth(Expr e) {
    return e instanceof E_LogicalAnd
        || e instanceof E_LogicalOr
        || e instanceof E_LogicalNot
        || e instanceof E_Bound
        || e instanceof E_SameTerm
        || Comparing.takes(e)
        || Membership.takes(e);
  }

  /** The effective boolean value of an expression; null where it is an error. */
  Object truth(Expr e, Scope scope, GraphScope g) {
    if (e instanceof E_LogicalAnd || e instanceof E_LogicalOr) {
      return Form.call(
          e instanceof E_LogicalAnd ? "and" : "or",
          operands(e).stream().map(operand -> truth(operand, scope, g)).toList());
    }
    if (e instanceof E_LogicalNot not) {
      return Form.call("not", truth(not.getArg(), scope, g));
    }
    if (e instanceof E_Bound bound && bound.getArg().isVariable()) {
      Object value = scope.value().apply(bound.getArg().asVar());
      return value == null ? Boolean.FALSE : Form.call("is-not-null", value);
    }
    if (e instanceof E_SameTerm same) {
      return Form.call("=", term(same.getArg1(), scope, g), term(same.getArg2(), scope, g));
    }
    if (e instanceof E_Equals || e instanceof E_NotEquals) {
      ExprFunction2 pair = (ExprFunction2) e;
      if (isName(pair.getArg1()) || isName(pair.getArg2())) {
        // what is equal to an IRI is that IRI
        return Form.call(
            e instanceof E_Equals ? "=" : "not=",
            term(pair.getArg1(), scope, g),
            term(pair.getArg2(), scope, g));
      }
    }
    if (Membership.takes(e)) {
      Object in = member((E_OneOfBase) e, scope, g);
      return e instanceof E_OneOf ? in : Form.call("not", in);
    }
    if (TextTest.takes(e)) {
      Object tested = term(TextTest.variable(e), scope, g);
      return Form.call("host", new TextTest(translator.terms(), e), Form.key("boolean"), tested);
    }
    if (Comparing.takes(e)) {
      ExprFunction2 f = (ExprFunction2) e;
      return Form.call(
          "host",
          new Comparing(translator.terms(), f),
          Form.key("boolean"),
          compared(f.getArg1(), scope, g),
          compared(f.getArg2(), scope, g));
    }
    return host(e, scope, g, true);
  }

  /** Those of a chain of one operator: it may be long. */
  private static List<Expr> operands(Expr chain) {
    ArrayDeque<Expr> out = new ArrayDeque<>();
    Expr at = chain;
    while (at.getClass() == chain.getClass()) {
      ExprFunction2 f = (ExprFunction2) at;
      out.addFirst(f.getArg2());
      at = f.getArg1();
    }
    out.addFirst(at);
    return List.copyOf(out);
  }

  private Object compared(Expr e, Scope scope, GraphScope g) {
    return e.isConstant() ? translator.compared(e) : term(e, scope, g);
  }

  private Object pair(
      HostFunction function, ExprFunction2 of, String type, Scope scope, GraphScope g) {
    return Form.call(
        "host",
        function,
        Form.key(type),
        term(of.getArg1(), scope, g),
        term(of.getArg2(), scope, g));
  }

  /** Of a few IRIs the plan's own. */
  private Object member(E_OneOfBase in, Scope scope, GraphScope g) {
    List<Expr> all = in.getRHS().getList();
    Object term = term(in.getLHS(), scope, g);
    return !all.isEmpty() && all.size() <= FEW && all.stream().allMatch(Expressions::isName)
        ? Form.call("in", term, Form.vec(all.stream().map(each -> term(each, scope, g)).toList()))
        : Form.call("host", new Membership(translator.terms(), in), Form.key("boolean"), term);
  }

  private static boolean isName(Expr e) {
    return e.isConstant() && e.getConstant().asNode().isURI();
  }

  private Object host(Expr e, Scope scope, GraphScope g, boolean predicate) {
    boolean hasPattern = hasPattern(e);
    List<Var> vars = new ArrayList<>();
    List<Object> args = new ArrayList<>();
    for (Var v : mentioned(e)) {
      Object value = scope.value().apply(v);
      if (value != null) {
        vars.add(v);
        args.add(value);
      }
    }
    boolean graphColumn = hasPattern && g.hidden() != null;
    if (graphColumn) {
      args.add(Relation.column(g.hidden()));
    }
    List<Object> all = new ArrayList<>();
    all.add(
        new JenaCall(translator.env(), e, vars, g.graphs(), graphColumn, predicate, hasPattern));
    all.add(Form.key(predicate ? "boolean" : "int64"));
    all.addAll(args);
    return Form.call("host", all);
  }

  /** The variables of an expression, those of its patterns too. */
  static Set<Var> mentioned(Expr e) {
    Set<Var> out = new LinkedHashSet<>(e.getVarsMentioned());
    for (Op pattern : patterns(e)) {
      out.addAll(Existence.mentioned(pattern));
    }
    return out;
  }

  static boolean hasPattern(Expr e) {
    return !patterns(e).isEmpty();
  }

  private static List<Op> patterns(Expr e) {
    List<Op> out = new ArrayList<>();
    Walker.walk(
        e,
        new ExprVisitorBase() {
          @Override
          public void visit(ExprFunctionOp f) {
            out.add(f.getGraphPattern());
          }
        });
    return out;
  }

  private static Draw.@Nullable Kind drawn(Expr e) {
    if (!(e instanceof Unstable) || !(e instanceof ExprFunction f)) {
      return null;
    }
    return switch (f.getFunctionSymbol().getSymbol()) {
      case "rand" -> Draw.Kind.RANDOM;
      case "uuid" -> Draw.Kind.UUID_IRI;
      case "struuid" -> Draw.Kind.UUID_TEXT;
      case "bnode" -> f.numArgs() == 0 ? Draw.Kind.BLANK : Draw.Kind.LABELLED_BLANK;
      default -> throw Refusals.unsupported("the function " + f.getFunctionSymbol().getSymbol());
    };
  }

  private static boolean draws(Expr e) {
    boolean[] found = new boolean[1];
    Walker.walk(
        e,
        new ExprVisitorBase() {
          @Override
          public void visit(ExprFunction0 f) {
            found[0] |= drawn(f) != null;
          }

          @Override
          public void visit(ExprFunction1 f) {
            found[0] |= drawn(f) != null;
          }
        });
    return found[0];
  }

  /** Where rows have no number there is nothing to draw by. */
  static void refuseDraws(Expr e, String where) {
    if (draws(e)) {
      throw Refusals.unsupported("RAND, UUID, STRUUID or BNODE " + where);
    }
  }

  /** Computes what is drawn for each row (RAND, UUID, STRUUID, BNODE) before all else. */
  Prepared prepare(Relation r, Expr e) {
    if (!draws(e)) {
      return new Prepared(r, e, List.of());
    }
    Drawing drawing = new Drawing(numbered(r));
    Expr left = ExprTransformer.transform(drawing, e);
    return new Prepared(drawing.relation, left, drawing.drawn);
  }

  private static Relation numbered(Relation r) {
    if (r.hash() && !r.vars().isEmpty()) {
      return r;
    }
    if (r.hash()) {
      // the column has no meaning yet
      Object other = Form.vec(Form.item(Form.sym("?#0"), Relation.HASH));
      Object numbered = Form.call("number+", Relation.HASH, Form.call("project+", other, r.form()));
      return r.with(Form.call("project+", Form.vec(Relation.HASH), numbered));
    }
    return new Relation(Form.call("number+", Relation.HASH, r.form()), r.vars(), true);
  }

  /** Puts variables in the place of draws, and binds them. */
  private final class Drawing extends ExprTransformCopy {
    private Relation relation;
    private final List<Var> drawn = new ArrayList<>();

    Drawing(Relation relation) {
      this.relation = relation;
    }

    @Override
    public Expr transform(ExprFunction0 f) {
      Draw.Kind kind = drawn(f);
      return kind == null ? f : bound(kind, List.of());
    }

    @Override
    public Expr transform(ExprFunction1 f, Expr arg) {
      Draw.Kind kind = drawn(f);
      return kind == null
          ? super.transform(f, arg)
          : bound(kind, List.of(term(arg, relation, new GraphScope(List.of(), null))));
    }

    @Override
    public Expr transform(ExprFunctionOp f, ExprList args, Op pattern) {
      return f; // what is drawn within a pattern is its own matter
    }

    private Expr bound(Draw.Kind kind, List<Object> args) {
      // labelled blank nodes are the same for the same label in a row, wherever in the query
      long seed = kind == Draw.Kind.LABELLED_BLANK ? labelSeed : SEEDS.nextLong();
      translator.env().draws();
      List<Object> call = new ArrayList<>();
      call.add(new Draw(translator.terms(), kind, seed));
      call.add(Form.key("int64"));
      call.add(Relation.HASH);
      call.addAll(args);
      Var v = translator.freshVar();
      Object bind = Form.vec(Form.vec(Relation.column(v), Form.call("host", call)));
      relation = relation.and(Form.call("bind+", bind, relation.form()), v, args.isEmpty());
      drawn.add(v);
      return new ExprVar(v);
    }
  }
}
