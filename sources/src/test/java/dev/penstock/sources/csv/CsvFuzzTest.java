package dev.penstock.sources.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source.Decoder;
import dev.penstock.nodes.Source.Request;
import dev.penstock.sources.Scans;
import dev.penstock.sources.text.TextScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random bytes that are rich in quotes, delimiters and line ends, cut into blocks of every small
 * size, against {@link ReferenceCsv}.
 */
class CsvFuzzTest {
  private static final String[] PIECES = {
    ",", ",", "\n", "\r\n", "\r", "\"", "\"", "\"\"", "a", "bc", "é", "日本", " ", "x".repeat(40)
  };

  @TempDir Path folder;

  @Test
  void everyBlockSizeReadsWhatTheReferenceReads() throws IOException {
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      int pieces = random.nextInt(120);
      for (int i = 0; i < pieces; i++) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      check(seed, text.toString(), 16 + random.nextInt(100));
    }
  }

  @Test
  void wellFormedTextComesBackWhole() throws IOException {
    for (long seed = 1; seed <= 100; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      int rows = random.nextInt(60);
      for (int i = 0; i < rows; i++) {
        for (int f = 0; f < 3; f++) {
          StringBuilder field = new StringBuilder();
          for (int n = random.nextInt(5); n > 0; n--) {
            field.append(PIECES[random.nextInt(PIECES.length)]);
          }
          boolean plain = field.chars().noneMatch(c -> ",\"\n\r".indexOf(c) >= 0);
          text.append(f == 0 ? "" : ",")
              .append(
                  plain && random.nextBoolean()
                      ? field
                      : '"' + field.toString().replace("\"", "\"\"") + '"');
        }
        text.append(
            i == rows - 1 && random.nextBoolean() ? "" : random.nextBoolean() ? "\n" : "\r\n");
      }
      check(seed, text.toString(), 16 + random.nextInt(60));
    }
  }

  private void check(long seed, String text, int blockBytes) throws IOException {
    Path file = Files.writeString(folder.resolve("fuzz.csv"), text, StandardCharsets.UTF_8);
    List<List<@Nullable String>> expected = new ArrayList<>();
    long bad = 0;
    for (List<@Nullable String> r : new ReferenceCsv(text, ',', '"').records()) {
      if (r != null && r.size() == 3) {
        expected.add(r);
      } else {
        bad++;
      }
    }
    CsvOptions options =
        CsvOptions.parse(
            "fuzz",
            Map.of(
                "delimiter",
                ",",
                "header",
                false,
                "columns",
                List.of("A", "B", "C"),
                "types",
                Map.of("A", "varchar", "B", "varchar", "C", "varchar"),
                "bad-rows",
                "skip",
                "block-bytes",
                blockBytes));
    // the shape is given: what the sniffer would think of such text is not the point here
    CsvShape shape =
        new CsvShape(
            new Dialect(',', '"', '"', -1),
            false,
            3,
            options.columns(),
            new Schema(
                options.columns().stream().map(c -> new Field(c, DataType.VARCHAR)).toList()));
    Request all = Request.all(shape.schema());
    QueryContext query = Scans.query(5);
    List<List<@Nullable Object>> got = new ArrayList<>();
    try (TextScan<CsvLayout> scan =
            new TextScan<>(
                List.of(CsvSource.file(file, "fuzz", options)),
                new CsvFormat(shape, options, all),
                blockBytes,
                all,
                query);
        Decoder d = scan.decoder()) {
      for (var m = scan.next(); m != null; m = scan.next()) {
        d.begin(m);
        for (var b = d.next(); b != null; b = d.next()) {
          Scans.addRows(b, got);
        }
      }
      assertEquals(expected, got, () -> "seed " + seed + ": " + text);
      assertEquals(bad, scan.skippedRows(), () -> "seed " + seed + ": " + text);
    }
    assertEquals(0, query.budget().usedBytes());
  }
}
