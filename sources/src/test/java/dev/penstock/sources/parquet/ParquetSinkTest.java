package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Shape.Op;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that we write, read by DuckDB and by us. */
class ParquetSinkTest {
  @TempDir static Path dir;
  static Duck duck;

  @BeforeAll
  static void open() {
    duck = new Duck();
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  /** Copies a file through our reader and writer. */
  static Path copy(
      ParquetSource from, Path to, ParquetSink.Compression compression, int groupRows) {
    try (Budget budget = Budget.root("test", 1L << 30)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      try (Source.Scan scan = from.open(Source.Request.all(from.schema()), query);
          Source.Decoder decoder = scan.decoder();
          ParquetSink sink =
              ParquetSink.create(to, from.schema(), compression, groupRows, budget)) {
        for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
          decoder.begin(m);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            sink.write(b);
          }
        }
        sink.finish();
      }
      assertEquals(0, budget.usedBytes(), "bytes still reserved");
    }
    return to;
  }

  private static void assertCopied(Path original, Path copy) {
    ParquetSource source = ParquetSource.open(original);
    List<List<@Nullable Object>> rows =
        duck.rows("SELECT * FROM read_parquet('" + original + "')", source.schema());
    ParquetDuckDbTest.assertRows(
        rows, duck.rows("SELECT * FROM read_parquet('" + copy + "')", source.schema()));
    ParquetSource again = ParquetSource.open(copy);
    ParquetDuckDbTest.assertRows(rows, Scans.all(again));
    assertEquals(source.schema().types().length, again.schema().types().length);
    for (int i = 0; i < source.schema().size(); i++) {
      assertEquals(source.schema().field(i), again.schema().field(i));
    }
  }

  @ParameterizedTest
  @EnumSource(ParquetSink.Compression.class)
  void writesEveryTypeForEveryCodec(ParquetSink.Compression compression) {
    for (String nullIf : List.of("false", "i % 7 = 2", "i BETWEEN 1000 AND 4000", "true")) {
      Path original =
          duck.copy(ParquetDuckDbTest.select(nullIf, 5000), dir.resolve("original.parquet"), "");
      Path to = dir.resolve("copy" + compression + ".parquet");
      assertCopied(original, copy(ParquetSource.open(original), to, compression, 3000));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void writesAnyNumberOfRows(int rows) {
    Path original =
        duck.copy(ParquetDuckDbTest.select("i = 1", rows), dir.resolve("any.parquet"), "");
    assertCopied(
        original,
        copy(
            ParquetSource.open(original),
            dir.resolve("anycopy.parquet"),
            ParquetSink.Compression.SNAPPY,
            2048));
  }

  @Test
  void dictionariesThatFillUpFallBackToPlain() {
    Path original =
        duck.copy(
            "SELECT CASE WHEN i < 60000 THEN i % 50 ELSE i END AS n, "
                + "CASE WHEN i < 60000 THEN 'few ' || (i % 9) ELSE 'many ' || i END AS s, "
                + "repeat('long text ', 30) || i AS l, i % 3 = 0 AS b, (i / 2)::DOUBLE AS d, 7 AS one "
                + "FROM range(150000) r(i)",
            dir.resolve("fallback.parquet"), "");
    Path to = dir.resolve("fallbackcopy.parquet");
    assertCopied(
        original,
        copy(
            ParquetSource.open(original),
            to,
            ParquetSink.Compression.SNAPPY,
            ParquetSink.GROUP_ROWS));
    ParquetSource source = ParquetSource.open(to);
    assertEquals(2, source.files().get(0).rowGroups());
    // The page index and the statistics exclude what they can.
    assertEquals(
        1,
        ParquetReads.morsels(
            source, new int[] {0}, Filters.compare(source.schema(), "n", 0, Op.GE, 149_999L)));
    assertTrue(source.files().get(0).rowGroup(0).getColumns().get(0).isSetColumn_index_offset());
  }

  @Test
  void statisticsHoldMinimumMaximumAndNulls() {
    Path original =
        duck.copy(
            "SELECT CASE WHEN i % 10 = 0 THEN NULL ELSE i - 500 END AS n, 'v' || i AS s, (i - 500)::DECIMAL(30,2) AS d FROM range(1000) r(i)",
            dir.resolve("stats.parquet"), "");
    Path to = dir.resolve("statscopy.parquet");
    copy(ParquetSource.open(original), to, ParquetSink.Compression.ZSTD, 1000);
    Schema texts =
        Schema.of(
            new Field("a", DataType.VARCHAR),
            new Field("b", DataType.VARCHAR),
            new Field("c", DataType.INT64));
    assertEquals(
        List.of(
            List.of("-499", "499", 100L),
            List.of("v0", "v999", 0L),
            List.of("-500.00", "499.00", 0L)),
        duck.rows(
            "SELECT stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata('"
                + to
                + "')",
            texts));
  }

  @Test
  void selectionsAndDictionariesAreWrittenAsTheRowsThatTheyAre() {
    ColumnBuilder words = ColumnBuilder.of(DataType.VARCHAR, 3);
    words.appendString("a");
    words.appendString("bb");
    words.appendNull();
    Column ids = words.build().gather(new int[] {1, 0, 2, -1, 1}, 5);
    Column dictionary =
        new dev.penstock.batch.DictionaryColumn(
            (dev.penstock.batch.FlatColumn) words.build().gather(new int[] {0, 1}, 2),
            new int[] {1, 0, -1, 1, 0},
            5);
    Schema schema = Schema.of(new Field("x", DataType.VARCHAR), new Field("y", DataType.VARCHAR));
    Path to = dir.resolve("selection.parquet");
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink = ParquetSink.create(to, schema, budget)) {
      sink.write(Batch.of(5, ids, dictionary).withSelection(new int[] {0, 2, 3, 4}, 4));
      sink.finish();
    }
    assertEquals(
        "[[bb, bb], [null, null], [null, bb], [bb, a]]",
        Scans.all(ParquetSource.open(to)).toString());
  }

  @Test
  void aFileThatIsNotFinishedLeavesNothing() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("empty"));
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink =
            ParquetSink.create(
                folder.resolve("x.parquet"), Schema.of(new Field("a", DataType.INT64)), budget)) {
      assertNotNull(sink);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
    assertFalse(Files.exists(folder.resolve("x.parquet")));
  }

  @Test
  void refusesWhatParquetCannotHold() {
    Schema any = Schema.of(new Field("it", DataType.ANY));
    try (Budget budget = Budget.root("test", 1L << 30)) {
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> ParquetSink.create(dir.resolve("any.p"), any, budget));
      assertEquals(
          "column it of type any cannot be written to Parquet; cast it to varchar", e.getMessage());
      Schema spans = Schema.of(new Field("v", DataType.INTERVAL));
      ColumnBuilder b = ColumnBuilder.of(DataType.INTERVAL, 1);
      b.appendValue(new Interval(0, -1, 0));
      try (ParquetSink sink = ParquetSink.create(dir.resolve("span.p"), spans, budget)) {
        PenstockException negative =
            assertThrows(PenstockException.class, () -> sink.write(Batch.of(1, b.build())));
        assertEquals(
            "column v: the interval P-1D cannot be stored in Parquet, which holds non-negative months, days and milliseconds; cast it to varchar",
            negative.getMessage());
      }
    }
  }

  @Test
  void aTightBudgetMakesRowGroupsSmaller() {
    Schema schema = Schema.of(new Field("n", DataType.FLOAT64));
    Path to = dir.resolve("tight.parquet");
    try (Budget budget = Budget.root("tight", 700_000);
        ParquetSink sink =
            ParquetSink.create(to, schema, ParquetSink.Compression.NONE, 100_000, budget)) {
      for (int b = 0; b < 50; b++) {
        double[] values = new double[2000];
        for (int i = 0; i < values.length; i++) {
          values[i] = b * 2000 + i;
        }
        sink.write(
            Batch.of(
                2000, new dev.penstock.batch.DoubleColumn(DataType.FLOAT64, values, null, 2000)));
      }
      sink.finish();
      assertTrue(budget.peakBytes() <= 700_000);
    }
    ParquetSource source = ParquetSource.open(to);
    assertTrue(source.files().get(0).rowGroups() > 1);
    List<List<@Nullable Object>> rows = Scans.all(source);
    assertEquals(100_000, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals((double) i, rows.get(i).get(0));
    }
  }

  @Test
  void aWriterBeyondItsBudgetIsRefused() {
    Schema schema = Schema.of(new Field("s", DataType.VARCHAR));
    try (Budget budget = Budget.root("small", 100_000)) {
      try (ParquetSink sink = ParquetSink.create(dir.resolve("small.p"), schema, budget)) {
        ColumnBuilder b = ColumnBuilder.of(DataType.VARCHAR, 1000);
        for (int i = 0; i < 1000; i++) {
          b.appendString("a text of some length, number " + i);
        }
        Batch batch = Batch.of(1000, b.build());
        PenstockException e =
            assertThrows(
                PenstockException.class,
                () -> {
                  for (int i = 0; i < 100; i++) {
                    sink.write(batch);
                  }
                });
        assertEquals("memory-cap", e.code());
      }
      assertEquals(0, budget.usedBytes());
    }
  }
}
