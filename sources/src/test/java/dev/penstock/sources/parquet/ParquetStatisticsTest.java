package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.sources.StatisticsCheck;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Statistics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of columns against the columns themselves. */
class ParquetStatisticsTest {
  /** Columns of every type, whose values depend on i only; each null if the condition holds. */
  private static final String[] EVERY_TYPE = {
    "(i * 7919 % 251 - 125)::TINYINT AS i8",
    "(i * 7919 % 60000 - 30000)::SMALLINT AS i16",
    "(i * 7919 % 200000 - 100000)::INTEGER AS i32",
    "(i * 7919 - 3000000)::BIGINT AS i64",
    "(i * 7919 % 256)::UTINYINT AS u8",
    "(4294967295 - i * 1000)::UINTEGER AS u32",
    "(18446744073709551615 - i::HUGEINT * 1000000007)::UBIGINT AS u64",
    "((i * 7919 % 9999 - 5000) / 100)::DECIMAL(4,2) AS d4",
    "((i * 7919 - 70000) / 100)::DECIMAL(9,2) AS d9",
    "((i * 791900 - 70000000) / 1000)::DECIMAL(18,3) AS d18",
    "((i - 3000) * 10000000000000000000::HUGEINT)::DECIMAL(38,4) AS d38",
    "CASE i % 11 WHEN 0 THEN 'nan'::FLOAT WHEN 1 THEN 'inf'::FLOAT ELSE -i END AS f32",
    "CASE WHEN i % 4999 = 4998 THEN 'nan'::DOUBLE ELSE i / 7 - 300 END AS f64",
    "CASE WHEN i % 2 = 0 THEN 0.0 ELSE -0.0 END::DOUBLE AS zero",
    "i % 3 = 0 AS b",
    "chr((i * 7919 % 55000 + 1)::INTEGER) || 'x' || i % 100 AS text",
    "repeat('\u00e4\ud83d\ude00', (i % 40)::INTEGER) AS deep",
    "encode('x' || i % 1000) AS bin",
    "DATE '1969-06-01' + (i * 7919 % 1000 - 500)::INTEGER AS day",
    "TIME '00:00:00' + to_seconds(i * 17 % 86400) AS clock",
    "TIMESTAMP '1969-12-31 23:00:00' + to_milliseconds(i * 1001 - 2000000) AS at",
    "TIMESTAMPTZ '1969-12-31 23:00:00+00' + to_seconds(i - 2000) AS zoned",
    "TIMESTAMP_NS '1969-12-31 23:59:59.999999999' AS nanos",
    "('00000000-0000-0000-0000-' || lpad((i * 7919 % 100000)::VARCHAR, 12, '0'))::UUID AS id",
    "to_days((i % 100)::INTEGER) AS span",
    "[i, i + 1] AS list",
    "NULL::INTEGER AS nothing",
  };

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

  private static Path everyType(String name, String nullIf, int from, int to) {
    StringBuilder columns = new StringBuilder("i AS n");
    for (String c : EVERY_TYPE) {
      int as = c.lastIndexOf(" AS ");
      columns.append(", CASE WHEN ").append(nullIf).append(" THEN NULL ELSE ");
      columns.append(c, 0, as).append(" END").append(c.substring(as));
    }
    return duck.copy(
        "SELECT " + columns + " FROM range(" + from + ", " + to + ") r(i)",
        dir.resolve(name),
        "ROW_GROUP_SIZE 2048");
  }

  private static ColumnStatistics of(ParquetSource s, String column) {
    return s.statistics().column(s.schema().indexOf(column));
  }

  private static void check(ParquetSource s) {
    StatisticsCheck.check(s, dev.penstock.sources.Scans.rows(s));
  }

  @Test
  void boundsAndNullsOfEveryTypeAreTrue() {
    for (String nullIf : List.of("false", "i % 7 = 2", "i % 5000 < 2500")) {
      Path a = everyType("a.parquet", nullIf, 0, 5000);
      Path b = everyType("b.parquet", nullIf, 5000, 6500);
      check(ParquetSource.open(a));
      check(ParquetSource.open(List.of(b, a)));
    }
  }

  @Test
  void boundsAreThereWhereTheTypeHasThem() {
    ParquetSource s = ParquetSource.open(everyType("some.parquet", "i % 7 = 2", 0, 5000));
    TreeSet<String> without = new TreeSet<>();
    s.schema().fields().stream()
        .filter(f -> of(s, f.name()).min() == null)
        .forEach(f -> without.add(f.name()));
    // f32 and f64 have NaN in them, so that the writer left their bounds out or they are inexact
    without.removeAll(List.of("f32", "f64"));
    assertEquals("[id, list, nothing, span]", without.toString());
    assertEquals(LocalDate.of(1968, 1, 18), of(s, "day").min());
    assertEquals(new BigDecimal("-29998.0000").scale(), ((BigDecimal) of(s, "d38").min()).scale());
    assertEquals(4294967295L, of(s, "u32").max());
    assertEquals(new BigDecimal("18446744073709551615"), of(s, "u64").max());
    assertEquals(1 / 7.0, of(s, "n").nullShare() + 1 / 7.0, 1e-9);
    assertEquals(714 / 5000.0, of(s, "i32").nullShare(), 1e-9);
    assertEquals(1.0, of(s, "nothing").nullShare());
    assertEquals(0, of(s, "nothing").distinct());
    assertEquals(2, of(s, "b").distinct());
  }

