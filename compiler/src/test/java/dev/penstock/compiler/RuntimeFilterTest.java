package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.EngineOptions.RuntimeFilters;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.BatchSource;
import dev.penstock.sources.parquet.ParquetSink;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runtime filters change no result, and scans give fewer rows. */
@Timeout(120)
class RuntimeFilterTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static Engine engine(int workers, RuntimeFilters where) {
    return Engine.create(
        EngineOptions.defaults().withWorkers(workers).withBatchRows(64).withRuntimeFilters(where));
  }

  /** Columns k (of a type), j (int64), v (int64, the number of the row). */
  private BatchSource table(
      DataType type, LongFunction<Object> value, int rows, int distinct, double nulls) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      Object k = random.nextDouble() < nulls ? null : value.apply(random.nextInt(distinct));
      Long j = random.nextDouble() < nulls ? null : Long.valueOf(random.nextInt(5));
      out.add(Arrays.asList(k, j, (long) i));
    }
    return BatchSource.ofRows(
        new Schema(
            List.of(
                new Field("k", type, true),
                new Field("j", DataType.INT64, true),
                new Field("v", DataType.INT64, false))),
        out);
  }

  private BatchSource longs(int rows, int distinct) {
    return table(DataType.INT64, n -> n * 3, rows, distinct, 0.05);
  }

  private static List<String> rows(Engine engine, String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::deepToString).sorted().toList();
    }
  }

  private static List<String> same(String plan, BatchSource... tables) {
    List<String> expected = null;
    for (RuntimeFilters where : List.of(RuntimeFilters.NONE, RuntimeFilters.ALL)) {
      for (int workers : where == RuntimeFilters.ALL ? new int[] {1, 4} : new int[] {2}) {
        try (Engine engine = engine(workers, where)) {
          for (int i = 0; i < tables.length; i++) {
            engine.catalog().add(String.valueOf((char) ('a' + i)), tables[i]);
          }
          boolean filtered = engine.prepare(plan).physical().contains("applies filter");
          assertEquals(where == RuntimeFilters.ALL, filtered, engine.prepare(plan).physical());
          List<String> got = rows(engine, plan);
          if (expected == null) {
            expected = got;
          }
          assertEquals(expected, got, plan);
          assertEquals(0, engine.budget().usedBytes());
        }
      }
    }
    return java.util.Objects.requireNonNull(expected);
  }

  @Test
  void everyTypeAndKind() {
    System.out.println("RuntimeFilterTest seed " + seed);
    for (Object[] typed :
        new Object[][] {
          {DataType.INT32, (LongFunction<Object>) n -> (int) n},
          {DataType.INT64, (LongFunction<Object>) n -> n * 1_000_000_007},
          {DataType.FLOAT64, (LongFunction<Object>) n -> n == 0 ? -0.0 : n / 3.0},
          {DataType.decimal(9, 2), (LongFunction<Object>) n -> BigDecimal.valueOf(n, 2)},
          {DataType.decimal(30, 4), (LongFunction<Object>) n -> BigDecimal.valueOf(n, 4)},
          {DataType.VARCHAR, (LongFunction<Object>) n -> "text " + n},
          {DataType.DATE, (LongFunction<Object>) LocalDate::ofEpochDay},
          {
            DataType.TIMESTAMP,
            (LongFunction<Object>) n -> LocalDateTime.of(2026, 1, 1, 0, 0).plusHours(n)
          },
          {DataType.TIMESTAMPTZ, (LongFunction<Object>) Instant::ofEpochSecond},
          {DataType.UUID, (LongFunction<Object>) n -> new UUID(n, n)},
        }) {
      DataType type = (DataType) typed[0];
      @SuppressWarnings("unchecked")
      LongFunction<Object> value = (LongFunction<Object>) typed[1];
      BatchSource a = table(type, value, 400, 60, 0.1);
      for (int rows : new int[] {0, 1, 30}) {
        BatchSource b = table(type, value, rows, 60, 0.1);
        for (String join :
            new String[] {
              ":inner [[k K]]", ":semi [[k K]]", ":right [[k K]]", ":inner [[k K :null-safe] [j J]]"
            }) {
          same("(join+ " + join + " (table+ a) (table+ b [[K k] [J j] [V v]]))", a, b);
        }
      }
    }
  }

  @Test
  void throughOtherOperators() {
    BatchSource a = longs(500, 50);
    BatchSource b = longs(20, 50);
    BatchSource c = longs(30, 50);
    String probe = "(table+ a)";
    String build = "(table+ b [[K k]])";
    for (String below :
        new String[] {
          "(filter+ (> v 100) " + probe + ")",
          "(project+ [v k] " + probe + ")",
          "(project+ [[k v]] " + probe + ")",
          "(group+ [k] [[n (count)] [s (sum v)]] " + probe + ")",
          "(distinct+ (project+ [k] " + probe + "))",
          "(project+ [k] (distinct+ [k] " + probe + "))",
          "(union+ " + probe + " (table+ c))",
          "(minus+ (project+ [k] " + probe + ") (project+ [k] (filter+ (> v 20) (table+ c))))",
          "(intersect+ (project+ [k] " + probe + ") (project+ [k] (table+ c)) {:all true})",
          "(window+ [[r (rank) {:partition [k] :order [v]}]] " + probe + ")",
          "(join+ :left [[k Q]] " + probe + " (table+ c [[Q k] [W v]]))",
          "(join+ :anti [[v Q]] " + probe + " (table+ c [[Q v]]))",
          "(join+ :mark [[k Q]] " + probe + " (table+ c [[Q k]]) {:mark m})",
          "(join+ [[Q k]] (table+ c [[Q k] [W v]]) " + probe + ")",
          "(join+ [[Q k]] (join+ :semi [[W X]] (table+ c [[Q k] [W v]]) (table+ b [[X v]])) "
              + probe
              + ")",
          "(sort+ [v] " + probe + ")"
        }) {
      same("(join+ [[k K]] " + below + " " + build + ")", a, b, c);
      same("(join+ :semi [[k K]] " + below + " (filter+ (> K 10) " + build + "))", a, b, c);
    }
  }

  @Test
  void severalFiltersOnOneScanAndSharedSubplans() {
    BatchSource a = longs(2000, 200);
    BatchSource b = longs(40, 200);
    BatchSource c = longs(40, 200);
    same(
        "(join+ [[j J]] (join+ [[v V]] (join+ [[k K]] (table+ a) (table+ b [[K k]])) (table+ c [[V v]]))"
            + " (table+ b [[J j] [Z v]]))",
        a,
        b,
        c);
    // the build side depends on the probe side's table, and both on one subplan
    same(
        "(with+ [s (filter+ (< k 300) (table+ a))]"
            + " (join+ [[k K]] (join+ [[k L]] (table+ a) (group+ [[L k]] [[n (count)]] s))"
            + " (project+ [[K k]] (join+ :semi [[k Q]] s (table+ b [[Q k]])))))",
        a,
        b,
        c);
    same(
        "(with+ [s (join+ [[k K]] (table+ a) (table+ b [[K k]]))]"
            + " (union+ (project+ [k v] s) (project+ [k v] (join+ :semi [[k Q]] s (table+ c [[Q k]])))))",
        a,
        b,
        c);
    same(
        "(union+ (project+ [k] (join+ [[k K]] (table+ a) (table+ b [[K k]])))"
            + " (project+ [k] (join+ [[k K]] (table+ a) (table+ c [[K k]]))))",
        a,
        b,
        c);
  }

  /** Rows that the scans of a table give. */
  private static long scanned(Engine engine, String plan, String table) {
    try (Result result = engine.run(plan)) {
      result.drain();
      return result.profile().operators().stream()
          .filter(o -> o.op().equals("scan") && o.text().startsWith("scan " + table))
          .mapToLong(Profile.Operator::rows)
          .sum();
    }
  }

  @Test
  void scansGiveFewerRows() {
    try (Engine engine = engine(1, RuntimeFilters.LIKELY)) {
      engine.catalog().add("a", table(DataType.INT64, n -> n, 20_000, 20_000, 0));
      engine.catalog().add("b", table(DataType.INT64, n -> n * 100, 50, 200, 0));
      String plan = "(join+ [[k K]] (table+ a) (filter+ (< V 30) (table+ b [[K k] [V v]])))";
      long rows = rows(engine, plan).size();
      long scanned = scanned(engine, plan, "a");
      assertTrue(0 < scanned && scanned <= rows, scanned + " scanned for " + rows);
      String nothing = "(join+ [[k K]] (table+ a) (filter+ (< V 0) (table+ b [[K k] [V v]])))";
      assertEquals(0, scanned(engine, nothing, "a"));
      assertEquals(
          20_000,
          scanned(engine, "(join+ :left [[k K]] (table+ a) (table+ b [[K k]]))", "a"),
          "all rows of the left side of a left join are wanted");
    }
  }

  @Test
  void explainShowsThem() {
    try (Engine engine = engine(2, RuntimeFilters.LIKELY)) {
      engine.catalog().add("a", longs(20_000, 9000));
      engine.catalog().add("b", longs(50, 200));
      String text =
          engine.explain(
              "(join+ [[k K]] (table+ a [k]) (filter+ (< V 9) (table+ b [[K k] [V v]])))", "test");
      String nodes = text.substring(text.indexOf("Nodes:")).replaceAll(" \\(~.*? rows\\)", "");
      assertEquals(
          """
          Nodes:
            join inner hash, build right, on k = K, makes filter 1 of K
              scan a [k], applies filter 1 to k
              scan b [K=k V=v] where (< V 9)
          Graph:
            node 1: scan b > build [2 permits] <- pump of scan b -> morsels of build
            node 2: build [2 permits] <- morsels of build -> join table, filter 1
            node 3: scan a > apply filter 1 > probe [2 permits] <- pump of scan a, after filter 1, after join table -> result
          """,
          nodes);
    }
  }

  /** A source that blocks until it is told to go on. */
  private record Blocking(Source below, CountDownLatch begun, CountDownLatch goOn)
      implements Source {
    @Override
    public Schema schema() {
      return below.schema();
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      begun.countDown();

      query.token().onCancel(goOn::countDown);
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }

      return below.open(request, query);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void cancelledWhileAScanWaits(int workers) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    try (Engine engine = engine(workers, RuntimeFilters.ALL)) {
      engine.catalog().add("a", longs(1000, 50));
      engine.catalog().add("b", new Blocking(longs(10, 50), begun, new CountDownLatch(1)));
      Result result =
          engine.run(
              "(join+ [[k K]] (join+ [[j J]] (table+ a) (table+ a [[J j] [k2 k]])) (table+ b [[K k]]))");
      begun.await();
      result.cancel("test");
      assertThrows(PenstockException.class, result::next);
      result.close();
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aScanThatDoesNotWaitTakesTheFilterUpLater(int workers) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Engine engine = engine(workers, RuntimeFilters.LIKELY);
        Engine plain = engine(1, RuntimeFilters.NONE)) {
      BatchSource a = longs(6000, 500);
      BatchSource b = longs(10, 500);
      for (Engine e : List.of(engine, plain)) {
        e.catalog().add("a", a);
        e.catalog().add("c", longs(100, 500));
      }
      engine.catalog().add("b", new Blocking(b, begun, goOn));
      plain.catalog().add("b", b);
      // of b the number of rows is not known: the scan of a, on a build side, does not wait
      String plan =
          "(join+ [[k K]] (join+ :semi [[k Q]] (table+ a) (table+ a [[Q k]]))"
              + " (filter+ (> V 2) (table+ b [[K k] [V v]])))";
      assertFalse(rows(plain, plan).isEmpty());
      try (Result result = engine.run(plan)) {
        begun.await();
        goOn.countDown();
        List<String> got = new ArrayList<>();
        for (Batch batch = result.next(); batch != null; batch = result.next()) {
          for (int i = 0; i < batch.count(); i++) {
            got.add(Arrays.deepToString(batch.row(i)));
          }
        }
        assertEquals(rows(plain, plan), got.stream().sorted().toList());
      }
    }
  }

  private static void write(Path file, BatchSource rows, int groupRows) {
    try (Budget budget = Budget.root("test", 1L << 28);
        ParquetSink sink =
            ParquetSink.create(
                file, rows.schema(), ParquetSink.Compression.SNAPPY, groupRows, budget)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      try (Source.Scan scan = rows.open(Source.Request.all(rows.schema()), query);
          Source.Decoder decoder = scan.decoder()) {
        for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
          decoder.begin(m);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            sink.write(b);
          }
        }
      }
      sink.finish();
    }
  }

  @Test
  void parquetFilesSkipRowGroups(@TempDir Path folder) {
    BatchSource a = longs(30_000, 900);
    BatchSource b = longs(60, 900);
    write(folder.resolve("a.parquet"), a, 5000);
    write(folder.resolve("b.parquet"), b, 50);
    for (String plan :
        new String[] {
          "(join+ [[k K]] (table+ \"a.parquet\") (table+ \"b.parquet\" [[K k] [V v]]))",
          "(join+ [[k K :null-safe] [j J]] (filter+ (> v 77) (table+ \"a.parquet\")) (table+ \"b.parquet\" [[K k] [J j]]))",
          "(join+ :semi [[v V]] (table+ \"a.parquet\") (table+ \"b.parquet\" [[V v]]))",
          "(group+ [] [[n (count)] [s (sum v)]] (join+ [[v V]] (table+ \"a.parquet\") (filter+ (> V 7) (table+ \"b.parquet\" [[V v]]))))"
        }) {
      List<String> expected = null;
      for (RuntimeFilters where : RuntimeFilters.values()) {
        for (int workers : new int[] {1, 4}) {
          try (Engine engine =
              Engine.create(
                  EngineOptions.defaults()
                      .withWorkers(workers)
                      .withRuntimeFilters(where)
                      .withBaseDirectory(folder, true))) {
            List<String> got = rows(engine, plan);
            expected = expected == null ? got : expected;
            assertEquals(expected, got, where + " " + plan);
            if (where == RuntimeFilters.LIKELY && plan.contains("V v")) {
              try (Result result = engine.run(plan)) {
                result.drain();
                long skipped =
                    result.profile().operators().stream()
                        .filter(o -> o.scan() != null && o.text().contains("a.parquet"))
                        .mapToLong(o -> java.util.Objects.requireNonNull(o.scan()).skippedPieces())
                        .sum();
                assertEquals(plan.contains("[v V]") ? 5 : 0, skipped, plan);
              }
            }
            assertEquals(0, engine.budget().usedBytes());
          }
        }
      }
    }
  }
}
