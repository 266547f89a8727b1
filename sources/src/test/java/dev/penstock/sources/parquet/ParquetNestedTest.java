package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, structs and maps come as the JSON text that DuckDB's to_json gives. */
class ParquetNestedTest {
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

  private static void check(String name, String sql, String options) {
    Path file = duck.copy(sql, dir.resolve(name), options);
    ParquetSource source = ParquetSource.open(file);
    Schema json = Schema.of(new Field("id", DataType.INT64), new Field("v", DataType.JSON));
    List<List<@Nullable Object>> expected =
        duck.rows(
            "SELECT id, CASE WHEN v IS NULL THEN NULL ELSE to_json(v) END FROM read_parquet('"
                + file
                + "')",
            json);
    assertEquals(DataType.JSON, source.schema().type(1));
    ParquetDuckDbTest.assertRows(expected, Scans.all(source));
  }

  private static void checkAll(String name, String value) {
    String sql = "SELECT i AS id, " + value + " AS v FROM range(5000) r(i)";
    check(name + "1.parquet", sql, "ROW_GROUP_SIZE 2048");
    check(name + "2.parquet", sql, "PARQUET_VERSION V2, COMPRESSION zstd");
  }

  @Test
  void lists() {
    checkAll(
        "list",
        "CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN [] WHEN i % 5 = 2 THEN [NULL, i] ELSE range(i % 7) END");
    checkAll(
        "texts",
        "CASE i % 3 WHEN 0 THEN ['a\"\\' || chr(10) || (i % 4), 'ü🙂'] WHEN 1 THEN NULL ELSE [NULL] END");
    checkAll(
        "lists",
        "CASE WHEN i % 4 = 0 THEN NULL WHEN i % 4 = 1 THEN [[1, 2], [], NULL, [3]] WHEN i % 4 = 2 THEN [] ELSE [[i], [NULL]] END");
  }

  @Test
  void structs() {
    checkAll(
        "struct",
        "CASE WHEN i % 6 = 0 THEN NULL ELSE {'a': i, 'b': CASE WHEN i % 2 = 0 THEN NULL ELSE 'x' || i END, 'c': {'d': i % 2 = 0, 'e': i / 4}} END");
    checkAll(
        "structs",
        "CASE WHEN i % 6 = 0 THEN NULL WHEN i % 6 = 1 THEN [] ELSE [{'a': i, 'l': [1, i]}, NULL, {'a': NULL, 'l': []}, {'a': 2, 'l': NULL}] END");
  }

  @Test
  void maps() {
    checkAll(
        "map",
        "CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN MAP {} ELSE MAP {'k' || i: i, 'z': NULL} END");
    checkAll("intmap", "MAP {i: [i, i + 1], -1: NULL}");
  }

  @Test
  void nestedColumnsBesideFiltersAndLimits() {
    Path file =
        duck.copy(
            "SELECT i AS id, [i, i + 1] AS v, DATE '2000-01-01' + i::INTEGER AS d, {'t': TIMESTAMP '2000-01-01 00:00:00' + to_seconds(i), 'x': 1.50::DECIMAL(5,2)} AS s FROM range(9000) r(i)",
            dir.resolve("filter.parquet"),
            "ROW_GROUP_SIZE 2048");
    ParquetSource source = ParquetSource.open(file);
    assertEquals(
        List.of(
            List.of("[5000,5001]", 5000L, "{\"t\":\"2000-01-01T01:23:20\",\"x\":1.50}"),
            List.of("[8999,9000]", 8999L, "{\"t\":\"2000-01-01T02:29:59\",\"x\":1.50}")),
        Scans.rows(source, Filters.in(source.schema(), "id", 1, 5000L, 8999L), "v", "id", "s"));
  }
}
