package dev.penstock.buffer.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.buffer.spill.DirectorySpill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleSegmentTest extends SegmentContract {
  @TempDir Path parent;
  private DirectorySpill space;

  @BeforeEach
  void open() {
    space = new DirectorySpill(parent, 1L << 30);
  }

  @AfterEach
  void close() {
    space.close();
    assertEquals(0, parent.toFile().list().length);
  }

  @Override
  SegmentKind kind() {
    assertTrue(ChronicleKind.isPossible(), "the tests run with " + ChronicleKind.FLAGS);
    return Segments.mappedByBest(space);
  }

  @Override
  void assertNothingHeld() {
    assertEquals(0, space.heldBytes());
  }

  /** A host without the flags. */
  static final class Host {
    private Host() {}

    public static void main(String[] args) {
      try (DirectorySpill space = new DirectorySpill(Path.of(args[0]), 1L << 30)) {
        System.out.println(
            Segments.mappedByBest(space).name() + " " + Segments.mappedByBest(space).name());
      }
    }
  }

  @Test
  void withoutTheFlagsOneLineAndTheMappedKind() throws IOException, InterruptedException {
    assertEquals("mapped mapped", host("").strip());
    Path logs = parent.resolve("logging.properties");
    String console = "java.util.logging.ConsoleHandler";
    Files.writeString(logs, "handlers=" + console + "\n.level=FINE\n" + console + ".level=FINE\n");
    String out = host(logs.toString());
    Files.delete(logs);
    assertTrue(out.contains("mapped mapped"), out);
    String line = "mapped segments without Chronicle Queue, which needs " + ChronicleKind.FLAGS;
    assertEquals(out.indexOf(line), out.lastIndexOf(line), out);
    assertTrue(out.contains(line), out);
  }

  /** What a JVM without the flags prints. */
  private String host(String logging) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.config.file=" + logging,
                "-cp",
                System.getProperty("java.class.path"),
                Host.class.getName(),
                parent.toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    return out;
  }
}
