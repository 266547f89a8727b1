package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.nodes.Source;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that DuckDB writes, read by us and by DuckDB. */
class ParquetDuckDbTest {
  /**
   * Every flat type of DuckDB, with nulls in every column but the first; %1 stands for the null
   * condition.
   */
  private static final String ALL_TYPES =
      """
      SELECT i AS id,
        CASE WHEN %1$s THEN NULL ELSE i %% 3 = 0 END AS b,
        CASE WHEN %1$s THEN NULL ELSE (i %% 256 - 128)::TINYINT END AS i8,
        CASE WHEN %1$s THEN NULL ELSE (i %% 65536 - 32768)::SMALLINT END AS i16,
        CASE WHEN %1$s THEN NULL ELSE (i * 7919 - 1000000)::INTEGER END AS i32,
        CASE WHEN %1$s THEN NULL ELSE i * 9999999967 - 5 END AS i64,
        CASE WHEN %1$s THEN NULL ELSE (i %% 256)::UTINYINT END AS u8,
        CASE WHEN %1$s THEN NULL ELSE (i %% 65536)::USMALLINT END AS u16,
        CASE WHEN %1$s THEN NULL ELSE (4294967295 - i)::UINTEGER END AS u32,
        CASE WHEN %1$s THEN NULL ELSE (18446744073709551615 - i)::UBIGINT END AS u64,
        CASE WHEN %1$s THEN NULL ELSE (i / 7)::FLOAT END AS f32,
        CASE WHEN %1$s THEN NULL ELSE i / 7 - 100 END AS f64,
        CASE WHEN %1$s THEN NULL ELSE (i %% 9 - 4)::DECIMAL(4,1) END AS d4,
        CASE WHEN %1$s THEN NULL ELSE ((i - 100) * 1.01)::DECIMAL(9,2) END AS d9,
        CASE WHEN %1$s THEN NULL ELSE ((i - 100) * 1234567.891)::DECIMAL(18,3) END AS d18,
        CASE WHEN %1$s THEN NULL ELSE ((100 - i)::DECIMAL(38,10) * 123456789012345) END AS d38,
        CASE WHEN %1$s THEN NULL ELSE DATE '1970-01-05' - i::INTEGER END AS d,
        CASE WHEN %1$s THEN NULL ELSE TIME '00:00:00' + to_microseconds(i * 12345677) END AS t,
        CASE WHEN %1$s THEN NULL ELSE TIMESTAMP '1970-01-02 00:00:00' - to_microseconds(i * 1234567891) END AS ts,
        CASE WHEN %1$s THEN NULL ELSE (TIMESTAMP '1970-01-02 00:00:00' - to_milliseconds(i * 7777777))::TIMESTAMP_MS END AS tsms,
        CASE WHEN %1$s THEN NULL ELSE (TIMESTAMP '1970-01-02 00:00:00' - to_microseconds(i * 1234567891))::TIMESTAMPTZ END AS tstz,
        CASE WHEN %1$s THEN NULL ELSE 'text ' || (i %% 17) END AS low,
        CASE WHEN %1$s THEN NULL ELSE repeat(chr(8364 + (i %% 50)::INTEGER), (i %% 40)::INTEGER) || i || '🙂' END AS high,
        CASE WHEN %1$s THEN NULL ELSE encode(repeat('z', (i %% 5)::INTEGER) || i) END AS bin,
        CASE WHEN %1$s THEN NULL ELSE ('{"a":' || i || '}')::JSON END AS j,
        CASE WHEN %1$s THEN NULL ELSE ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID END AS u,
        NULL::INTEGER AS nothing
      FROM range(%2$d) r(i)
      """;

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

  static String select(String nullIf, int rows) {
    return String.format(ALL_TYPES, nullIf, rows);
  }

  private static void assertSame(Path file) {
    ParquetSource source = ParquetSource.open(file);
    List<List<@Nullable Object>> expected =
        duck.rows("SELECT * FROM read_parquet('" + file + "')", source.schema());
    assertRows(expected, Scans.all(source));
    assertEquals(expected.size(), source.rowCount());
  }

