package dev.penstock.sql.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All queries at SF 0.1: ample memory, a cap, and the least of each query, have one answer. These
 * are its own caps, hence the tag.
 */
@Timeout(500)
@Tag("ample")
class TpchCapsTest {
  private static final double SCALE = 0.1;
  private static final long CAP_MB = 20;

  /** What the JVM needs beside the cap: classes, plans, and batches on their way. */
  private static final long FIXED_HEAP_MB = 64;

  @Test
  void aSmallHeapGivesTheSameRows(@TempDir Path data, @TempDir Path spill) throws Exception {
    TpchFiles.folder();
    write(data);
    List<Integer> ample = TpchUnderCaps.digests(EngineOptions.defaults(), data, SCALE, new long[1]);
    List<String> want = new ArrayList<>();
    for (String cap : List.of("tight", "minimum")) {
      for (int q = 1; q <= 22; q++) {
        want.add("DIGEST " + cap + " " + q + " " + ample.get(q - 1));
      }
    }
    List<String> digests = new ArrayList<>();
    for (String line : child(data, spill)) {
      if (line.startsWith("DIGEST ")) {
        digests.add(line);
      } else if (line.startsWith("SPILLED ")) {
        assertTrue(Long.parseLong(line.replaceAll(".* ", "")) > 0, line);
      }
    }
    assertEquals(want, digests);
    try (Stream<Path> left = Files.list(spill)) {
      assertEquals(List.of(), left.toList(), "files left");
    }
  }

  /** The generator keeps text of 300 MB: no small heap holds it. */
  private static void write(Path data) {
    try (Engine engine = Engine.create(EngineOptions.defaults())) {
      SqlSession sql = new SqlSession(engine);
      for (String table : TpchFiles.TABLES) {
        engine.catalog().add(table, engine.table("tpch/" + table, Map.of("sf", SCALE)));
        String to = data.resolve(table + ".parquet").toString().replace("'", "''");
        try (Result result =
            sql.execute(
                "COPY " + table + " TO '" + to + "' (FORMAT parquet, ROW_GROUP_SIZE 20000)")) {
          result.drain();
        }
      }
    }
  }

  private static List<String> child(Path data, Path spill) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (CAP_MB + FIXED_HEAP_MB) + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            TpchUnderCaps.class.getName(),
            data.toString(),
            String.valueOf(SCALE),
            String.valueOf(CAP_MB),
            spill.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } finally {
      process.destroy();
    }
    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
    return lines;
  }
}
