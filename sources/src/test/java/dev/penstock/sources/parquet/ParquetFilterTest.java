package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.batch.expr.Shape.Op;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters pushed into the scan give exactly the rows that DuckDB gives, and skip what they can. */
class ParquetFilterTest {
  private static final String[] ALL = {"id", "k", "price", "day", "name", "text", "ratio"};

  @TempDir static Path dir;
  static Duck duck;
  static Path file;
  static Path nulls;
  static ParquetSource source;
  static Schema schema;

  @BeforeAll
  static void open() {
    duck = new Duck();
    file = write("file.parquet", "false", "");
    nulls = write("nulls.parquet", "i % 5 = 2", ", PARQUET_VERSION V2");
    source = ParquetSource.open(file);
    schema = source.schema();
  }

  private static Path write(String name, String nullIf, String options) {
    String n = "CASE WHEN " + nullIf + " THEN NULL ELSE ";
    return duck.copy(
        "SELECT i AS id, "
            + n
            + "i * 7 % 100 END AS k, "
            + n
            + "(i * 37 % 10007 / 100)::DECIMAL(15,2) END AS price, "
            + n
            + "DATE '1992-01-01' + (i // 20)::INTEGER END AS day, "
            + n
            + "'name ' || (i * 13 % 25) END AS name, "
            + n
            + "'comment ' || i || ' of ' || (i * 31 % 1009) END AS text, "
            + n
            + "i / 3 END AS ratio "
            + "FROM range(20000) r(i)",
        dir.resolve(name),
        "ROW_GROUP_SIZE 6144" + options);
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  private static void check(Predicate filter, String where, String... columns) {
    for (Path f : List.of(file, nulls)) {
      String sql =
          "SELECT " + String.join(", ", columns) + " FROM read_parquet('" + f + "') WHERE " + where;
      ParquetSource s = ParquetSource.open(f);
      Schema out =
          new Schema(List.of(columns).stream().map(c -> schema.field(schema.indexOf(c))).toList());
      List<List<@Nullable Object>> expected = duck.rows(sql, out);
      ParquetDuckDbTest.assertRows(expected, Scans.rows(s, filter, columns));
      if (f.equals(nulls)) {
        ParquetDuckDbTest.assertRows(expected, Scans.rows(s, Filters.opaque(filter), columns));
      }
    }
  }

  private static Predicate cmp(String name, int index, Op op, Object value) {
    return Filters.compare(schema, name, index, op, value);
  }

  @Test
  void comparesEveryTypeWithEveryOperator() {
    Object[] values = {
      10000L, 35L, new BigDecimal("50.05"), LocalDate.of(1994, 6, 1), "name 20", "comment 2", 5000.0
    };
    String[] sql = {
      "10000", "35", "50.05", "DATE '1994-06-01'", "'name 20'", "'comment 2'", "5000.0"
    };
    for (int i = 0; i < ALL.length; i++) {
      for (Op op : Op.values()) {
        String symbol =
            switch (op) {
              case EQ -> "=";
              case NE -> "<>";
              case LT -> "<";
              case LE -> "<=";
              case GT -> ">";
              case GE -> ">=";
            };
        check(cmp(ALL[i], i, op, values[i]), ALL[i] + " " + symbol + " " + sql[i], ALL);
      }
    }
  }

  @Test
  void combinesParts() {
    check(
        Filters.and(
            cmp("day", 1, Op.GE, LocalDate.of(1993, 1, 1)),
            cmp("day", 1, Op.LT, LocalDate.of(1994, 1, 1)),
            cmp("k", 2, Op.LT, 10L),
            cmp("price", 0, Op.GE, new BigDecimal("10.00"))),
        "day >= DATE '1993-01-01' AND day < DATE '1994-01-01' AND k < 10 AND price >= 10",
        "price",
        "day",
        "k",
        "text",
        "name");
    check(
        Filters.or(cmp("name", 0, Op.EQ, "name 3"), cmp("id", 1, Op.LT, 5L)),
        "name = 'name 3' OR id < 5",
        "name",
        "id");
    check(
        Filters.in(schema, "name", 2, "name 3", "name 4", "none"),
        "name IN ('name 3', 'name 4', 'none')",
        "text",
        "id",
        "name");
    check(
        Filters.in(schema, "id", 0, 5L, 19999L, -3L),
        "id IN (5, 19999, -3)",
        "id",
        "text",
        "ratio");
    check(Filters.isNull(schema, "price", 0, true), "price IS NULL", "price", "id");
    check(Filters.isNull(schema, "text", 0, false), "text IS NOT NULL", "text", "id");
    check(
        Filters.and(Filters.isNull(schema, "name", 0, true), cmp("id", 1, Op.GT, 100L)),
        "name IS NULL AND id > 100",
        "name",
        "id",
        "k");
  }

  @Test
  void randomFiltersGiveTheRowsOfDuckDb() {
    long seed = System.nanoTime();
    System.out.println("ParquetFilterTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 12; round++) {
      long low = random.nextInt(20000);
      long high = low + random.nextInt(3000);
      long k = random.nextInt(100);
      String name = "name " + random.nextInt(30);
      check(
          Filters.and(
              cmp("id", 0, Op.GE, low),
              Filters.or(cmp("k", 1, Op.LE, k), cmp("name", 2, Op.EQ, name)),
              cmp("id", 0, Op.LT, high)),
          "id >= " + low + " AND (k <= " + k + " OR name = '" + name + "') AND id < " + high,
          "id",
          "k",
          "name",
          "text",
          "price",
          "ratio");
    }
  }

  @Test
  void statisticsExcludeRowGroups() {
    int[] columns = Scans.ordinals(schema, ALL);
    int all = source.files().get(0).rowGroups();
    assertEquals(4, all);
    assertEquals(1, ParquetReads.morsels(source, columns, cmp("id", 0, Op.EQ, 7000L)));
    assertEquals(0, ParquetReads.morsels(source, columns, cmp("id", 0, Op.GT, 20000L)));
    assertEquals(1, ParquetReads.morsels(source, columns, cmp("id", 0, Op.GE, 19999L)));
    assertEquals(1, ParquetReads.morsels(source, columns, cmp("id", 0, Op.LE, 0L)));
    assertEquals(0, ParquetReads.morsels(source, columns, cmp("name", 4, Op.LT, "a")));
    assertEquals(
        2,
        ParquetReads.morsels(
            source, columns, Filters.or(cmp("id", 0, Op.EQ, 3L), cmp("id", 0, Op.EQ, 15000L))));
    assertEquals(
        1, ParquetReads.morsels(source, columns, cmp("day", 3, Op.LT, LocalDate.of(1992, 1, 2))));
    assertEquals(
        0, ParquetReads.morsels(source, columns, Filters.compare(schema, "id", 0, Op.EQ, null)));
    assertEquals(
        4, ParquetReads.morsels(source, columns, Filters.opaque(cmp("id", 0, Op.GT, 20000L))));
    assertEquals(
        1, ParquetReads.morsels(source, columns, Filters.in(schema, "id", 0, 1L, 2L, 50000L)));
    // NaN is greater than every float, and no statistics count it.
    assertEquals(4, ParquetReads.morsels(source, columns, cmp("ratio", 6, Op.GT, 1e9)));
    assertEquals(0, ParquetReads.morsels(source, columns, cmp("ratio", 6, Op.LT, 0.0)));
  }

  @Test
  void aFilterThatNoDictionaryEntryPassesDecodesNothing() {
    // 'name 2x' lies between the bounds, so only the dictionary excludes it.
    assertEquals(List.of(), Scans.rows(source, cmp("name", 0, Op.EQ, "name 2x"), "name", "text"));
  }
}
