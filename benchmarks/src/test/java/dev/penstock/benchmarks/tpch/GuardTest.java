package dev.penstock.benchmarks.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  @Test
  void aThirdMoreIsWorse() {
    assertFalse(Guard.worse(1.29, 1));
    assertTrue(Guard.worse(1.31, 1));
    assertTrue(Guard.worse(Double.NaN, 1));
  }

  @Test
  void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new").resolve("baseline.csv");
    Guard.write(file, Map.of("q01", 1.25));
    assertEquals(Map.of("q01", 1.25), Guard.read(file));
  }
}
