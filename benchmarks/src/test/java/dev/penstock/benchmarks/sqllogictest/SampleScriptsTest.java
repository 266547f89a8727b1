package dev.penstock.benchmarks.sqllogictest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Scripts in the manner of SQLite's suite, a file a family: every record passes. */
class SampleScriptsTest {
  @Test
  void everyRecordPasses() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
            Objects.requireNonNull(SampleScriptsTest.class.getResource("/sqllogictest")).toURI());
    Script s = Script.path(folder, folder, "--dialect", "sqlite");
    assertEquals("passed 973, failed 0, skipped 0", s.numbers(), s.out());
  }
}