  static void assertRows(List<List<@Nullable Object>> expected, List<List<@Nullable Object>> got) {
    assertEquals(expected.size(), got.size(), "rows");
    for (int i = 0; i < expected.size(); i++) {
      if (!expected.get(i).equals(got.get(i))) {
        assertEquals(expected.get(i), got.get(i), "row " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 2047, 2048, 2049, 5000})
  void readsAnyNumberOfRows(int rows) {
    assertSame(duck.copy(select("false", rows), dir.resolve("rows" + rows + ".parquet"), ""));
    assertSame(duck.copy(select("i % 3 = 1", rows), dir.resolve("nulls" + rows + ".parquet"), ""));
  }

  @ParameterizedTest
  @CsvSource({"uncompressed", "snappy", "gzip", "zstd", "lz4_raw", "lz4"})
  void readsEveryCodecInBothPageVersions(String codec) {
    for (String version : List.of("V1", "V2")) {
      Path file = dir.resolve(codec + version + ".parquet");
      assertSame(
          duck.copy(
              select("i % 11 = 3", 4000),
              file,
              "COMPRESSION " + codec + ", PARQUET_VERSION " + version));
    }
  }

  @Test
  void readsManyRowGroupsAndBigOnes() {
    assertSame(
        duck.copy(select("i % 2 = 0", 6000), dir.resolve("groups.parquet"), "ROW_GROUP_SIZE 2048"));
    assertSame(
        duck.copy(
            "SELECT i, i % 1000 AS k, 'name ' || (i % 100) AS s FROM range(150000) r(i)",
            dir.resolve("big.parquet"), "ROW_GROUP_SIZE 150000"));
  }

  @Test
  void readsColumnsOfNullsOnlyAndRunsOfNulls() {
    assertSame(duck.copy(select("true", 3000), dir.resolve("allnull.parquet"), ""));
    assertSame(
        duck.copy(
            select("i BETWEEN 500 AND 2600 OR i = 4999", 5000), dir.resolve("runs.parquet"), ""));
    assertSame(
        duck.copy(
            select("i BETWEEN 500 AND 2600 OR i = 4999", 5000),
            dir.resolve("runs2.parquet"),
            "PARQUET_VERSION V2"));
  }

  @Test
  void readsSpecialFloatsAndNegativeZero() {
    assertSame(
        duck.copy(
            "SELECT * FROM (VALUES ('nan'::DOUBLE, 'nan'::FLOAT), ('inf', '-inf'), (-0.0, 0.0), (1e308, 1e-40)) t(a, b)",
            dir.resolve("floats.parquet"),
            ""));
  }

  @Test
  void readsIntervals() {
    Path file =
        duck.copy(
            "SELECT to_months(i::INTEGER) + to_days((i * 2)::INTEGER) + to_milliseconds(i * 1500) AS v FROM range(3) r(i)",
            dir.resolve("interval.parquet"),
            "");
    assertEquals(
        List.of(List.of("P0D"), List.of("P1M2DT1.5S"), List.of("P2M4DT3S")),
        Scans.all(ParquetSource.open(file)));
  }

  @Test
  void noColumnsCountRowsAndReadNothing() {
    Path file =
        duck.copy(select("false", 5000), dir.resolve("count.parquet"), "ROW_GROUP_SIZE 2048");
    ParquetSource source = ParquetSource.open(file);
    List<List<@Nullable Object>> rows =
        Scans.rows(source, new Source.Request(new int[0], null, -1), 2048);
    assertEquals(5000, rows.size());
    assertEquals(List.of(), rows.get(4999));
    assertEquals(0, ParquetReads.bytes(source, new int[0]));
  }

  @Test
  void columnsComeInTheOrderOfTheRequestAndMayRepeat() {
    Path file =
        duck.copy(
            "SELECT i AS a, 'x' || i AS b FROM range(3) r(i)", dir.resolve("order.parquet"), "");
    ParquetSource source = ParquetSource.open(file);
    assertEquals(
        List.of(List.of("x0", 0L, "x0"), List.of("x1", 1L, "x1"), List.of("x2", 2L, "x2")),
        Scans.rows(source, null, "b", "a", "b"));
  }

  @Test
  void limitEndsTheScanEarly() {
    Path file =
        duck.copy(
            "SELECT i FROM range(50000) r(i)", dir.resolve("limit.parquet"), "ROW_GROUP_SIZE 2048");
    ParquetSource source = ParquetSource.open(file);
    int got = Scans.rows(source, new Source.Request(new int[] {0}, null, 3000), 2048).size();
    assertEquals(4096, got, "the first two row groups");
  }
}
