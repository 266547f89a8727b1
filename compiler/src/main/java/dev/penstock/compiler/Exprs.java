package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Functions;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the expressions of a lowered plan to trees of kernels. */
final class Exprs {
  private Exprs() {}

  /**
   * The expressions of one node: equal calls become one object, which is computed once for each
   * batch.
   */
  static final class Scope {
    private final Map<Lowered, Expr> calls = new HashMap<>();

    Expr of(Lowered e) {
      DataType type = DataType.parse(e.text("type"));
      return switch (e.text("kind")) {
        case "column" -> new ColumnExpr(e.integer("index"), type);
        case "literal" -> new LiteralExpr(type, hostValue(type, e.get("value")));
        case "call" -> {
          Expr known = calls.get(e);
          if (known != null) {
            Functions.share(known);
            yield known;
          }
          Expr call = Functions.call(e.text("fn"), list(e.children("args")), type);
          calls.put(e, call);
          yield call;
        }
        default ->
            throw PenstockException.fault("unknown kind of expression: " + e.text("kind"), null);
      };
    }

    List<Expr> list(List<Lowered> exprs) {
      List<Expr> out = new ArrayList<>(exprs.size());
      for (Lowered e : exprs) {
        out.add(of(e));
      }
      return out;
    }

    @Nullable Expr optional(Lowered node, String key) {
      return node.has(key) ? of(node.child(key)) : null;
    }
  }

  static Expr of(Lowered e) {
    return new Scope().of(e);
  }

  static List<Expr> list(List<Lowered> exprs) {
    return new Scope().list(exprs);
  }

  static @Nullable Expr optional(Lowered node, String key) {
    return new Scope().optional(node, key);
  }

  static Predicate predicate(Lowered e) {
    return predicate(of(e));
  }

  static Predicate predicate(Expr e) {
    return e instanceof Predicate p ? p : new ColumnPredicate(e);
  }

  /** A value of the Clojure boundary as a host value of this module's columns. */
  static @Nullable Object hostValue(DataType type, @Nullable Object value) {
    if (type.kind() == Kind.INTERVAL && value instanceof Map<?, ?> m) {
      return new Interval(
          Math.toIntExact(part(m, "months")), Math.toIntExact(part(m, "days")), part(m, "micros"));
    }
    return value instanceof java.util.Date d ? d.toInstant() : value;
  }

  private static long part(Map<?, ?> m, String name) {
    Object v = m.get(name);
    if (v == null) {
      v = m.get(clojure.lang.Keyword.intern(name));
    }
    return v instanceof Number n ? n.longValue() : 0;
  }

  /** A boolean expression without a selection of its own. */
  private record ColumnPredicate(Expr expr) implements Predicate {
    @Override
    public DataType type() {
      return expr.type();
    }

    @Override
    public Column eval(Batch batch) {
      return expr.eval(batch);
    }

    @Override
    public int select(Batch batch, int[] out) {
      int[] positions = batch.positions();
      int count = batch.count();
      BitColumn bits = (BitColumn) expr.eval(batch).flat(batch.selection(), count);
      int n = 0;
      for (int i = 0; i < count; i++) {
        int p = positions[i];
        if (bits.get(p) && !bits.isNull(p)) {
          out[n++] = p;
        }
      }
      return n;
    }
  }
}
