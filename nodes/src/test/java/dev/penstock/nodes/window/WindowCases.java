package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.sort.SortKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Data, functions and frames for the tests of {@link Window}. */
final class WindowCases {
  static final DataType WIDE = DataType.decimal(38, 6);
  static final DataType NARROW = DataType.decimal(15, 2);

  /**
   * Column 0 numbers the rows, 1 and 2 are for partitions, 3 for an order, the others are
   * arguments.
   */
  static final DataType[] TYPES = {
    DataType.INT64,
    DataType.VARCHAR,
    DataType.INT32,
    DataType.DATE,
    DataType.INT32,
    DataType.INT64,
    DataType.FLOAT64,
    NARROW,
    WIDE,
    DataType.VARCHAR,
    DataType.TIMESTAMP,
    DataType.BOOLEAN,
    DataType.UUID,
    DataType.INTERVAL,
    DataType.VARBINARY
  };

  static final List<String> ANY_TYPE = List.of("count", "any", "first-value", "last-value");
  static final List<String> NUMERIC =
      List.of("sum", "avg", "stddev", "stddev-pop", "variance", "variance-pop");

  static Expr col(int index) {
    return new ColumnExpr(index, TYPES[index]);
  }

  static SortKey asc(int index) {
    return new SortKey(col(index), false, false);
  }

  static Expr literal(DataType type, @Nullable Object value) {
    return new LiteralExpr(type, value);
  }

  static Batch data(long seed, int rows, int partitions) {
    TestBatches data = new TestBatches(seed);
    Shape shape = Shape.PLAIN.withNulls(0.15).withDistinct(Math.max(8, rows / 3));
    Column[] out = new Column[TYPES.length];
    long[] numbers = new long[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i * 7919L % 100_003;
    }
    out[0] = new LongColumn(TYPES[0], numbers, null, rows);
    for (int c = 1; c < out.length; c++) {
      Shape s = c < 3 ? Shape.PLAIN.withNulls(0.1).withDistinct(partitions).withSkew() : shape;
      out[c] = data.column(TYPES[c], rows, c == 6 ? s.withExtremes() : s);
    }
    return Batch.of(rows, out);
  }

  static DataType resultType(String name, DataType type) {
    return switch (name) {
      case "count" -> DataType.INT64;
      case "sum" ->
          type.isDecimal()
              ? DataType.decimal(38, type.scale())
              : type.equals(DataType.FLOAT64) ? type : DataType.INT64;
      case "avg", "stddev", "stddev-pop", "variance", "variance-pop" -> DataType.FLOAT64;
      case "collect" -> DataType.JSON;
      default -> type;
    };
  }

  static WindowFunction over(String name, @Nullable Frame frame, Expr arg) {
    return new WindowFunction(name, List.of(arg), frame, resultType(name, arg.type()));
  }

  /** Every aggregate and frame value over every type that it takes. */
  static List<WindowFunction> overFrame(@Nullable Frame frame, boolean ordered) {
    List<WindowFunction> out = new ArrayList<>();
    out.add(new WindowFunction("count", List.of(), frame, DataType.INT64));
    for (int c = 4; c < TYPES.length; c++) {
      Expr arg = col(c);
      for (String name : ANY_TYPE) {
        if (ordered || name.equals("count")) {
          out.add(over(name, frame, arg));
        }
      }
      out.add(over("min", frame, arg));
      out.add(over("max", frame, arg));
      if (arg.type().isNumeric()) {
        NUMERIC.forEach(name -> out.add(over(name, frame, arg)));
      }
    }
    out.add(over("bool-and", frame, col(11)));
    out.add(over("bool-or", frame, col(11)));
    out.add(over("sum", frame, literal(DataType.INT64, 3L)));
    if (ordered) {
      out.add(over("collect", frame, col(7)));
      out.add(over("collect", frame, col(9)));
      out.add(
          new WindowFunction(
              "nth-value", List.of(col(9), literal(DataType.INT64, 2L)), frame, TYPES[9]));
    }
    return out;
  }

  static void check(
      Batch batch, List<Expr> partition, List<SortKey> order, List<WindowFunction> functions) {
    DataType[] types = Arrays.copyOf(TYPES, TYPES.length + functions.size());
    for (int f = 0; f < functions.size(); f++) {
      types[TYPES.length + f] = functions.get(f).type();
    }
    NodeHarness.breaker((query, lanes) -> new Window(query, TYPES, partition, order, functions))
        .input(List.of(batch))
        .types(types)
        .tolerance(1e-9)
        .refusing(2, 7)
        .spilling(3 << 20)
        .expect(NaiveWindow.compute(batch, partition, order, functions));
  }

  static Frame rows(Bound start, Bound end) {
    return new Frame(Frame.Mode.ROWS, start, end);
  }

  static Frame range(Bound start, Bound end) {
    return new Frame(Frame.Mode.RANGE, start, end);
  }

  private WindowCases() {}
}