  @Test
  void aNanMayHideAboveTheGreatestFloat() {
    Path f = duck.copy("SELECT i / 2 AS x FROM range(10) r(i)", dir.resolve("float.parquet"), "");
    ColumnStatistics x = of(ParquetSource.open(f), "x");
    assertEquals(0.0, x.min());
    assertEquals(4.5, x.max());
    assertEquals(false, x.boundsExact());
  }

  @Test
  void aFileWithoutTheColumnCountsAsNulls() {
    Path a = duck.copy("SELECT i AS x, i AS y FROM range(30) r(i)", dir.resolve("xy.parquet"), "");
    Path b = duck.copy("SELECT i AS x FROM range(10) r(i)", dir.resolve("x.parquet"), "");
    ParquetSource s = ParquetSource.open(List.of(a, b));
    check(s);
    assertEquals(new ColumnStatistics(30, 0L, 29L, true, 0.25), of(s, "y"));
    assertEquals(40, s.statistics().rows());
  }

  @Test
  void noRows() {
    Path f = duck.copy("SELECT 1 AS x WHERE false", dir.resolve("none.parquet"), "");
    ParquetSource s = ParquetSource.open(f);
    check(s);
    assertEquals(new ColumnStatistics(0, null, null, false, 0), of(s, "x"));
  }

  private static Path textFile() {
    return duck.copy(
        "SELECT 'a\u00e4' || i AS t, i - 5 AS n, i::FLOAT AS f FROM range(10) r(i)",
        dir.resolve("text.parquet"),
        "");
  }

  private static ParquetSource changed(String name, java.util.function.Consumer<Statistics> each) {
    Path to = dir.resolve(name);
    return ParquetSource.open(
        Footers.change(
            textFile(),
            to,
            footer -> Footers.forEachChunk(footer, m -> each.accept(m.getStatistics()))));
  }

  @Test
  void oldFieldsAreUsedForSignedNumbersOnly() {
    ParquetSource s =
        changed(
            "old.parquet",
            st -> {
              st.setMin(st.getMin_value());
              st.setMax(st.getMax_value());
              st.unsetMin_value();
              st.unsetMax_value();
            });
    check(s);
    assertNull(of(s, "t").min());
    assertNull(of(s, "t").max());
    assertEquals(-5L, of(s, "n").min());
    assertEquals(4L, of(s, "n").max());
  }

  @Test
  void aTextThatWasCutWithinACharacterIsABoundUpToThere() {
    ParquetSource s =
        changed(
            "cut.parquet",
            st -> {
              byte[] min = st.getMin_value();
              if (min[0] == 'a') {
                // "a", and the first of the two bytes of the next character
                st.setMin_value(new byte[] {'a', min[1]});
                st.setMax_value(new byte[] {'a', (byte) (min[1] + 1)});
                st.setIs_min_value_exact(false);
                st.setIs_max_value_exact(false);
              }
            });
    check(s);
    assertEquals("a", of(s, "t").min());
    assertNull(of(s, "t").max());
  }

  @Test
  void anUnknownOrderBoundsNothing() {
    Path f =
        Footers.change(
            textFile(), dir.resolve("order.parquet"), footer -> footer.setColumn_orders(List.of()));
    ParquetSource s = ParquetSource.open(f);
    check(s);
    assertNull(of(s, "t").min());
    assertNull(of(s, "n").max());
    Path none =
        Footers.change(
            textFile(), dir.resolve("noorder.parquet"), footer -> footer.unsetColumn_orders());
    assertEquals("a\u00e40", of(ParquetSource.open(none), "t").min());
  }

  @Test
  void missingStatisticsMeanUnknown() {
    Path f =
        Footers.change(
            textFile(),
            dir.resolve("missing.parquet"),
            footer -> Footers.forEachChunk(footer, ColumnMetaData::unsetStatistics));
    ParquetSource s = ParquetSource.open(f);
    check(s);
    assertEquals(new ColumnStatistics(10, null, null, false, -1), of(s, "t"));
    ParquetSource half =
        changed(
            "half.parquet",
            st -> {
              st.unsetMin_value();
              st.unsetNull_count();
            });
    check(half);
    assertNull(of(half, "n").min());
    assertEquals(4L, of(half, "n").max());
    assertEquals(-1, of(half, "n").nullShare());
  }

  @Test
  void aNanIsNoBound() {
    Statistics st = new Statistics();
    byte[] nan = new byte[4];
    LittleEndian.putInt(nan, 0, Float.floatToRawIntBits(Float.NaN));
    st.setMin_value(nan);
    st.setMax_value(nan);
    ParquetColumn column = ParquetFile.open(textFile()).column("f");
    Bounds b = Bounds.of(java.util.Objects.requireNonNull(column), st, 10);
    assertNull(b.min());
    assertNull(b.max());
  }

  @Test
  void boundsThatCannotBeTextBoundNothing() {
    byte[] bad = {(byte) 0xC3, (byte) 0x28};
    Bounds b = new Bounds(DataType.VARCHAR, bad, bad, 0, 1);
    assertEquals("", b.hostMin());
    assertNull(b.hostMax());
    byte[] good = "z\u00e4".getBytes(StandardCharsets.UTF_8);
    Bounds c = new Bounds(DataType.VARCHAR, good, good, 0, 1);
    assertEquals("z\u00e4", c.hostMin());
    assertEquals("z\u00e4", c.hostMax());
    assertTrue(c.with(b).hostMin() instanceof String);
  }
}
