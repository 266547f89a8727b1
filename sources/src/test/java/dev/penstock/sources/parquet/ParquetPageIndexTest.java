package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Shape.Op;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row groups with many pages: pages that the index excludes, and pieces. */
class ParquetPageIndexTest {
  private static final int ROWS = 400_000;

  @TempDir static Path dir;
  static ParquetSource source;
  static Schema schema;

  /** One row group: id ascending with nulls, a text that falls, a number of few values. */
  @BeforeAll
  static void write() {
    schema =
        Schema.of(
            new Field("id", DataType.INT64),
            new Field("text", DataType.VARCHAR),
            new Field("few", DataType.INT32));
    Path file = dir.resolve("one.parquet");
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink =
            ParquetSink.create(file, schema, ParquetSink.Compression.SNAPPY, ROWS, budget)) {
      for (int from = 0; from < ROWS; from += 2000) {
        ColumnBuilder text = ColumnBuilder.of(DataType.VARCHAR, 2000);
        ColumnBuilder few = ColumnBuilder.of(DataType.INT32, 2000);
        ColumnBuilder id = ColumnBuilder.of(DataType.INT64, 2000);
        for (int i = from; i < from + 2000; i++) {
          if (i % 10 == 3) {
            id.appendNull();
          } else {
            id.appendLong(i);
          }
          text.appendString("t" + (1_900_000 - i));
          few.appendInt(i / 1000 % 7);
        }
        sink.write(Batch.of(2000, id.build(), text.build(), few.build()));
      }
      sink.finish();
    }
    source = ParquetSource.open(file);
    assertEquals(1, source.files().get(0).rowGroups());
  }

  private static List<ParquetMorsel> morsels(@Nullable Expr filter, int... columns) {
    List<ParquetMorsel> out = new ArrayList<>();
    try (Budget budget = Budget.root("test", 1L << 30);
        Source.Scan scan =
            source.open(
                new Source.Request(columns, filter, -1),
                new QueryContext(new CancellationToken(), budget, 2048))) {
      for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
        out.add((ParquetMorsel) m);
      }
    }
    return out;
  }

  @Test
  void pagesThatTheIndexExcludesAreNotInTheMorsel() {
    Expr one = Filters.compare(schema, "id", 0, Op.EQ, 200_000L);
    List<ParquetMorsel> got = morsels(one, 0, 1);
    assertEquals(1, got.size());
    // The dictionary is full after 9102 rows; from there on pages have 20480 rows.
    assertEquals("[193422, 213902]", got.get(0).rows().toString());
    assertEquals("[[200000, t1700000]]", Scans.rows(source, one, "id", "text").toString());
    Expr both =
        Filters.and(
            Filters.compare(schema, "id", 0, Op.LT, 50_000L),
            Filters.compare(schema, "text", 1, Op.LT, "t1870000"));
    RowRanges rows = morsels(both, 0, 1).get(0).rows();
    assertEquals(1, rows.size());
    assertTrue(rows.from(0) > 0 && rows.from(0) <= 30_000, rows.toString());
    assertTrue(
        rows.to(0) >= 50_000 && rows.to(0) < 50_000 + ColumnWriter.PAGE_ROWS, rows.toString());
    assertEquals(List.of(), morsels(Filters.compare(schema, "text", 1, Op.LT, "t1"), 0, 1));
    assertEquals(3, morsels(Filters.opaque((dev.penstock.batch.expr.Predicate) both), 0, 1).size());
  }

  @Test
  void aBigRowGroupComesInPiecesInOrder() {
    List<ParquetMorsel> pieces = morsels(null, 0, 1, 2);
    assertEquals(
        List.of("[0, 122880]", "[122880, 245760]", "[245760, 400000]"),
        pieces.stream().map(m -> m.rows().toString()).toList());
    List<List<@Nullable Object>> all = Scans.all(source);
    assertEquals(ROWS, all.size());
    for (int i = 0; i < ROWS; i++) {
      List<@Nullable Object> row = all.get(i);
      assertEquals(i % 10 == 3 ? null : (Object) (long) i, row.get(0));
      assertEquals("t" + (1_900_000 - i), row.get(1));
      assertEquals(i / 1000 % 7, row.get(2));
    }
  }

  @Test
  void filtersOverPagesAndPiecesGiveTheRightRows() {
    Expr filter =
        Filters.and(
            Filters.compare(schema, "few", 2, Op.EQ, 3),
            Filters.compare(schema, "id", 0, Op.GE, 100_000L),
            Filters.compare(schema, "id", 0, Op.LT, 300_000L));
    List<List<@Nullable Object>> got = Scans.rows(source, filter, "id", "text", "few");
    int at = 0;
    for (int i = 100_000; i < 300_000; i++) {
      if (i % 10 != 3 && i / 1000 % 7 == 3) {
        assertEquals(List.of((long) i, "t" + (1_900_000 - i), 3), got.get(at++));
      }
    }
    assertEquals(at, got.size());
  }

  @Test
  void theReaderWaitsForRoomAndGoesOnWhenDecodersGiveItBack() throws Exception {
    Path file = dir.resolve("groups.parquet");
    Schema one = Schema.of(new Field("n", DataType.INT64));
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink =
            ParquetSink.create(file, one, ParquetSink.Compression.NONE, 20_000, budget)) {
      for (int g = 0; g < 10; g++) {
        long[] values = new long[20_000];
        for (int i = 0; i < values.length; i++) {
          values[i] = g * 20_000L + i;
        }
        Column c = new LongColumn(DataType.INT64, values, null, values.length);
        sink.write(Batch.of(values.length, c));
      }
      sink.finish();
    }
    ParquetSource groups = ParquetSource.open(file);
    // Room for one row group of about 160 KB and what its decoder needs, not for two.
    ExecutorService io = Executors.newSingleThreadExecutor();
    try (Budget budget = Budget.root("small", 300_000)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      try (Source.Scan scan = groups.open(Source.Request.all(one), query);
          Source.Decoder decoder = scan.decoder()) {
        long rows = 0;
        Source.Morsel m = scan.next();
        while (m != null) {
          CountDownLatch asked = new CountDownLatch(1);
          Future<Source.@Nullable Morsel> next =
              io.submit(
                  () -> {
                    asked.countDown();
                    return scan.next();
                  });
          asked.await();
          decoder.begin(m);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            rows += b.count();
          }
          m = next.get();
        }
        assertEquals(200_000, rows);
      }
      assertTrue(budget.peakBytes() <= 300_000);
      assertEquals(0, budget.usedBytes());
    } finally {
      io.shutdown();
    }
  }

  @Test
  void cancellingWakesAReaderThatWaits() throws Exception {
    ExecutorService io = Executors.newSingleThreadExecutor();
    CancellationToken token = new CancellationToken();
    Path file = dir.resolve("two.parquet");
    Schema one = Schema.of(new Field("n", DataType.INT64));
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink =
            ParquetSink.create(file, one, ParquetSink.Compression.NONE, 20_000, budget)) {
      for (int g = 0; g < 2; g++) {
        long[] values = new long[20_000];
        for (int i = 0; i < values.length; i++) {
          values[i] = i * 31L;
        }
        sink.write(
            Batch.of(values.length, new LongColumn(DataType.INT64, values, null, values.length)));
      }
      sink.finish();
    }
    try (Budget budget = Budget.root("small", 300_000)) {
      Source.Scan scan =
          ParquetSource.open(file)
              .open(Source.Request.all(one), new QueryContext(token, budget, 2048));
      assertNotNull(scan.next());
      Future<String> second =
          io.submit(
              () -> {
                try {
                  return "got " + scan.next();
                } catch (dev.penstock.monitor.PenstockException e) {
                  return String.valueOf(e.getMessage());
                }
              });
      token.cancel(CancellationToken.Reason.PERSON, "stop");
      assertEquals("stop", second.get());
      scan.close();
      assertEquals(0, budget.usedBytes());
    } finally {
      io.shutdown();
    }
  }
}
