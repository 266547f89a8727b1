package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Functions;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.batch.expr.Shape.Op;
import dev.penstock.nodes.Source;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row groups and pages are passed over for every type, and never one with a row that passes. */
class ParquetPruningTest {
  /** Columns that rise (or fall) with i, across zero, 1970 and the end of the 16-bit characters. */
  private static final String[] COLUMNS = {
    "(i // 40 - 70)::TINYINT AS i8",
    "(i * 7 - 20000)::SMALLINT AS i16",
    "(i * 1000 - 3000000)::INTEGER AS i32",
    "(i - 3000) * 1000000007 AS i64",
    "(i // 25)::UTINYINT AS u8",
    "(4294967295 - i * 1000)::UINTEGER AS u32",
    "(18446744073709551615 - i::HUGEINT * 1000000007)::UBIGINT AS u64",
    "((i - 3000) / 100)::DECIMAL(4,2) AS d4",
    "((i - 3000) / 10)::DECIMAL(9,3) AS d9",
    "((i - 3000) * 1000.001)::DECIMAL(18,3) AS d18",
    "((i - 3000) * 10000000000000000000::HUGEINT)::DECIMAL(38,4) AS d38",
    "(i - 3000)::FLOAT AS f32",
    "CASE WHEN i % 1999 = 1998 THEN 'nan'::DOUBLE ELSE i - 3000.5 END AS f64",
    "CASE WHEN i < 2000 THEN -0.0 WHEN i < 4000 THEN 0.0 ELSE 1.0 END::DOUBLE AS zero",
    "i > 2500 AS b",
    "chr((65280 + i // 10)::INTEGER) || i AS text",
    "lpad(i::VARCHAR, 300, 'x') AS deep",
    "encode('x' || lpad(i::VARCHAR, 6, '0')) AS bin",
    "DATE '1968-06-01' + (i // 4)::INTEGER AS day",
    "TIME '00:00:00' + to_seconds(i * 10) AS clock",
    "TIMESTAMP '1969-12-31 23:00:00' + to_milliseconds(i * 1001) AS at",
    "(TIMESTAMP '1969-12-31 23:00:00' + to_seconds(i))::TIMESTAMP_MS AS millis",
    "(TIMESTAMP '1969-12-31 23:00:00' + to_seconds(i))::TIMESTAMP_NS AS nanos",
    "TIMESTAMPTZ '1969-12-31 23:00:00+00' + to_seconds(i) AS zoned",
    "('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID AS id",
    "to_days((i // 10)::INTEGER) AS span"
  };

  @TempDir static Path dir;
  static Duck duck;
  static Path groups;
  static Path pages;

  @BeforeAll
  static void write() {
    duck = new Duck();
    groups = write("groups.parquet", "range(6000) r(i)");
    // the same over a row group of three pages, with an index, as we write it
    Path large = write("large.parquet", "(SELECT i // 8 AS i FROM range(45000) r(i))");
    pages = dir.resolve("pages.parquet");
    ParquetSinkTest.copy(ParquetSource.open(large), pages, ParquetSink.Compression.NONE, 1_000_000);
  }

