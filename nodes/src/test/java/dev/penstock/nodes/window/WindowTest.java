package dev.penstock.nodes.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.sort.SortKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
  private static final DataType WIDE = DataType.decimal(38, 6);
  private static final DataType NARROW = DataType.decimal(15, 2);

  /**
   * Column 0 numbers the rows, 1 and 2 are for partitions, 3 for an order, the others are
   * arguments.
   */
  private static final DataType[] TYPES = {
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

  private static final List<String> ANY_TYPE = List.of("count", "any", "first-value", "last-value");
  private static final List<String> NUMERIC =
      List.of("sum", "avg", "stddev", "stddev-pop", "variance", "variance-pop");

  private static Expr col(int index) {
    return new ColumnExpr(index, TYPES[index]);
  }

  private static SortKey asc(int index) {
    return new SortKey(col(index), false, false);
  }

  private static Expr literal(DataType type, @Nullable Object value) {
    return new LiteralExpr(type, value);
  }

  private static Batch data(long seed, int rows, int partitions) {
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

  private static DataType resultType(String name, DataType type) {
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

  private static WindowFunction over(String name, @Nullable Frame frame, Expr arg) {
    return new WindowFunction(name, List.of(arg), frame, resultType(name, arg.type()));
  }

  /** Every aggregate and frame value over every type that it takes. */
  private static List<WindowFunction> overFrame(@Nullable Frame frame, boolean ordered) {
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

  private static void check(
      Batch batch, List<Expr> partition, List<SortKey> order, List<WindowFunction> functions) {
    DataType[] types = Arrays.copyOf(TYPES, TYPES.length + functions.size());
    for (int f = 0; f < functions.size(); f++) {
      types[TYPES.length + f] = functions.get(f).type();
    }
    NodeHarness.breaker((query, lanes) -> new Window(query, TYPES, partition, order, functions))
        .input(List.of(batch))
        .types(types)
        .tolerance(1e-9)
        .expect(NaiveWindow.compute(batch, partition, order, functions));
  }

  private static Frame rows(Bound start, Bound end) {
    return new Frame(Frame.Mode.ROWS, start, end);
  }

  private static Frame range(Bound start, Bound end) {
    return new Frame(Frame.Mode.RANGE, start, end);
  }

  private static final List<Frame> ROW_FRAMES =
      List.of(
          rows(Bound.UNBOUNDED_PRECEDING, Bound.CURRENT_ROW),
          rows(Bound.preceding(3L), Bound.following(2L)),
          rows(Bound.preceding(0L), Bound.following(0L)),
          rows(Bound.CURRENT_ROW, Bound.UNBOUNDED_FOLLOWING),
          rows(Bound.preceding(9L), Bound.preceding(4L)),
          rows(Bound.following(2L), Bound.following(12L)),
          rows(Bound.following(1L), Bound.UNBOUNDED_FOLLOWING),
          rows(Bound.UNBOUNDED_PRECEDING, Bound.preceding(1L)),
          rows(Bound.following(3L), Bound.preceding(3L)),
          rows(Bound.preceding(Long.MAX_VALUE), Bound.following(Long.MAX_VALUE)),
          rows(Bound.preceding(70L), Bound.CURRENT_ROW),
          range(Bound.CURRENT_ROW, Bound.UNBOUNDED_FOLLOWING),
          Frame.TO_CURRENT_PEERS,
          Frame.WHOLE_PARTITION);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void aggregatesSlideOverFramesOfRows(int seed) {
    System.out.println("seed " + seed);
    // The row number makes the order total, so that frames of rows are defined.
    List<SortKey> order = List.of(new SortKey(col(3), seed % 2 == 0, seed % 3 == 0), asc(0));
    check(data(seed, 120, 3), List.of(col(1)), order, overFrame(ROW_FRAMES.get(seed), true));
  }

  @Test
  void withoutOrderAllRowsArePeers() {
    List<WindowFunction> functions = overFrame(null, false);
    check(data(20, 150, 4), List.of(col(1), col(2)), List.of(), functions);
    check(data(21, 60, 4), List.of(), List.of(), functions);
  }

  @Test
  void peersShareTheDefaultFrame() {
    check(
        data(22, 150, 2),
        List.of(col(2)),
        List.of(new SortKey(col(4), true, true)),
        overFrame(null, false));
  }

  private static List<WindowFunction> ranking() {
    List<WindowFunction> out = new ArrayList<>();
    for (String name : List.of("rank", "dense-rank")) {
      out.add(new WindowFunction(name, List.of(), null, DataType.INT64));
      out.add(new WindowFunction(name, List.of(), null, DataType.INT32));
    }
    for (String name : List.of("percent-rank", "cume-dist")) {
      out.add(new WindowFunction(name, List.of(), null, DataType.FLOAT64));
    }
    return out;
  }

  private static List<WindowFunction> byPlace() {
    List<WindowFunction> out = new ArrayList<>(ranking());
    out.add(new WindowFunction("row-number", List.of(), null, DataType.INT64));
    for (long n : new long[] {1, 2, 3, 7, 100_000_000_000L}) {
      out.add(
          new WindowFunction("ntile", List.of(literal(DataType.INT64, n)), null, DataType.INT64));
    }
    Expr some =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.INT32;
          }

          @Override
          public Column eval(Batch b) {
            // -2 until 3, with the nulls of column 4
            IntColumn c = (IntColumn) b.column(4).flat(b.selection(), b.count());
            int[] v = new int[b.length()];
            for (int i = 0; i < v.length; i++) {
              v[i] = Math.floorMod(c.values()[i], 5) - 2;
            }
            return new IntColumn(DataType.INT32, v, c.nulls(), v.length);
          }
        };
    for (String name : List.of("lag", "lead")) {
      for (int c : new int[] {4, 8, 9, 11, 12}) {
        out.add(new WindowFunction(name, List.of(col(c)), null, TYPES[c]));
        out.add(
            new WindowFunction(name, List.of(col(c), literal(DataType.INT64, 4L)), null, TYPES[c]));
        out.add(new WindowFunction(name, List.of(col(c), some, col(c)), null, TYPES[c]));
      }
      out.add(
          new WindowFunction(
              name,
              List.of(col(9), literal(DataType.INT64, 2L), literal(DataType.VARCHAR, "none")),
              null,
              DataType.VARCHAR));
      out.add(
          new WindowFunction(
              name,
              List.of(col(9), literal(DataType.INT64, Long.MIN_VALUE)),
              null,
              DataType.VARCHAR));
      out.add(
          new WindowFunction(
              name, List.of(col(9), literal(DataType.INT64, null)), null, DataType.VARCHAR));
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 31, 32})
  void rowsAreRankedAndShifted(int seed) {
    System.out.println("seed " + seed);
    List<SortKey> total = List.of(new SortKey(col(3), seed % 2 == 0, false), asc(0));
    check(data(seed, 130, 4), List.of(col(1)), total, byPlace());
    check(data(seed, 130, 4), List.of(col(1)), List.of(asc(4)), ranking());
    check(data(seed, 130, 4), List.of(col(0)), List.of(asc(4)), byPlace());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void anyNumberOfRows(int rows) {
    Frame near = rows(Bound.preceding(2L), Bound.following(1L));
    List<WindowFunction> functions =
        List.of(
            new WindowFunction("row-number", List.of(), null, DataType.INT64),
            over("sum", near, col(8)),
            over("avg", near, col(6)),
            over("max", near, col(9)),
            new WindowFunction("lag", List.of(col(9)), null, DataType.VARCHAR));
    Batch batch = data(rows, rows, 3);
    List<List<@Nullable Object>> expected =
        NaiveWindow.compute(batch, List.of(col(0)), List.of(asc(0)), functions);
    NodeHarness.breaker(
            (query, lanes) -> new Window(query, TYPES, List.of(col(0)), List.of(asc(0)), functions))
        .input(List.of(batch))
        .tolerance(1e-9)
        .batchRows(2048)
        .expect(expected);
    List<SortKey> order = List.of(asc(4), asc(0));
    List<Expr> some = rows > 1 ? List.of() : List.of(col(1));
    if (rows <= 1) {
      check(batch, some, order, functions);
    }
  }

  /** Range frames over one key of each type that has them. */
  private static void ranges(
      int seed, DataType type, Shape shape, List<? extends Object> near, Object far) {
    TestBatches data = new TestBatches(seed);
    System.out.println("seed " + seed);
    for (int k = 0; k < near.size(); k++) {
      Object offset = near.get(k);
      int rows = 110;
      Batch batch =
          Batch.of(
              rows,
              data.column(DataType.INT32, rows, Shape.PLAIN.withNulls(0.2).withDistinct(3)),
              data.column(type, rows, shape),
              data.column(DataType.INT64, rows, Shape.PLAIN.withNulls(0.2)));
      DataType[] types = {DataType.INT32, type, DataType.INT64};
      Expr arg = new ColumnExpr(2, DataType.INT64);
      List<WindowFunction> functions = new ArrayList<>();
      for (Frame frame :
          List.of(
              range(Bound.preceding(offset), Bound.following(offset)),
              range(Bound.preceding(far), Bound.preceding(offset)),
              range(Bound.following(offset), Bound.following(far)),
              range(Bound.UNBOUNDED_PRECEDING, Bound.following(offset)),
              range(Bound.preceding(offset), Bound.UNBOUNDED_FOLLOWING),
              range(Bound.following(offset), Bound.UNBOUNDED_FOLLOWING),
              range(Bound.UNBOUNDED_PRECEDING, Bound.preceding(offset)),
              range(Bound.CURRENT_ROW, Bound.following(offset)),
              range(Bound.following(far), Bound.preceding(far)))) {
        functions.add(new WindowFunction("count", List.of(), frame, DataType.INT64));
        functions.add(new WindowFunction("sum", List.of(arg), frame, DataType.INT64));
        functions.add(new WindowFunction("min", List.of(arg), frame, DataType.INT64));
      }
      for (boolean descending : new boolean[] {false, true}) {
        boolean nullsFirst = descending == (k % 2 == 0);
        List<SortKey> order = List.of(new SortKey(new ColumnExpr(1, type), descending, nullsFirst));
        List<Expr> partition = List.of(new ColumnExpr(0, DataType.INT32));
        NodeHarness.breaker((query, lanes) -> new Window(query, types, partition, order, functions))
            .input(List.of(batch))
            .expect(NaiveWindow.compute(batch, partition, order, functions));
      }
    }
  }

  private static final Shape KEYS = Shape.PLAIN.withNulls(0.2).withDistinct(30);

  @Test
  void rangesOfIntegers() {
    ranges(
        40, DataType.INT32, KEYS.withExtremes(), List.of(0L, 150L, new BigDecimal("99.5")), 700L);
    ranges(
        41,
        DataType.INT64,
        KEYS.withExtremes(),
        List.of(250_000L, new BigDecimal("9300000000000000000")),
        Long.MAX_VALUE);
  }

  @Test
  void rangesOfDecimals() {
    ranges(
        42,
        NARROW,
        KEYS.withExtremes(),
        List.of(new BigDecimal("2500.005"), 900L),
        new BigDecimal("9000"));
    ranges(
        43,
        WIDE,
        KEYS.withExtremes(),
        List.of(
            new BigDecimal("0.3"),
            new BigDecimal("1e14"),
            new BigDecimal("199999999999999999999999999999999")),
        new BigDecimal("1e31"));
  }

  @Test
  void rangesOfFloats() {
    ranges(44, DataType.FLOAT64, KEYS.withExtremes(), List.of(1000.0, 2500L), 10_000.0);
  }

  @Test
  void rangesOfTime() {
    List<Object> near = List.of(new Interval(7, 0, 0), new Interval(1, 40, 7_200_000_000L));
    Object far = new Interval(240, 0, 0);
    ranges(45, DataType.DATE, KEYS, List.of(500L, near.get(0), near.get(1)), far);
    ranges(46, DataType.TIMESTAMP, KEYS, near, far);
    ranges(47, DataType.TIMESTAMPTZ, KEYS, near, far);
  }

  @Test
  void computedKeysAndArguments() {
    Expr key =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.VARCHAR;
          }

          @Override
          public Column eval(Batch b) {
            return b.column(1);
          }
        };
    Expr one =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.INT32;
          }

          @Override
          public Column eval(Batch b) {
            return ConstantColumn.of(DataType.INT32, 1, b.length());
          }
        };
    check(
        data(50, 140, 3),
        List.of(key),
        List.of(new SortKey(key, true, false), asc(0)),
        List.of(over("sum", null, one), over("max", null, key)));
  }

  @ParameterizedTest
  @ValueSource(ints = {70, 71})
  void partitionsByEveryType(int seed) {
    System.out.println("seed " + seed);
    TestBatches data = new TestBatches(seed);
    for (DataType type : TestBatches.TYPES) {
      // The extremes have NaN, infinities and both zeros.
      Shape shape = Shape.PLAIN.withNulls(0.1).withDistinct(9).withExtremes();
      int rows = 90;
      Batch batch =
          Batch.of(
              rows,
              data.column(type, rows, shape),
              data.column(type, rows, shape),
              data.column(DataType.INT32, rows, Shape.PLAIN.withNulls(0.2)));
      DataType[] types = {type, type, DataType.INT32};
      Expr key = new ColumnExpr(0, type);
      List<SortKey> order =
          List.of(new SortKey(new ColumnExpr(1, type), seed % 2 == 0, seed % 2 == 1));
      List<WindowFunction> functions = new ArrayList<>(ranking());
      functions.add(over("sum", null, new ColumnExpr(2, DataType.INT32)));
      functions.add(over("max", Frame.WHOLE_PARTITION, new ColumnExpr(1, type)));
      NodeHarness.breaker(
              (query, lanes) -> new Window(query, types, List.of(key), order, functions))
          .input(List.of(batch))
          .expect(NaiveWindow.compute(batch, List.of(key), order, functions));
    }
  }

  /** A quadratic frame would take hours: each of 400,000 rows has 100,000 rows in its frame. */
  @Test
  void longFramesSlide() {
    int n = 400_000;
    int reach = 100_000;
    DataType[] types = {DataType.INT64, DataType.FLOAT64};
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < n; from += 40_000) {
      long[] numbers = new long[40_000];
      double[] values = new double[40_000];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (long) from + i;
        values[i] = (from + i) * 7919L % 1000;
      }
      batches.add(
          Batch.of(
              numbers.length,
              new LongColumn(DataType.INT64, numbers, null, numbers.length),
              new dev.penstock.batch.DoubleColumn(DataType.FLOAT64, values, null, numbers.length)));
    }
    Frame frame = rows(Bound.preceding((long) reach), Bound.CURRENT_ROW);
    Expr number = new ColumnExpr(0, DataType.INT64);
    Expr value = new ColumnExpr(1, DataType.FLOAT64);
    List<WindowFunction> functions =
        List.of(
            over("sum", frame, number),
            over("min", frame, number),
            over("sum", frame, value),
            over("max", frame, value));
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 30), 2048);
    long rows = 0;
    try (Window window =
        new Window(
            query, types, List.of(), List.of(new SortKey(number, false, false)), functions)) {
      var sink = window.sink(0);
      var input = batches.iterator();
      var inlet =
          new dev.penstock.nodes.Inlet<Batch>() {
            @Override
            public @Nullable Batch poll() {
              return input.hasNext() ? input.next() : null;
            }

            @Override
            public boolean isDone() {
              return !input.hasNext();
            }
          };
      while (sink.step(inlet, b -> true) != dev.penstock.nodes.Progress.DONE) {}
      sink.close();
      try (var decoder = window.decoder()) {
        for (var morsel : window.finish()) {
          decoder.begin(morsel);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            for (int i = 0; i < b.count(); i += 997) {
              long row = (Long) b.column(0).value(i);
              long low = Math.max(0, row - reach);
              assertEquals((row + low) * (row - low + 1) / 2, b.column(2).value(i));
              assertEquals(low, b.column(3).value(i));
              if (row - low >= 1000) {
                assertEquals(999.0, b.column(5).value(i));
              }
            }
            rows += b.count();
          }
        }
      }
    }
    assertEquals(n, rows);
    assertEquals(0, query.budget().usedBytes());
  }

  private static PenstockException failure(List<SortKey> order, WindowFunction... functions) {
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 100);
    return assertThrows(
        PenstockException.class,
        () -> new Window(query, TYPES, List.of(), order, List.of(functions)).close());
  }

  @Test
  void badFramesAreNamed() {
    assertEquals(
        "a frame of rows reaches a number of rows, 0 or more; got -1",
        failure(List.of(), over("sum", rows(Bound.preceding(-1L), Bound.CURRENT_ROW), col(4)))
            .getMessage());
    assertEquals(
        "a range frame with the offset 1 needs exactly one order key; there are 2",
        failure(
                List.of(asc(4), asc(5)),
                over("sum", range(Bound.preceding(1L), Bound.CURRENT_ROW), col(4)))
            .getMessage());
    assertEquals(
        "a range frame cannot reach 1 from an order key of type varchar; expected a number for a number, an interval for a"
            + " date or timestamp",
        failure(List.of(asc(9)), over("sum", range(Bound.preceding(1L), Bound.CURRENT_ROW), col(4)))
            .getMessage());
    assertEquals(
        "a range frame reaches a distance that is not negative; got -0.5",
        failure(
                List.of(asc(6)),
                over("sum", range(Bound.CURRENT_ROW, Bound.following(-0.5)), col(4)))
            .getMessage());
    assertEquals(
        "window function median is not built",
        failure(List.of(), over("median", null, col(4))).getMessage());
  }

  @Test
  void badNumbersAreNamed() {
    assertThrowsInRun(
        "(ntile 0): expected a number of buckets, 1 or more",
        new WindowFunction("ntile", List.of(literal(DataType.INT64, 0L)), null, DataType.INT64));
    assertThrowsInRun(
        "(nth-value e 0): expected a place in the frame, 1 or more",
        new WindowFunction(
            "nth-value", List.of(col(9), literal(DataType.INT64, 0L)), null, DataType.VARCHAR));
  }

  @Test
  void sumsThatDoNotFitAreNamed() {
    assertThrowsInRun(
        "sum gives 9223372036854775808, which does not fit int64; cast the argument to decimal(38,0) or float64",
        over(
            "sum",
            rows(Bound.preceding(1L), Bound.CURRENT_ROW),
            literal(DataType.INT64, 1L << 62)));
    BigDecimal most = new BigDecimal("99999999999999999999999999999999.999999");
    assertThrowsInRun(
        "sum gives 199999999999999999999999999999999.999998, which does not fit decimal(38,6); cast the argument to float64",
        over("sum", rows(Bound.preceding(1L), Bound.CURRENT_ROW), literal(WIDE, most)));
  }

  private static void assertThrowsInRun(String message, WindowFunction function) {
    Batch batch = data(60, 5, 1);
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 100);
    try (Window window = new Window(query, TYPES, List.of(), List.of(asc(0)), List.of(function))) {
      List<Batch> left = new ArrayList<>(List.of(batch));
      var sink = window.sink(0);
      var inlet =
          new dev.penstock.nodes.Inlet<Batch>() {
            @Override
            public @Nullable Batch poll() {
              return left.isEmpty() ? null : left.remove(0);
            }

            @Override
            public boolean isDone() {
              return left.isEmpty();
            }
          };
      while (sink.step(inlet, b -> true) != dev.penstock.nodes.Progress.DONE) {}
      try (var decoder = window.decoder()) {
        decoder.begin(window.finish().get(0));
        PenstockException e = assertThrows(PenstockException.class, decoder::next);
        assertEquals(message, e.getMessage());
      }
    }
  }
}
