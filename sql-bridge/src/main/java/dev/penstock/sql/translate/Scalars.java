package dev.penstock.sql.translate;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.Operators;
import dev.penstock.sql.calcite.Parameter;
import dev.penstock.sql.calcite.PlanFunction;
import dev.penstock.sql.calcite.PlanOperator;
import dev.penstock.sql.calcite.RowFunction;
import dev.penstock.sql.calcite.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Calcite's scalar expressions as expressions of the plan. */
final class Scalars {
  private static final Map<SqlKind, String> BY_KIND =
      Map.ofEntries(
          Map.entry(SqlKind.EQUALS, "="),
          Map.entry(SqlKind.NOT_EQUALS, "not="),
          Map.entry(SqlKind.LESS_THAN, "<"),
          Map.entry(SqlKind.LESS_THAN_OR_EQUAL, "<="),
          Map.entry(SqlKind.GREATER_THAN, ">"),
          Map.entry(SqlKind.GREATER_THAN_OR_EQUAL, ">="),
          Map.entry(SqlKind.NOT, "not"),
          Map.entry(SqlKind.IS_NULL, "is-null"),
          Map.entry(SqlKind.IS_NOT_NULL, "is-not-null"),
          Map.entry(SqlKind.IS_TRUE, "is-true"),
          Map.entry(SqlKind.IS_FALSE, "is-false"),
          Map.entry(SqlKind.IS_UNKNOWN, "is-null"),
          Map.entry(SqlKind.IS_DISTINCT_FROM, "is-distinct"),
          Map.entry(SqlKind.IS_NOT_DISTINCT_FROM, "is-not-distinct"),
          Map.entry(SqlKind.LIKE, "like"),
          Map.entry(SqlKind.SIMILAR, "similar-to"));

  private final Translator translator;

  Scalars(Translator translator) {
    this.translator = translator;
  }

  /** The expression; sub-queries in it join themselves to the scope's relation. */
  @Nullable Object form(RexNode node, Scope scope) {
    translator.token().check();
    if (node instanceof RexInputRef ref) {
      return scope.column(ref.getIndex());
    }
    if (node instanceof RexLiteral literal) {
      return Literals.form(literal);
    }
    if (node instanceof RexFieldAccess access
        && access.getReferenceExpr() instanceof RexCorrelVariable v) {
      return scope.outer(new Domain.Key(v.id, access.getField().getIndex()));
    }
    if (node instanceof RexSubQuery sub) {
      return translator.subqueries().value(sub, scope);
    }
    if (node instanceof RexOver over) {
      return Objects.requireNonNull(scope.windows.get(over.toString()), "a window inside " + over);
    }
    if (node instanceof RexCall call) {
      return call(call, scope);
    }
    throw unsupported(node);
  }

  List<@Nullable Object> forms(List<? extends RexNode> nodes, Scope scope) {
    List<@Nullable Object> out = new ArrayList<>();
    for (RexNode n : nodes) {
      out.add(form(n, scope));
    }
    return out;
  }

  /** Arguments of a function whose type depends on theirs. */
  private List<@Nullable Object> arguments(RexCall call, Scope scope) {
    List<@Nullable Object> out = new ArrayList<>();
    for (RexNode n : call.getOperands()) {
      out.add(n instanceof RexLiteral literal ? Literals.typed(literal) : form(n, scope));
    }
    return out;
  }

  private static PenstockException unsupported(RexNode node) {
    return PenstockException.unsupported(
        "sql-expression", "the expression " + node + " is not supported");
  }

  private @Nullable Object call(RexCall call, Scope scope) {
    if (call.getOperator() instanceof Parameter p) {
      return Form.call("param", (long) p.index(), p.value());
    }
    if (call.getOperator() instanceof PlanFunction f && f.isDrawn()) {
      return drawn(f, scope);
    }
    if (call.getOperator() instanceof PlanFunction f && f.isRowNumber()) {
      return rowNumber(scope);
    }
    if (call.getOperator() instanceof PlanFunction f) {
      return f.form(
          arguments(call, scope), call.getOperands().stream().map(RexNode::getType).toList());
    }
    if (call.getOperator() instanceof RowFunction) {
      Object column = scope.windows.get(call.toString());
      if (column == null) {
        throw PenstockException.unsupported(
            "sql-unnest", "unnest may stand in FROM and in the select list only");
      }
      return column;
    }
    if (call.getOperator() instanceof PlanOperator p && p.dependsOnTypes()) {
      List<@Nullable Object> args = forms(call.getOperands(), scope);
      boolean whole = call.getOperands().stream().allMatch(o -> Operators.isWhole(o.getType()));
      return Form.call(whole ? "quot" : "/", args.get(0), Form.call("nullif", args.get(1), 0L));
    }
    if (call.getOperator() instanceof PlanOperator operator) {
      return operator.form(arguments(call, scope));
    }
    return switch (call.getKind()) {
      case AND -> and(call, scope);
      case OR -> or(call, scope);
      case CASE -> cases(call, scope);
      case CAST, SAFE_CAST -> cast(call, scope);
      case IS_NOT_TRUE -> Form.call("not", Form.call("is-true", operand(call, scope)));
      case IS_NOT_FALSE -> Form.call("not", Form.call("is-false", operand(call, scope)));
      case SEARCH -> form(RexUtil.expandSearch(translator.rexBuilder(), null, call), scope);
      case LIKE ->
          Form.call(
              call.getOperator().getName().contains("ILIKE") ? "ilike" : "like",
              forms(call.getOperands(), scope));
      default -> {
        String name = BY_KIND.get(call.getKind());
        if (name == null || hasRows(call)) {
          throw unsupported(call);
        }
        yield Form.call(name, forms(call.getOperands(), scope));
      }
    };
  }

