package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Shape.Op;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.KeyFilterBuilder;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans with runtime filters: no match is lost, row groups and pages are skipped. */
class ParquetKeyFilterTest {
  private static final int ROWS = 40_000;
  private static final int GROUP = 10_000;
  private static final Budget BUDGET = Budget.root("filters", 1L << 28);
  private static final Reservation MEMORY = BUDGET.open("filters");

  @TempDir static Path dir;
  static ParquetSource source;
  static Schema schema;
  static List<List<@Nullable Object>> all;

  /** Ascending values of each type, each 11th null; then the number of the row, and few values. */
  @BeforeAll
  static void write() {
    schema =
        Schema.of(
            new Field("i", DataType.INT32),
            new Field("l", DataType.INT64),
            new Field("d", DataType.DATE),
            new Field("t", DataType.TIME),
            new Field("ts", DataType.TIMESTAMP),
            new Field("tz", DataType.TIMESTAMPTZ),
            new Field("money", DataType.decimal(12, 2)),
            new Field("wide", DataType.decimal(30, 4)),
            new Field("f", DataType.FLOAT64),
            new Field("s", DataType.VARCHAR),
            new Field("few", DataType.INT64),
            new Field("row", DataType.INT64));
    Path file = dir.resolve("keys.parquet");
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink =
            ParquetSink.create(file, schema, ParquetSink.Compression.SNAPPY, GROUP, budget)) {
      for (int from = 0; from < ROWS; from += 1000) {
        ColumnBuilder[] out = new ColumnBuilder[schema.size()];
        for (int c = 0; c < out.length; c++) {
          out[c] = ColumnBuilder.of(schema.type(c), 1000);
          for (int r = from; r < from + 1000; r++) {
            out[c].appendValue(value(c, r));
          }
        }
        sink.write(
            Batch.of(1000, Arrays.stream(out).map(ColumnBuilder::build).toArray(Column[]::new)));
      }
      sink.finish();
    }
    source = ParquetSource.open(file);
    assertEquals(ROWS / GROUP, source.files().get(0).rowGroups());
    all = Scans.all(source);
  }

  @AfterAll
  static void close() {
    MEMORY.close();
    BUDGET.close();
  }

  private static @Nullable Object value(int column, int row) {
    if (column < 11 && row % 11 == 5) {
      return null;
    }
    return switch (column) {
      case 0 -> row * 3;
      case 1 -> row * 1_000_000_007L;
      case 2 -> LocalDate.ofEpochDay(row);
      case 3 -> LocalTime.ofNanoOfDay(row * 1_000_000L);
      case 4 -> LocalDateTime.of(1969, 12, 31, 0, 0).plusSeconds(row * 10L);
      case 5 -> Instant.ofEpochSecond(row * 100L - 1_000_000);
      case 6 -> BigDecimal.valueOf(row * 7L, 2);
      case 7 -> BigDecimal.valueOf(row * 7L, 4);
      case 8 -> row / 8.0;
      case 9 -> "text " + row;
      case 10 -> (long) (row / 100 % 13);
      default -> (long) row;
    };
  }

  private static KeyFilter filter(int column, boolean nullSafe, int... rows) {
    ColumnBuilder keys = ColumnBuilder.of(schema.type(column), rows.length);
    for (int r : rows) {
      keys.appendValue(value(column, r));
    }
    Column built = keys.build();
    KeyFilterBuilder.Range range = range(built);
    KeyFilterBuilder builder =
        new KeyFilterBuilder(schema.type(column), rows.length, range, nullSafe, MEMORY);
    builder.add(built, rows.length);
    return builder.build();
  }

  private static KeyFilterBuilder.@Nullable Range range(Column keys) {
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < keys.length(); i++) {
      if (keys.isNull(i)) {
        continue;
      }
      long word;
      if (keys instanceof dev.penstock.batch.IntColumn c) {
        word = c.values()[i];
      } else if (keys instanceof dev.penstock.batch.LongColumn c) {
        word = c.values()[i];
      } else {
        return null;
      }
      least = Math.min(least, word);
      greatest = Math.max(greatest, word);
    }
    return new KeyFilterBuilder.Range(least, greatest);
  }

  private static Source.Request request(
      dev.penstock.batch.expr.@Nullable Expr filter, RuntimeFilter... filters) {
    return new Source.Request(Source.Request.all(schema).columns(), filter, -1, List.of(filters));
  }

  private static RuntimeFilter set(int column, KeyFilter filter) {
    Cell<KeyFilter> cell = new Cell<>();
    cell.set(filter);
    return new RuntimeFilter(1, column, cell);
  }

  private static List<List<@Nullable Object>> scan(RuntimeFilter... filters) {
    return Scans.rows(source, request(null, filters), 2048);
  }

  private static List<List<@Nullable Object>> expected(int column, boolean nullSafe, int... rows) {
    Set<@Nullable Object> keys = new HashSet<>();
    for (int r : rows) {
      Object v = value(column, r);
      if (v != null || nullSafe) {
        keys.add(v);
      }
    }
    return all.stream().filter(row -> keys.contains(row.get(column))).toList();
  }

  private static int morsels(RuntimeFilter... filters) {
    int n = 0;
    try (Budget budget = Budget.root("test", 1L << 30);
        Source.Scan scan =
            source.open(
                request(null, filters), new QueryContext(new CancellationToken(), budget, 2048))) {
      while (scan.next() != null) {
        n++;
      }
    }
    return n;
  }

  @Test
  void everyTypeGivesItsMatchesAndSkipsRowGroups() {
    int[] rows = {25_000, 20_007, 29_999, 21_111, 21_111};
    for (int c = 0; c < 10; c++) {
      for (boolean nullSafe : new boolean[] {false, true}) {
        KeyFilter filter = filter(c, nullSafe, rows);
        String name = schema.field(c).name() + " " + filter;
        assertEquals(expected(c, nullSafe, rows), scan(set(c, filter)), name);
        assertEquals(c < 7 ? 1 : 4, morsels(set(c, filter)), name);
        KeyFilter withNull = filter(c, nullSafe, 25_000, 5);
        assertEquals(expected(c, nullSafe, 25_000, 5), scan(set(c, withNull)), name);
        KeyFilter nothing = filter(c, nullSafe);
        assertEquals(List.of(), scan(set(c, nothing)));
        assertEquals(0, morsels(set(c, nothing)));
      }
    }
  }

  @Test
  void betweenTheKeysOfAListThereAreRowGroupsWithoutAny() {
    KeyFilter filter = filter(1, false, 3, 39_001);
    assertEquals(2, morsels(set(1, filter)), filter.toString());
    assertEquals(expected(1, false, 3, 39_001), scan(set(1, filter)));
  }

  @Test
  void dictionariesAreTestedWhole() {
    // of the 13 values of few the rows 100 and 700 have 1 and 7
    KeyFilter filter = filter(10, false, 100, 700);
    assertEquals(expected(10, false, 100, 700), scan(set(10, filter)));
    KeyFilter every =
        filter(10, true, 5, 0, 100, 200, 300, 400, 501, 600, 700, 800, 900, 1000, 1100, 1200);
    assertEquals(ROWS, scan(set(10, every)).size());
    Cell<KeyFilter> cell = new Cell<>();
    cell.set(filter(10, false, 100));
    KeyFilter none = filter(1, false, 100);
    // rows of value 1 and of one number
    assertEquals(expected(1, false, 100), scan(new RuntimeFilter(1, 10, cell), set(1, none)));
  }

  @Test
  void besideAFilterOfThePlan() {
    KeyFilter filter = filter(0, false, 7, 70, 15_000, 15_001, 39_001);
    List<List<@Nullable Object>> got =
        Scans.rows(
            source,
            request(Filters.compare(schema, "row", 11, Op.GE, 15_001L), set(0, filter)),
            2048);
    assertEquals(List.of(15_001L, 39_001L), got.stream().map(r -> r.get(11)).toList());
  }

  @Test
  void aFilterThatComesLateIsTakenUp() {
    Cell<KeyFilter> cell = new Cell<>();
    List<Long> rows = new ArrayList<>();
    int morsels = 0;
    try (Budget budget = Budget.root("test", 1L << 30)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, 500);
      try (Source.Scan scan = source.open(request(null, new RuntimeFilter(1, 1, cell)), query);
          Source.Decoder decoder = scan.decoder()) {
        for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
          morsels++;
          decoder.begin(m);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            for (int i = 0; i < b.count(); i++) {
              rows.add((Long) b.row(i)[11]);
            }
            if (!cell.isSet()) {
              assertEquals(500, rows.size());
              cell.set(filter(1, false, 7, 6001, 35_000));
            }
          }
        }
      }
      assertEquals(0, budget.usedBytes());
    }
    assertTrue(rows.subList(500, rows.size()).equals(List.of(6001L, 35_000L)), rows.toString());
    assertEquals(2, morsels);
  }

  @Test
  void aColumnThatAFileLacksIsNull() {
    KeyFilter filter = filter(1, false, 7);
    KeyFilter nullToo = filter(1, true, 7, 5);
    Path other = dir.resolve("lacks.parquet");
    Schema few = Schema.of(new Field("row", DataType.INT64));
    try (Budget budget = Budget.root("test", 1L << 30);
        ParquetSink sink =
            ParquetSink.create(other, few, ParquetSink.Compression.SNAPPY, GROUP, budget)) {
      ColumnBuilder row = ColumnBuilder.of(DataType.INT64, 3);
      for (long r = 1; r <= 3; r++) {
        row.appendLong(r);
      }
      sink.write(Batch.of(3, row.build()));
      sink.finish();
    }
    ParquetSource both = ParquetSource.of(List.of(source.files().get(0), ParquetFile.open(other)));
    int l = both.schema().indexOf("l");
    int[] columns = {l, both.schema().indexOf("row")};
    for (KeyFilter f : List.of(filter, nullToo)) {
      List<List<@Nullable Object>> got =
          Scans.rows(both, new Source.Request(columns, null, -1, List.of(set(0, f))), 2048);
      long nulls = got.stream().filter(r -> r.get(0) == null).count();
      assertEquals(f == nullToo ? 3 + ROWS / 11 + (ROWS % 11 > 5 ? 1 : 0) : 0, nulls);
      assertTrue(got.contains(Arrays.asList(7_000_000_049L, 7L)), got.toString());
    }
  }
}
