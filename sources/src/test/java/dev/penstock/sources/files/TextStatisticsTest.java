package dev.penstock.sources.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.Scans;
import dev.penstock.sources.StatisticsCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What samples of text files say beside what lies in the files. */
class TextStatisticsTest {
  private static final int MANY = 60_000;

  @TempDir Path folder;
  private final Random random = new Random(7);

  private Source table(String name, byte[] bytes, Map<String, ?> options) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.write(folder.resolve(name), bytes);
    return FileTables.at(folder).table(name, options);
  }

  private Source table(String name, String text) throws IOException {
    return table(name, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** id unique and ascending, of 3000 keys, of 5 names, a third null, a day. */
  private String csv(int rows) {
    return csv(0, rows);
  }

  private String csv(int from, int to) {
    StringBuilder out = new StringBuilder("id,key,name,maybe,day,price\n");
    for (int i = from; i < to; i++) {
      out.append(i).append(',').append(random.nextInt(3000)).append(",name ").append(i % 5);
      out.append(',').append(i % 3 == 0 ? "" : String.valueOf(i % 1000)).append(',');
      out.append(LocalDate.ofEpochDay(i % 400 - 200)).append(',').append(i % 100 / 4.0);
      out.append('\n');
    }
    return out.toString();
  }

  private String json(int rows, String between) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      out.append(i == 0 ? "" : between).append("{\"id\":").append(i);
      out.append(",\"key\":").append(random.nextInt(3000)).append(",\"name\":\"name ");
      out.append(i % 5).append("\",\"maybe\":").append(i % 3 == 0 ? "null" : i % 1000);
      out.append(",\"day\":\"").append(LocalDate.ofEpochDay(i % 400 - 200));
      out.append("\",\"price\":").append(i % 100 / 4.0).append('}');
    }
    return out.toString();
  }

  /** The figures are near the truth: within this factor. */
  private static void near(Source s, double factor) {
    List<List<@Nullable Object>> rows = Scans.rows(s);
    StatisticsCheck.check(s, rows);
    Statistics of = s.statistics();
    assertFalse(of.rowsExact());
    within("rows", of.rows(), rows.size(), factor);
    for (int c = 0; c < s.schema().size(); c++) {
      String name = s.schema().field(c).name();
      ColumnStatistics column = of.column(c);
      HashSet<Object> values = new HashSet<>();
      for (List<@Nullable Object> row : rows) {
        values.add(row.get(c));
      }
      long nulls =
          rows.stream()
              .map(r -> r.get(name.equals("maybe") ? 3 : 0))
              .filter(v -> v == null)
              .count();
      values.remove(null);
      within(name, column.distinct(), values.size(), factor);
      assertFalse(column.boundsExact(), name);
      if (column.min() != null && column.max() != null) {
        assertTrue(values.contains(column.min()), name + ": " + column);
        assertTrue(values.contains(column.max()), name + ": " + column);
      }
      assertEquals((double) nulls / rows.size(), column.nullShare(), 0.02, name);
    }
  }

  private static void within(String what, long got, long truth, double factor) {
    assertTrue(got <= truth * factor && got >= truth / factor, what + ": " + got + " of " + truth);
  }

  @Test
  void aSmallFileIsCounted() throws IOException {
    Source s = table("small.csv", csv(1000));
    near(s, 1.0001);
    ColumnStatistics id = s.statistics().column(0);
    assertEquals(new ColumnStatistics(1000, 0L, 999L, false, 0), id);
    near(table("small.json", json(1000, "\n")), 1.0001);
  }

  @Test
  void aLargeFileIsEstimatedFromAFewPlaces() throws IOException {
    Source s = table("large.csv", csv(MANY));
    near(s, 1.25);
    // the places are not all at the begin
    assertTrue(
        (long) java.util.Objects.requireNonNull(s.statistics().column(0).max()) > MANY * 0.9);
  }

  @Test
  void jsonLines() throws IOException {
    Source s = table("large.json", json(MANY, "\n"));
    near(s, 1.25);
    assertTrue(
        (long) java.util.Objects.requireNonNull(s.statistics().column(0).max()) > MANY * 0.9);
  }

  @Test
  void anArrayOfObjectsHasItsBeginOnly() throws IOException {
    Source s = table("array.json", "[" + json(MANY, ",\n") + "]");
    within("rows", s.statistics().rows(), MANY, 1.1);
    within("name", s.statistics().column(2).distinct(), 5, 1);
  }

  @Test
  void packedFilesAndOtherEncodings() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(csv(MANY).getBytes(StandardCharsets.UTF_8));
    }
    Source s = table("large.csv.gz", packed.toByteArray(), Map.of());
    within("rows", s.statistics().rows(), MANY, 1.3);
    byte[] wide = csv(MANY).getBytes(Charset.forName("UTF-16LE"));
    s = table("wide.csv", wide, Map.of("encoding", "UTF-16LE"));
    within("rows", s.statistics().rows(), MANY, 1.1);
  }

  @Test
  void manyFiles() throws IOException {
    for (int f = 0; f < 9; f++) {
      table("many/" + f + ".csv", csv(1000 + f * 100));
    }
    Source s = FileTables.at(folder).table("many", Map.of());
    within("rows", s.statistics().rows(), 12_600, 1.1);
    assertEquals(5, s.statistics().column(2).distinct());
    table("two/a.csv", csv(20_000));
    table("two/b.csv", csv(20_000, 50_000));
    near(FileTables.at(folder).table("two", Map.of()), 1.6);
  }

  @Test
  void recordsOverSeveralLinesDoNotConfuseIt() throws IOException {
    StringBuilder text = new StringBuilder("id,text\n");
    for (int i = 0; i < MANY; i++) {
      text.append(i).append(",\"a\n1,b\n").append(i % 10).append("\"\n");
    }
    Source s = table("lines.csv", text.toString());
    within("rows", s.statistics().rows(), MANY, 1.2);
  }

  @Test
  void aFileThatCannotBeReadHasNoFigures() throws IOException {
    Source bad =
        table(
            "bad.csv",
            "a,b\n1,2\n3\n4,5\n".getBytes(StandardCharsets.UTF_8),
            Map.of("types", Map.of("a", "int64")));
    assertEquals(-1, bad.statistics().rows());
    assertEquals(ColumnStatistics.UNKNOWN, bad.statistics().column(1));
    Source gone = table("gone.csv", csv(10));
    Files.delete(folder.resolve("gone.csv"));
    assertEquals(-1, gone.statistics().rows());
  }

  @Test
  void noRows() throws IOException {
    Source s = table("none.csv", "a,b\n");
    assertEquals(0, s.statistics().rows());
    assertEquals(new ColumnStatistics(0, null, null, false, 0), s.statistics().column(0));
  }
}
