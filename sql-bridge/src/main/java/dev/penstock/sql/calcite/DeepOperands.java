package dev.penstock.sql.calcite;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.monitor.CancellationToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * {@code x BETWEEN a AND b}, {@code CASE x WHEN ...}, {@code x IN (a, b)} and {@code x IS DISTINCT
 * FROM y} of a large x as calls of the engine's functions, which have x once. Calcite writes it as
 * often as it is compared, so that a nesting of them would grow by powers.
 */
final class DeepOperands {
  private static final String BETWEEN = "$BETWEEN";
  private static final String SWITCH = "$SWITCH";
  private static final String IN = "$IN";
  private static final String DISTINCT = "$DISTINCT";
  private static final String NOT_DISTINCT = "$NOT_DISTINCT";

  /** Operands of fewer parts are left to Calcite. */
  private static final int LARGE = 24;

  private DeepOperands() {}

  /** The functions. */
  static void each(BiConsumer<String, PlanCall.Shape> functions) {
    functions.accept(BETWEEN, PlanCall.Shape.of("between"));
    functions.accept(DISTINCT, PlanCall.Shape.of("is-distinct"));
    functions.accept(NOT_DISTINCT, PlanCall.Shape.of("is-not-distinct"));
    functions.accept(
        IN,
        args ->
            Lists.list("in", args.get(0), PersistentVector.create(args.subList(1, args.size()))));
    functions.accept(
        SWITCH,
        args -> {
          List<@Nullable Object> form = new ArrayList<>(List.of(Symbol.intern(null, "switch")));
          form.addAll(args);
          form.add(form.size() - 1, Keyword.intern(null, "else"));
          return clojure.lang.PersistentList.create(form);
        });
  }

  /**
   * The query with such calls, and with literals that are watched. Before anything else is changed:
   * what comes after may visit a part of the query twice, and goes by identity.
   *
   * @param token checked at each call, and later on by whoever visits the literals
   */
  static SqlNode once(SqlNode query, CancellationToken token) {
    return Objects.requireNonNull(
        query.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                token.check();
                return super.visit(once(call));
              }

              @Override
              public SqlNode visit(SqlLiteral literal) {
                return WatchedLiterals.of(literal, token);
              }
            }));
  }

  /** Before the operands are visited: the parser has put one object at several places. */
  private static SqlCall once(SqlCall call) {
    return switch (call.getKind()) {
      case BETWEEN -> between(call);
      case CASE -> choice((SqlCase) call);
      case IN, NOT_IN -> in(call);
      case IS_DISTINCT_FROM -> either(call, DISTINCT);
      case IS_NOT_DISTINCT_FROM -> either(call, NOT_DISTINCT);
      default -> call;
    };
  }

  private static SqlCall between(SqlCall call) {
    SqlBetweenOperator operator = (SqlBetweenOperator) call.getOperator();
    if (operator.flag != SqlBetweenOperator.Flag.ASYMMETRIC || !isLarge(call.operand(0))) {
      return call;
    }
    return not(operator.isNegated(), named(BETWEEN, call, call.getOperandList()));
  }

  private static SqlCall either(SqlCall call, String name) {
    return isLarge(call.operand(0)) || isLarge(call.operand(1))
        ? named(name, call, call.getOperandList())
        : call;
  }

  private static SqlCall in(SqlCall call) {
    if (!(call.operand(1) instanceof SqlNodeList values)
        || values.isEmpty()
        || values.stream().anyMatch(v -> v.getKind().belongsTo(SqlKind.QUERY))
        || call.operand(0).getKind() == SqlKind.ROW
        || !isLarge(call.operand(0))) {
      return call;
    }
    List<SqlNode> args = new ArrayList<>(List.of(call.<SqlNode>operand(0)));
    args.addAll(values.getList());
    return not(call.getKind() == SqlKind.NOT_IN, named(IN, call, args));
  }

  /** The parser has made conditions of {@code CASE x WHEN a}: {@code x = a}, with one object x. */
  private static SqlCall choice(SqlCase call) {
    SqlNode x = call.getValueOperand();
    List<SqlNode> wanted = new ArrayList<>();
    for (SqlNode when : call.getWhenOperands()) {
      if (x != null) {
        wanted.add(when);
      } else if (when instanceof SqlCall equal
          && equal.getKind() == SqlKind.EQUALS
          && (wanted.isEmpty() || equal.operand(0) == first(call))) {
        wanted.add(equal.operand(1));
      } else {
        return call;
      }
    }
    x = x == null ? first(call) : x;
    if (!isLarge(x) || call.getElseOperand() == null) {
      return call;
    }
    List<SqlNode> args = new ArrayList<>(List.of(x));
    for (int i = 0; i < wanted.size(); i++) {
      args.add(wanted.get(i));
      args.add(call.getThenOperands().get(i));
    }
    args.add(call.getElseOperand());
    return named(SWITCH, call, args);
  }

  private static SqlNode first(SqlCase call) {
    return ((SqlCall) call.getWhenOperands().get(0)).operand(0);
  }

  private static SqlCall named(String name, SqlCall call, List<SqlNode> args) {
    return (SqlCall) Respell.named(name, call, args.toArray(SqlNode[]::new));
  }

  private static SqlCall not(boolean negated, SqlCall call) {
    SqlOperator not = SqlStdOperatorTable.NOT;
    SqlParserPos pos = call.getParserPosition();
    return negated ? not.createCall(pos, call) : call;
  }

  private static boolean isLarge(SqlNode node) {
    Deque<SqlNode> open = new ArrayDeque<>(List.of(node));
    int parts = 0;
    while (!open.isEmpty() && parts <= LARGE) {
      parts++;
      SqlNode n = open.pop();
      List<? extends @Nullable SqlNode> below =
          n instanceof SqlCall c ? c.getOperandList() : n instanceof SqlNodeList l ? l : List.of();
      for (SqlNode b : below) {
        if (b != null) {
          open.push(b);
        }
      }
    }
    return parts > LARGE;
  }
}
