package dev.penstock.nodes.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.spill.Relief;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that do not fit: what comes out is what comes out with enough memory. */
class GroupSpillTest {
  private static final DataType D38 = DataType.decimal(38, 6);
  private static final DataType[] TYPES = {
    DataType.INT64,
    DataType.VARCHAR,
    DataType.INT32,
    DataType.FLOAT64,
    DataType.VARCHAR,
    D38,
    DataType.INTERVAL,
    DataType.INT64
  };

  /** Its values are all different: an order without ties. */
  private static final int UNIQUE = 7;

  private static Expr column(int i) {
    return new ColumnExpr(i, TYPES[i]);
  }

  private static Batch input(int seed, int rows, int distinct) {
    Batch drawn =
        new TestBatches(seed)
            .batch(rows, Shape.PLAIN.withNulls(0.1).withDistinct(distinct).withSkew(), TYPES);
    Object[] numbers = new Object[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i * 0x9E3779B97F4A7C15L;
    }
    drawn.columns()[UNIQUE] = TestBatches.columnOf(DataType.INT64, numbers);
    return Batch.of(rows, drawn.columns());
  }

  private static Aggregate of(String function, DataType type, int... arguments) {
    return of(function, List.of(), List.of(), type, arguments);
  }

  private static Aggregate of(
      String function,
      List<Object> parameters,
      List<SortKey> order,
      DataType type,
      int... arguments) {
    List<Expr> exprs = new ArrayList<>();
    for (int a : arguments) {
      exprs.add(column(a));
    }
    return new Aggregate(function, exprs, parameters, false, null, order, type);
  }

  private static List<Aggregate> everyState() {
    List<SortKey> order = List.of(new SortKey(column(UNIQUE), false, false));
    DataType f64 = DataType.FLOAT64;
    DataType i64 = DataType.INT64;
    return List.of(
        Aggregate.countRows(),
        of("sum", i64, 2),
        of("sum", D38, 5),
        of("avg", f64, 3),
        of("sum", DataType.INTERVAL, 6),
        of("stddev", f64, 3),
        of("skewness", f64, 3),
        of("corr", f64, 3, 3),
        of("bit-xor", DataType.INT32, 2),
        of("approx-count-distinct", i64, 4),
        of("min", DataType.INT32, 2),
        of("max", D38, 5),
        of("min", DataType.VARCHAR, 4),
        of("percentile-cont", List.of(0.3), List.of(), f64, 3),
        of("percentile-disc", List.of(0.6), List.of(), DataType.VARCHAR, 4),
        of("mode", DataType.INT32, 2),
        of("string-agg", List.of(","), order, DataType.VARCHAR, 4),
        of("collect", List.of(), order, DataType.JSON, 2),
        of("json-object-agg", List.of(), order, DataType.JSON, 4, 2),
        of("first", List.of(), order, DataType.VARCHAR, 4),
        of("last", List.of(), order, DataType.INT32, 2),
        of("arg-min", DataType.VARCHAR, 4, UNIQUE),
        of("count", i64, 4).ofDistinct(),
        of("sum", i64, 2).ofDistinct(),
        of(
                "string-agg",
                List.of("|"),
                List.of(new SortKey(column(4), true, true)),
                DataType.VARCHAR,
                4)
            .ofDistinct());
  }

  private static void same(Batch in, List<Expr> keys, List<Aggregate> aggregates, int... every) {
    NodeHarness.breaker((q, lanes) -> new Group(q, keys, aggregates, null))
        .input(in)
        .lanes(2)
        .tolerance(1e-6)
        .refusing(every)
        .expect(plainly(in, keys, aggregates));
  }

  /** One lane, and all the memory that it wants. */
  private static List<List<@Nullable Object>> plainly(
      Batch in, List<Expr> keys, List<Aggregate> aggregates) {
    Budget budget = Budget.root("test", Long.MAX_VALUE);
    QueryContext query = new QueryContext(new CancellationToken(), budget, 1000);
    return TestBatches.rows(run(query, List.of(in), keys, aggregates));
  }

