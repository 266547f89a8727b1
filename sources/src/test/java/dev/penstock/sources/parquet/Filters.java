package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.batch.expr.Shape;
import dev.penstock.sources.StatisticsCheck;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Predicates with shapes, evaluated row by row over host values: slow and plain. */
final class Filters {
  private Filters() {}

  private interface RowTest {
    /** Null for unknown. */
    @Nullable Boolean test(Batch batch, int position);
  }

  private record Test(Shape shape, @Nullable List<? extends Expr> inputs, RowTest test)
      implements Predicate {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public Column eval(Batch batch) {
      ColumnBuilder out = ColumnBuilder.of(DataType.BOOLEAN, batch.length());
      for (int i = 0; i < batch.length(); i++) {
        out.appendValue(test.test(batch, i));
      }
      return out.build();
    }

    @Override
    public int select(Batch batch, int[] out) {
      int n = 0;
      for (int i = 0; i < batch.count(); i++) {
        if (Boolean.TRUE.equals(test.test(batch, batch.position(i)))) {
          out[n++] = batch.position(i);
        }
      }
      return n;
    }
  }

  /** {@code column op value}; the ordinal is the one in the request. */
  static Predicate compare(
      Schema schema, String name, int index, Shape.Op op, @Nullable Object value) {
    DataType type = schema.type(schema.indexOf(name));
    ColumnExpr column = new ColumnExpr(index, type);
    LiteralExpr literal = new LiteralExpr(type, value);
    return new Test(
        new Shape.Comparison(column, op, literal),
        List.of(column, literal),
        (b, i) -> {
          Object v = b.column(index).value(i);
          return v == null || value == null ? null : holds(op, StatisticsCheck.compare(v, value));
        });
  }

  private static boolean holds(Shape.Op op, int c) {
    return switch (op) {
      case EQ -> c == 0;
      case NE -> c != 0;
      case LT -> c < 0;
      case LE -> c <= 0;
      case GT -> c > 0;
      case GE -> c >= 0;
    };
  }

  static Predicate in(Schema schema, String name, int index, Object... values) {
    DataType type = schema.type(schema.indexOf(name));
    ColumnExpr column = new ColumnExpr(index, type);
    ColumnBuilder list = ColumnBuilder.of(type, values.length);
    for (Object v : values) {
      list.appendValue(v);
    }
    return new Test(
        new Shape.In(column, list.build()),
        List.of(column),
        (b, i) -> {
          Object v = b.column(index).value(i);
          if (v == null) {
            return null;
          }
          for (Object one : values) {
            if (StatisticsCheck.compare(v, one) == 0) {
              return true;
            }
          }
          return false;
        });
  }

  static Predicate isNull(Schema schema, String name, int index, boolean wanted) {
    ColumnExpr column = new ColumnExpr(index, schema.type(schema.indexOf(name)));
    return new Test(
        new Shape.NullTest(column, wanted),
        List.of(column),
        (b, i) -> Objects.isNull(b.column(index).value(i)) == wanted);
  }

  static Predicate and(Predicate... parts) {
    return new Test(new Shape.And(List.of(parts)), List.of(parts), (b, i) -> all(parts, b, i));
  }

  static Predicate or(Predicate... parts) {
    return new Test(
        new Shape.Or(List.of(parts)),
        List.of(parts),
        (b, i) -> {
          for (Predicate p : parts) {
            if (Boolean.TRUE.equals(((Test) p).test().test(b, i))) {
              return true;
            }
          }
          return false;
        });
  }

  private static Boolean all(Predicate[] parts, Batch b, int i) {
    for (Predicate p : parts) {
      if (!Boolean.TRUE.equals(((Test) p).test().test(b, i))) {
        return false;
      }
    }
    return true;
  }

  /** The same test, but nothing can be seen of it: no shape, no inputs. */
  static Predicate opaque(Predicate p) {
    return new Test(Shape.OTHER, null, ((Test) p).test());
  }
}
