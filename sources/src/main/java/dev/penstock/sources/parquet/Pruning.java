package dev.penstock.sources.parquet;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Shape;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which row groups, pages and other pieces a filter excludes, by bounds of their columns. When in
 * doubt nothing is excluded.
 */
public final class Pruning {
  /** A longer list of values is not looked through. */
  private static final int MAX_IN = 1000;

  private Pruning() {}

  /** No row of the row group can pass. */
  static boolean excludes(ParquetFile file, int group, String[] names, Conjunct[] conjuncts) {
    if (conjuncts.length == 0) {
      return false;
    }
    IntFunction<@Nullable Bounds> bounds = i -> file.bounds(file.column(names[i]), group);
    for (Conjunct c : conjuncts) {
      if (!mayPass(c.expr(), bounds)) {
        return true;
      }
    }
    return false;
  }

  /** False when the expression is true for no row within the bounds. */
  public static boolean mayPass(Expr e, IntFunction<@Nullable Bounds> bounds) {
    Shape shape = e.shape();
    if (shape instanceof Shape.And and) {
      for (Expr part : and.parts()) {
        if (!mayPass(part, bounds)) {
          return false;
        }
      }
      return true;
    }
    if (shape instanceof Shape.Or or) {
      for (Expr part : or.parts()) {
        if (mayPass(part, bounds)) {
          return true;
        }
      }
      return or.parts().isEmpty();
    }
    if (shape instanceof Shape.Comparison c) {
      Object literal = comparable(c.literal().constant().single(), 0);
      Bounds b = bounds.apply(c.column().index());
      return literal != null && (b == null || mayPass(c.op(), b, literal));
    }
    if (shape instanceof Shape.In in) {
      Bounds b = bounds.apply(in.column().index());
      return b == null || in.values().length() > MAX_IN || mayContainAny(b, in.values());
    }
    if (shape instanceof Shape.Prefix p) {
      Bounds b = bounds.apply(p.column().index());
      return b == null || b.mayBeginWith(p.bytes());
    }
    if (shape instanceof Shape.NullTest t) {
      Bounds b = bounds.apply(t.column().index());
      if (b == null || b.nulls() < 0) {
        return true;
      }
      return t.isNull() ? b.nulls() > 0 : !b.isAllNull();
    }
    return true;
  }

  private static boolean mayPass(Shape.Op op, Bounds b, Object v) {
    if (b.isAllNull()) {
      return false;
    }
    if (v instanceof Double d && d.isNaN()) {
      return true;
    }
    return switch (op) {
      case EQ -> b.mayContain(v);
      case NE -> !b.isOnly(v);
      case LT -> b.mayReachDown(v, false);
      case LE -> b.mayReachDown(v, true);
      case GT -> b.mayReachUp(v, false);
      case GE -> b.mayReachUp(v, true);
    };
  }

  private static boolean mayContainAny(Bounds b, FlatColumn values) {
    if (b.isAllNull()) {
      return false;
    }
    for (int i = 0; i < values.length(); i++) {
      Object v = comparable(values, i);
      if (v != null && b.mayContain(v)) {
        return true;
      }
    }
    return false;
  }

  /** A host value, texts as UTF-8. */
  private static @Nullable Object comparable(Column c, int i) {
    Object v = c.value(i);
    return v instanceof String s ? s.getBytes(StandardCharsets.UTF_8) : v;
  }
}