  /** A column in batches of 5000 rows. */
  private static List<Batch> batches(Object[] values) {
    List<Batch> out = new ArrayList<>();
    for (int from = 0; from < values.length; from += 5000) {
      Object[] some = Arrays.copyOfRange(values, from, Math.min(values.length, from + 5000));
      out.add(Batch.of(some.length, TestBatches.columnOf(DataType.INT64, some)));
    }
    return out;
  }

  private static List<Batch> run(
      QueryContext query, List<Batch> in, List<Expr> keys, List<Aggregate> aggregates) {
    List<Batch> out = new ArrayList<>();
    Queue<Batch> waiting = new ArrayDeque<>(in);
    try (Group group = new Group(query, keys, aggregates, null)) {
      try (Step<Batch> sink = group.sink(0)) {
        Inlet<Batch> inlet =
            new Inlet<>() {
              @Override
              public @Nullable Batch poll() {
                return waiting.poll();
              }

              @Override
              public boolean isDone() {
                return waiting.isEmpty();
              }
            };
        while (sink.step(inlet, batch -> true) != Progress.DONE) {}
        List<? extends Source.Morsel> morsels = group.finish();
        try (Source.Decoder decoder = group.decoder()) {
          for (Source.Morsel morsel : morsels) {
            decoder.begin(morsel);
            for (Batch b = decoder.next(); b != null; b = decoder.next()) {
              out.add(b);
            }
          }
        }
      }
    }
    return out;
  }

  @Test
  void everyStateIsWrittenAndReadBack() {
    same(input(51, 900, 40), List.of(column(0)), everyState(), 9);
    same(input(52, 900, 40), List.of(column(1), column(2)), everyState(), 11);
  }

  @Test
  void withoutKeys() {
    same(input(53, 700, 30), List.of(), everyState(), 3);
  }

  /** Rows go straight to partitions, and partitions are divided again. */
  @Test
  void littleMemory(@TempDir Path directory) {
    int rows = 60_000;
    int groups = 40_000;
    Object[] keys = new Object[rows];
    Object[] texts = new Object[rows];
    for (int i = 0; i < rows; i++) {
      keys[i] = i % groups * 7L;
      texts[i] = "text of " + i % groups;
    }
    Batch in =
        Batch.of(
            rows,
            TestBatches.columnOf(DataType.INT64, keys),
            TestBatches.columnOf(DataType.VARCHAR, texts));
    List<Aggregate> aggregates =
        List.of(Aggregate.countRows(), new Aggregate("sum", column(0), DataType.INT64));
    Budget budget = Budget.root("test", 1_300_000);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 30)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 1000, spill, new Relief(), 1);
      Set<List<@Nullable Object>> seen = new HashSet<>();
      for (List<@Nullable Object> row :
          TestBatches.rows(run(query, List.of(in), List.of(column(0), column(1)), aggregates))) {
        long g = (Long) row.get(0) / 7;
        long n = g < rows - groups ? 2 : 1;
        assertEquals(List.of(g * 7, "text of " + g, n, n * g * 7), row);
        assertTrue(seen.add(row));
      }
      assertEquals(groups, seen.size());
      assertTrue(spill.writtenRawBytes() > 1_000_000);
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void oneGroupOfManyDifferentValues(@TempDir Path directory) {
    int rows = 150_000;
    Object[] numbers = new Object[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i % 100_000 * 11L;
    }
    List<Batch> in = batches(numbers);
    List<Aggregate> aggregates =
        List.of(
            new Aggregate("count", column(0), DataType.INT64).ofDistinct(),
            new Aggregate("sum", column(0), DataType.INT64).ofDistinct());
    Budget budget = Budget.root("test", 1_500_000);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 30)) {
      QueryContext query =
          new QueryContext(new CancellationToken(), budget, 1000, spill, new Relief(), 1);
      assertEquals(
          List.of(List.of(100_000L, 11L * 99_999 * 50_000)),
          TestBatches.rows(run(query, in, List.of(), aggregates)));
      assertTrue(spill.writtenRawBytes() > 1_000_000);
      assertEquals(0, spill.heldBytes());
    }
    assertEquals(0, budget.usedBytes());
  }
}
