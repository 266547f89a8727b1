package dev.penstock.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.nodes.Source;
import dev.penstock.sources.csv.CsvSource;
import dev.penstock.sources.json.JsonSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated nasty files, read with sniffed shape by Penstock and with the shape told by DuckDB: the
 * same rows.
 */
class DuckDbOracleTest {
  private static final int[] ROWS = {1, 2, 3, 2047, 2048, 2049, 6000};
  private static final String[] WORDS = {
    "a", "é", "日本語", "🙂", "x y", "O'Hara", "007", "1.5", "true", "nul", "\t", "#", "=1+1", "-"
  };
  private static final String[] BREAKING = {",", ";", "\"", "\n", "\r\n", "\\"};

  @TempDir Path folder;

  @Test
  void csv() throws IOException, SQLException {
    for (int seed = 1; seed <= 21; seed++) {
      Random random = new Random(seed);
      int rows = ROWS[seed % ROWS.length];
      char delimiter = ",;|\t".charAt(random.nextInt(4));
      String newline = random.nextBoolean() ? "\n" : "\r\n";
      StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "\uFEFF" : "");
      text.append(String.join(delimiter + "", "i", "f", "b", "d", "t", "s", "q")).append(newline);
      for (int i = 0; i < rows; i++) {
        text.append(csvRow(random, i, delimiter))
            .append(i == rows - 1 && random.nextBoolean() ? "" : newline);
      }
      boolean packed = random.nextBoolean();
      Path file = write("f" + seed + (packed ? ".csv.gz" : ".csv"), text.toString(), packed);
      Source s = CsvSource.of(file, Map.of("block-bytes", 64 + random.nextInt(5000)));
      assertEquals(
          "i int64, f float64, b boolean, d date, t timestamp, s varchar, q varchar",
          SourceContract.text(s.schema()),
          "seed " + seed);
      String sql =
          "select * from read_csv('"
              + file
              + "', delim='"
              + delimiter
              + "', header=true, quote='\"', escape='\"', allow_quoted_nulls=false,"
              + " auto_detect=false, columns={'i':'BIGINT','f':'DOUBLE','b':'BOOLEAN','d':'DATE',"
              + "'t':'TIMESTAMP','s':'VARCHAR','q':'VARCHAR'})";
      same(DuckDbText.rows(sql), Scans.rows(s), seed);
    }
  }

  private static String csvRow(Random random, int i, char delimiter) {
    boolean first = i == 0; // no nulls: each column's type must show
    String[] fields = {
      maybe(random, first, "" + (random.nextBoolean() ? random.nextLong() : random.nextInt(99))),
      first ? "0.5" : maybe(random, false, floating(random)),
      maybe(random, first, random.nextBoolean() ? "true" : "False"),
      maybe(random, first, date(random)),
      maybe(
          random,
          first,
          date(random)
              + (random.nextBoolean() ? "T" : " ")
              + "12:0"
              + random.nextInt(9)
              + ":5"
              + random.nextInt(9)
              + (random.nextBoolean() ? "" : ".12345")),
      first ? "word" : maybe(random, false, WORDS[random.nextInt(WORDS.length)]),
      quoted(random)
    };
    return String.join(delimiter + "", fields);
  }

  private static String maybe(Random random, boolean always, String text) {
    String field = !always && random.nextInt(5) == 0 ? "" : text;
    boolean mustQuote = field.contains("\t");
    return !field.isEmpty() && (mustQuote || random.nextInt(6) == 0) ? '"' + field + '"' : field;
  }

  private static String floating(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Double.toString(random.nextDouble());
      case 1 -> String.format(Locale.ROOT, "%.2f", random.nextDouble() * 100_000);
      case 2 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
      case 3 -> random.nextInt(1000) + "e" + (random.nextInt(40) - 20);
      default -> "-" + (1 + random.nextInt(1000));
    };
  }

  private static String date(Random random) {
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d",
        1600 + random.nextInt(800),
        1 + random.nextInt(12),
        1 + random.nextInt(28));
  }

  private static String quoted(Random random) {
    StringBuilder out = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      out.append(WORDS[random.nextInt(WORDS.length)]);
      out.append(BREAKING[random.nextInt(BREAKING.length)]);
    }
    if (random.nextInt(2000) == 0) {
      out.append("long ".repeat(20_000));
    }
    return '"' + out.toString().replace("\"", "\"\"") + '"';
  }

  @Test
  void json() throws IOException, SQLException {
    for (int seed = 1; seed <= 14; seed++) {
      Random random = new Random(seed);
      int rows = ROWS[seed % ROWS.length];
      boolean array = seed % 2 == 0;
      StringBuilder text = new StringBuilder(array ? "[" : "");
      for (int i = 0; i < rows; i++) {
        text.append(i > 0 && array ? "," : "").append(jsonRow(random, i)).append('\n');
      }
      text.append(array ? "]" : "");
      boolean packed = random.nextBoolean();
      Path file = write("j" + seed + (packed ? ".json.gz" : ".json"), text.toString(), packed);
      Source s = JsonSource.of(file, Map.of("block-bytes", 64 + random.nextInt(5000)));
      assertEquals(
          "i int64, f float64, b boolean, d date, s varchar",
          SourceContract.text(s.schema()),
          "seed " + seed);
      String sql =
          "select * from read_json('"
              + file
              + "', format='"
              + (array ? "array" : "newline_delimited")
              + "', columns={'i':'BIGINT','f':'DOUBLE','b':'BOOLEAN','d':'DATE','s':'VARCHAR'})";
      same(DuckDbText.rows(sql), Scans.rows(s), seed);
    }
  }

  private static String jsonRow(Random random, int i) {
    boolean first = i == 0;
    StringBuilder out = new StringBuilder("{");
    key(out, random, first, "i", "" + random.nextLong());
    key(out, random, first, "f", first ? "0.5" : floating(random));
    key(out, random, first, "b", "" + random.nextBoolean());
    key(out, random, first, "d", '"' + date(random) + '"');
    StringBuilder s = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      s.append(WORDS[random.nextInt(WORDS.length)]).append(BREAKING[random.nextInt(6)]);
    }
    String escaped =
        s.toString()
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t")
            .replace("é", random.nextBoolean() ? "é" : "\\u00e9");
    key(out, random, first, "s", '"' + (first ? "w" : "") + escaped + '"');
    return out.append('}').toString();
  }

  private static void key(
      StringBuilder out, Random random, boolean always, String key, String value) {
    int kind = always ? 2 : random.nextInt(8);
    if (kind == 0) {
      return;
    }
    out.append(out.length() == 1 ? "" : ", ").append('"').append(key).append("\":");
    out.append(kind == 1 ? "null" : value);
  }

  private static void same(
      List<List<@Nullable Object>> expected, List<List<@Nullable Object>> got, int seed) {
    for (int i = 0; i < Math.min(expected.size(), got.size()); i++) {
      assertEquals(expected.get(i), got.get(i), "seed " + seed + ", row " + i);
    }
    assertEquals(expected.size(), got.size(), "seed " + seed);
  }

  private Path write(String name, String text, boolean packed) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out = packed ? new GZIPOutputStream(raw) : raw) {
      out.write(bytes);
    }
    return file;
  }
}