  private static Path write(String name, String from) {
    StringBuilder columns = new StringBuilder("i AS n");
    for (String c : COLUMNS) {
      int as = c.lastIndexOf(" AS ");
      columns.append(", CASE WHEN i % 7 = 3 OR i // 500 = 3 THEN NULL ELSE ");
      columns.append(c, 0, as).append(" END").append(c.substring(as));
    }
    return duck.copy(
        "SELECT " + columns + " FROM " + from, dir.resolve(name), "ROW_GROUP_SIZE 2048");
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  private static long rowsRead(ParquetSource s, int column, Predicate filter) {
    return ParquetReads.rows(s, new int[] {column}, filter);
  }

  private static List<@Nullable Object> values(
      ParquetSource s, int column, @Nullable Predicate filter) {
    return dev.penstock.sources.Scans.rows(s, new Source.Request(new int[] {column}, filter, -1))
        .stream()
        .map(r -> r.get(0) instanceof byte[] b ? ByteBuffer.wrap(b) : r.get(0))
        .toList();
  }

  private static Object literal(Object value) {
    if (value instanceof ByteBuffer b) {
      byte[] out = new byte[b.remaining()];
      b.duplicate().get(out);
      return out;
    }
    return value;
  }

  private static Predicate random(
      Random random, Schema schema, String name, List<@Nullable Object> values) {
    List<Object> some = new ArrayList<>();
    while (some.size() < 3) {
      Object v = values.get(random.nextInt(values.size()));
      if (v != null) {
        some.add(literal(v));
      }
    }
    Op op = Op.values()[random.nextInt(6)];
    return switch (random.nextInt(8)) {
      case 0 -> Filters.in(schema, name, 0, some.toArray());
      case 1 -> Filters.isNull(schema, name, 0, random.nextBoolean());
      case 2 ->
          Filters.or(
              Filters.compare(schema, name, 0, Op.LT, some.get(0)),
              Filters.compare(schema, name, 0, Op.EQ, some.get(1)));
      case 3 ->
          Filters.and(
              Filters.compare(schema, name, 0, Op.GE, some.get(0)),
              Filters.compare(schema, name, 0, Op.LE, some.get(1)));
      default -> Filters.compare(schema, name, 0, op, some.get(0));
    };
  }

  private static void check(Path file, String... never) {
    long seed = System.nanoTime();
    System.out.println("ParquetPruningTest seed " + seed);
    Random random = new Random(seed);
    ParquetSource s = ParquetSource.open(file);
    Map<String, Long> saved = new HashMap<>();
    for (int c = 1; c < s.schema().size(); c++) {
      String name = s.schema().field(c).name();
      List<@Nullable Object> all = values(s, c, null);
      if (all.stream().anyMatch(v -> v instanceof Interval)) {
        continue; // intervals are compared in the tests of the kernels
      }
      for (int round = 0; round < 8; round++) {
        Predicate filter = random(random, s.schema(), name, all);
        assertEquals(
            values(s, c, Filters.opaque(filter)), values(s, c, filter), name + ": " + filter);
        saved.merge(name, all.size() - rowsRead(s, c, filter), Long::sum);
      }
      // at the ends, where a page or two are enough
      Object first = all.get(0);
      if (first != null && !(first instanceof Boolean)) {
        Object least = literal(first);
        Predicate filter = Filters.compare(s.schema(), name, 0, Op.EQ, least);
        assertEquals(values(s, c, Filters.opaque(filter)), values(s, c, filter), name);
        saved.merge(name, all.size() - rowsRead(s, c, filter), Long::sum);
      }
    }
    TreeSet<String> nothing = new TreeSet<>();
    saved.forEach(
        (name, rows) -> {
          if (rows == 0) {
            nothing.add(name);
          }
        });
    nothing.removeAll(List.of(never));
    nothing.remove("b"); // too few values to be sure
    assertEquals("[]", nothing.toString(), "columns by which nothing was passed over");
  }

  @Test
  void rowGroupsOfEveryType() {
    // of UUIDs no bounds are used; of long texts DuckDB writes none
    check(groups, "id", "deep", "f64");
  }

  @Test
  void pagesOfEveryType() {
    // texts above 256 bytes are written without bounds; so is what has NaN in it
    check(pages, "id", "deep", "f64");
  }

  @Test
  void theSmallestAndGreatestAreFoundAtTheEnds() {
    ParquetSource s = ParquetSource.open(groups);
    Schema schema = s.schema();
    int day = schema.indexOf("day");
    Predicate old = Filters.compare(schema, "day", 0, Op.LT, LocalDate.of(1968, 6, 3));
    assertEquals(8 - 1, values(s, day, old).size());
    assertEquals(2048, rowsRead(s, day, old));
    assertEquals(
        0, rowsRead(s, day, Filters.compare(schema, "day", 0, Op.LT, LocalDate.of(1968, 6, 1))));
    int d38 = schema.indexOf("d38");
    Predicate negative =
        Filters.compare(schema, "d38", 0, Op.LT, new BigDecimal("-29980000000000000000000.0000"));
    assertTrue(values(s, d38, negative).size() > 0);
    assertEquals(2048, rowsRead(s, d38, negative));
    int text = schema.indexOf("text");
    // above U+FFFF, where UTF-16 would order otherwise
    Predicate high = Filters.compare(schema, "text", 0, Op.GE, "\ud800\udc00");
    assertEquals(values(s, text, Filters.opaque(high)), values(s, text, high));
    assertTrue(rowsRead(s, text, high) < 6000);
  }

  @Test
  void patternsAreLookedForWhereTextsMayBeginSo() {
    for (Path file : List.of(groups, pages)) {
      ParquetSource s = ParquetSource.open(file);
      int text = s.schema().indexOf("text");
      List<@Nullable Object> all = values(s, text, null);
      String some = (String) Objects.requireNonNull(all.get(all.size() / 2));
      String character = some.substring(0, some.offsetByCodePoints(0, 1));
      String second = some.substring(character.length() + 1, character.length() + 2);
      String last = some.substring(some.length() - 1);
      for (String pattern :
          List.of(character + "%", some, character + "_" + second + "%", character + "%" + last)) {
        Predicate like =
            Functions.predicate(
                Functions.call(
                    "like",
                    List.of(
                        new ColumnExpr(0, DataType.VARCHAR),
                        new LiteralExpr(DataType.VARCHAR, pattern)),
                    DataType.BOOLEAN));
        String regex = pattern.replace("%", ".*").replace("_", ".");
        List<@Nullable Object> expected =
            all.stream().filter(v -> v != null && ((String) v).matches(regex)).toList();
        assertEquals(expected, values(s, text, like), pattern);
        assertTrue(expected.size() > 0, pattern);
        assertTrue(rowsRead(s, text, like) < all.size() * 3 / 4, pattern);
      }
    }
  }

  @Test
  void beginsOfTexts() {
    Bounds b = new Bounds(DataType.VARCHAR, bytes("bcd"), bytes("dd"), 0, 10);
    for (String may : List.of("", "b", "bc", "bcd", "bcde", "bz", "c", "d", "dd")) {
      assertTrue(b.mayBeginWith(bytes(may)), may);
    }
    for (String not : List.of("a", "ba", "bcc", "bb", "dda", "de", "e")) {
      assertEquals(false, b.mayBeginWith(bytes(not)), not);
    }
    assertEquals(false, Bounds.allNull(DataType.VARCHAR, 3).mayBeginWith(bytes("a")));
    assertTrue(Bounds.unknown(DataType.VARCHAR, 3).mayBeginWith(bytes("a")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
