package dev.penstock.sources.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
 * Lines of JSON with damage: the rows that are left, and their number, do not depend on where
 * blocks end.
 */
class JsonFuzzTest {
  private static final byte[] DAMAGE = "{}[]\",:\n\r\\ 1ex\u0001é".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private record Read(List<List<@Nullable Object>> rows, long skipped) {}

  @Test
  void damagedLinesAreTheSameInEveryBlockSize() throws IOException {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder("{\"a\":0,\"s\":\"first\"}\n");
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append("{\"a\": ")
            .append(i)
            .append(random.nextInt(5) == 0 ? ", \"o\":[{},\"]\"]" : "");
        text.append(", \"s\":\"é\\\"")
            .append(i)
            .append("\"}")
            .append(random.nextInt(9) == 0 ? "\r\n" : "\n");
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      for (int i = random.nextInt(6); i > 0; i--) {
        int at = 20 + random.nextInt(bytes.length - 19);
        if (at < bytes.length) {
          bytes[at] = DAMAGE[random.nextInt(DAMAGE.length)];
        }
      }
      Path file = Files.write(folder.resolve("fuzz.jsonl"), bytes);
      Read whole = read(file, 1 << 20);
      for (int block : new int[] {16, 50, 117, 400}) {
        assertEquals(whole, read(file, block), "seed " + seed + ", blocks of " + block);
      }
    }
  }

  private static Read read(Path file, int blockBytes) {
    JsonSource s =
        JsonSource.of(
            file,
            Map.of(
                "bad-rows",
                "skip",
                "block-bytes",
                blockBytes,
                "types",
                Map.of("a", "int64", "s", "varchar", "o", "json")));
    int[] columns = {s.schema().indexOf("a"), s.schema().indexOf("s"), s.schema().indexOf("o")};
    QueryContext query = Scans.query(7);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (TextScan<?> scan = s.open(new Request(columns, null, -1), query);
        Decoder d = scan.decoder()) {
      for (var m = scan.next(); m != null; m = scan.next()) {
        d.begin(m);
        for (var b = d.next(); b != null; b = d.next()) {
          Scans.addRows(b, rows);
        }
      }
      return new Read(rows, scan.skippedRows());
    }
  }
}