  /** Does an expression draw random values? */
  static boolean draws(RexNode node) {
    return node instanceof RexCall call
        && (call.getOperator() instanceof PlanFunction f && f.isDrawn()
            || call.getOperands().stream().anyMatch(Scalars::draws));
  }

  /** A random value: of a seed, and of the row's number. */
  private Object drawn(PlanFunction f, Scope scope) {
    Object number = number(scope);
    long seed = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
    return Form.call(f.drawnBy(), seed, number);
  }

  private Object number(Scope scope) {
    String number = translator.name("number");
    Relation r = scope.relation();
    scope.relation(r.with(Form.call("number+", Form.sym(number), r.form())));
    return Form.sym(number);
  }

  /** From 0 on. */
  private Object rowNumber(Scope scope) {
    if (scope.domain().isNone()) {
      return number(scope);
    }
    String number = translator.name("number");
    scope.relation(Windows.numbered(scope.relation(), scope.order, number));
    return Form.call("-", Form.sym(number), 1L);
  }

  private static boolean hasRows(RexCall call) {
    return call.getOperands().stream().anyMatch(o -> o.getType().isStruct());
  }

  private @Nullable Object operand(RexCall call, Scope scope) {
    return form(call.getOperands().get(0), scope);
  }

  private Object and(RexCall call, Scope scope) {
    List<@Nullable Object> parts = forms(RexUtil.flattenAnd(call.getOperands()), scope);
    return parts.isEmpty() ? Boolean.TRUE : Form.call("and", parts); // all of them were TRUE
  }

  /** Alternatives; many equalities of one expression with values become one {@code in}. */
  private Object or(RexCall call, Scope scope) {
    List<RexNode> operands = RexUtil.flattenOr(call.getOperands());
    RexNode subject = null;
    List<@Nullable Object> values = new ArrayList<>();
    for (RexNode o : operands) {
      if (o.getKind() != SqlKind.EQUALS
          || !isValue(((RexCall) o).getOperands().get(1))
          || (subject != null && !subject.equals(((RexCall) o).getOperands().get(0)))) {
        return Form.call("or", forms(operands, scope));
      }
      subject = ((RexCall) o).getOperands().get(0);
      values.add(form(((RexCall) o).getOperands().get(1), scope));
    }
    return subject == null // all of them were FALSE
        ? Boolean.FALSE
        : Form.call("in", form(subject, scope), Form.vec(values));
  }

  private static boolean isValue(RexNode node) {
    return node instanceof RexLiteral l
        ? !l.isNull()
        : node instanceof RexCall c && c.getOperator() instanceof Parameter;
  }

  private Object cases(RexCall call, Scope scope) {
    List<@Nullable Object> args = forms(call.getOperands(), scope);
    args.add(args.size() - 1, Form.key("else"));
    return Form.call("case", args);
  }

  private @Nullable Object cast(RexCall call, Scope scope) {
    RexNode from = call.getOperands().get(0);
    Object value = form(from, scope);
    DataType target = SqlTypes.data(call.getType());
    DataType source = SqlTypes.data(from.getType());
    if (target == null || target.equals(source)) {
      return value;
    }
    if (source == null) { // a column of untyped nulls: there is nothing else in it
      return Form.call("cast", null, Form.type(target));
    }
    boolean lenient = call.getKind() == SqlKind.SAFE_CAST;
    Object bytes = Blobs.cast(value, source, target);
    if (bytes != null) {
      return lenient ? Form.call("try", bytes) : bytes;
    }
    String name = lenient ? "try-cast" : "cast";
    return Form.call(name, value, Form.type(target));
  }
}
