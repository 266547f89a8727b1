package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Column;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimates of distinct values beside the true numbers. */
class DistinctValuesTest {
  private static final int ROWS = 120_000;

  /** Columns by what their values are like; hash gives numbers without an order. */
  private static final String[] COLUMNS = {
    "i AS ascending",
    "hash(i)::VARCHAR AS unique_text",
    "i // 4 AS in_fours",
    "'k' || i // 5000 AS sorted_few",
    "(hash(i) % 7)::INTEGER AS seven",
    "'v' || hash(i) % 40 AS forty_texts",
    "((hash(i) % 100) * 1000)::BIGINT AS gaps",
    "(hash(i) % 20000)::BIGINT AS many",
    "'m' || hash(i) % 20000 AS many_texts",
    "CASE WHEN i % 3 = 0 THEN NULL ELSE hash(i) % 5000 END AS with_nulls",
    "hash(i) / 3 AS floats",
    "DATE '1960-01-01' + (hash(i) % 2000)::INTEGER AS days",
    "hash(i) % 2 = 0 AS bits",
    "42 AS one"
  };

  @TempDir static Path dir;
  static Duck duck;
  static Path file;

  @BeforeAll
  static void open() {
    duck = new Duck();
    file = write("file.parquet", "ROW_GROUP_SIZE 10000");
  }

  private static Path write(String name, String options) {
    return duck.copy(
        "SELECT " + String.join(", ", COLUMNS) + " FROM range(" + ROWS + ") r(i)",
        dir.resolve(name),
        options);
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  private static void near(Path f, double factor) {
    ParquetSource s = ParquetSource.open(f);
    List<String> wrong = new ArrayList<>();
    for (int c = 0; c < s.schema().size(); c++) {
      HashSet<Object> values = new HashSet<>();
      dev.penstock.sources.Scans.rows(
              s, new dev.penstock.nodes.Source.Request(new int[] {c}, null, -1))
          .forEach(r -> values.add(r.get(0)));
      values.remove(null);
      long got = s.statistics().column(c).distinct();
      if (got > values.size() * factor || got < values.size() / factor) {
        wrong.add(s.schema().field(c).name() + ": " + got + " of " + values.size());
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void manyRowGroups() {
    near(file, 1.5);
  }

  @Test
  void oneRowGroupAndTwo() {
    near(write("one.parquet", "ROW_GROUP_SIZE 1000000"), 1.5);
    near(write("two.parquet", "ROW_GROUP_SIZE 61440"), 1.5);
  }

  @Test
  void otherCodecsAndPages() {
    near(write("zstd.parquet", "ROW_GROUP_SIZE 10000, COMPRESSION zstd"), 1.5);
    near(write("v2.parquet", "ROW_GROUP_SIZE 10000, PARQUET_VERSION V2"), 1.5);
  }

  @Test
  void theBeginOfAPageHoldsTheFirstRows() {
    Path f =
        duck.copy(
            "SELECT i AS n, CASE WHEN i % 3 = 1 THEN NULL ELSE i * 5 END AS gaps, 'text ' || i AS t,"
                + " i / 8 AS x, i % 2 = 0 AS b FROM range(50000) r(i)",
            dir.resolve("prefix.parquet"), "DICTIONARY_SIZE_LIMIT 1");
    for (Path p :
        List.of(
            f,
            duck.copy(
                "FROM '" + f + "'",
                dir.resolve("plain.parquet"),
                "COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1"))) {
      ParquetFile file = ParquetFile.open(p);
      List<List<@Nullable Object>> rows = Scans.all(ParquetSource.open(p));
      int made = 0;
      for (ParquetColumn c : file.columns()) {
        made += checkPrefix(file, c, rows) ? 1 : 0;
      }
      assertTrue(made >= 4, made + " columns");
    }
  }

  private static boolean checkPrefix(
      ParquetFile file, ParquetColumn c, List<List<@Nullable Object>> rows) {
    ColumnMetaData meta = file.rowGroup(0).getColumns().get(c.leaf()).getMeta_data();
    int length = (int) Math.min(40_000, meta.getTotal_compressed_size());
    byte[] bytes = new byte[length + 8];
    long start = meta.getData_page_offset();
    try (FileBytes in = FileBytes.open(file.path())) {
      in.read(start, bytes, 0, length);
    }
    Place place = new Place("f", c.name(), 0, start);
    Chunk prefix = PagePrefix.of(new Chunk(c, meta, bytes, 0, length, place, 0, List.of()), 2000);
    if (prefix == null) {
      return false;
    }
    int n = prefix.rows();
    assertTrue(n >= 1000 && n <= 2000, n + " rows");
    try (Budget budget = Budget.root("test", 1 << 30);
        PageCodec codec = new PageCodec()) {
      ColumnReader reader = new ColumnReader(c, codec, budget.open("pages"));
      reader.begin(prefix);
      Column got = reader.read(n, null, n, false);
      for (int i = 0; i < n; i++) {
        assertEquals(rows.get(i).get(c.leaf()), got.value(i), c.name());
      }
    }
    return true;
  }

  @Test
  void withoutTheCountsOfTheWriter() {
    Path plain =
        Footers.change(
            file,
            dir.resolve("plain.parquet"),
            footer -> Footers.forEachChunk(footer, m -> m.getStatistics().unsetDistinct_count()));
    // whole numbers in a range with many rows for each are taken to be all there: not so in gaps
    ParquetSource s = ParquetSource.open(plain);
    int gaps = s.schema().indexOf("gaps");
    long distinct = s.statistics().column(gaps).distinct();
    assertTrue(distinct >= 100 && distinct <= 125, "gaps: " + distinct);
    near(plain, 1.5);
  }

  @Test
  void withoutKnowingTheEncodings() {
    near(
        Footers.change(
            file,
            dir.resolve("unsaid.parquet"),
            footer ->
                Footers.forEachChunk(
                    footer,
                    m -> {
                      m.getStatistics().unsetDistinct_count();
                      m.unsetEncoding_stats();
                    })),
        2.5); // values that fill more than a sample's rows count as new at each place
  }

  @Test
  void aDamagedFileHasEstimatesAllTheSame() throws IOException {
    Path plain =
        Footers.change(
            file,
            dir.resolve("whole.parquet"),
            footer -> Footers.forEachChunk(footer, ColumnMetaData::unsetStatistics));
    byte[] bytes = Files.readAllBytes(plain);
    int footer = LittleEndian.getInt(bytes, bytes.length - 8);
    java.util.Arrays.fill(bytes, 4, bytes.length - 8 - footer, (byte) 0x5A);
    Path damaged = Files.write(dir.resolve("damaged.parquet"), bytes);
    ParquetSource s = ParquetSource.open(damaged);
    for (int c = 0; c < s.schema().size(); c++) {
      assertEquals(ROWS, s.statistics().column(c).distinct(), s.schema().field(c).name());
    }
    PenstockException e = assertThrows(PenstockException.class, () -> Scans.all(s));
    assertEquals("corrupt-parquet", e.code());
  }

  @Test
  void pagesLargerThanTheFirstRead() {
    Path f =
        duck.copy(
            "SELECT repeat(hash(i)::VARCHAR, 20) AS text, i % 90 AS n FROM range(30000) r(i)",
            dir.resolve("long.parquet"), "COMPRESSION uncompressed, ROW_GROUP_SIZE 10240");
    near(f, 1.1);
  }
}
