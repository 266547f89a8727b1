package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.Failpoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines of several processes on one spill directory, one of them killed while it writes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
// its JVMs have caps of their own
@Tag("ample")
final class SpillProcessesTest {
  private static final String PLAN =
      "(sort+ [K] (group+ [K] [[S (sum N)] [M (max T)]]"
          + " (bind+ [[K (mod (* N 7919) 75011)] [T (concat \"text of row \" (cast N :varchar))]]"
          + " (series+ N 1 150000))))";

  @TempDir Path directory;

  private static EngineOptions options(Path directory) {
    return EngineOptions.defaults()
        .withWorkers(2)
        .withMemoryBytes(6L << 20)
        .withSpillTo(new EngineOptions.SpillTo(directory, 1L << 32));
  }

  private static String digest(Engine engine) {
    try (Result result = engine.run(PLAN)) {
      long hash = 0;
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.count(); i++) {
          hash = 31 * hash + Objects.hash(batch.row(i));
        }
      }
      assertTrue(result.profile().spilledBytes() > 4 << 20, "it spills");
      return "digest " + hash;
    }
  }

  /** Runs the query again and again; or stops for ever in the middle of a write. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      AtomicInteger writes = new AtomicInteger();
      Failpoints stuck =
          (place, path, bytes) -> {
            if (place == Failpoints.Place.WRITE && writes.incrementAndGet() == 8) {
              bytes.limit(bytes.position() + bytes.remaining() / 2 / 4096 * 4096);
            } else if (place == Failpoints.Place.WRITE && writes.get() == 9) {
              System.out.println("half written");
              for (; ; ) {
                Thread.onSpinWait();
              }
            }
          };
      boolean stops = args[1].equals("stops");
      try (Engine engine =
          Engine.create(options(Path.of(args[0])), stops ? stuck : Failpoints.NONE)) {
        while (System.in.available() == 0) {
          System.out.println(digest(engine));
        }
      }
    }
  }

  private Process start(String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            directory.toString(),
            how)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static BufferedReader lines(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII));
  }

  private List<String> of(Process child) throws IOException {
    String mine = "-" + child.pid() + "-";
    try (Stream<Path> all = Files.walk(directory)) {
      return all.map(Path::toString).filter(p -> p.contains(mine)).toList();
    }
  }

  @Test
  void oneIsKilledInAWriteAndTheOtherGoesOn() throws Exception {
    Process killed = start("stops");
    Process other = start("goes on");
    try (BufferedReader ofKilled = lines(killed);
        BufferedReader ofOther = lines(other)) {
      assertEquals("half written", ofKilled.readLine());
      String expected = ofOther.readLine();
      assertTrue(expected.startsWith("digest "), expected);
      killed.destroyForcibly();
      assertTrue(killed.waitFor(20, TimeUnit.SECONDS));
      assertTrue(of(killed).size() > 2, "its files are there: " + of(killed));
      try (Engine engine = Engine.create(options(directory))) {
        assertEquals(List.of(), of(killed), "removed by the next start");
        assertFalse(of(other).isEmpty(), "a live one's files stay");
        assertEquals(expected, digest(engine));
        assertEquals(expected, ofOther.readLine());
        assertEquals(0, engine.budget().usedBytes());
      }
      assertEquals(expected, ofOther.readLine());
      other.getOutputStream().write('\n');
      other.getOutputStream().close();
      for (String line = ofOther.readLine(); line != null; line = ofOther.readLine()) {
        assertEquals(expected, line);
      }
      assertTrue(other.waitFor(20, TimeUnit.SECONDS));
      assertEquals(0, other.exitValue());
      try (Stream<Path> left = Files.list(directory)) {
        assertEquals(List.of(), left.toList());
      }
    } finally {
      killed.destroyForcibly();
      other.destroyForcibly();
    }
  }
}
