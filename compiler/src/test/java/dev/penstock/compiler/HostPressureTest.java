package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One JVM for each collector: a host fills its heap while queries run, and empties it again. */
// its JVMs have caps of their own
@Tag("ample")
@Tag("alone")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class HostPressureTest {
  @TempDir Path directory;

  /** All; where the tests run again, the one that a host has if it says nothing. */
  private static List<String> collectors() {
    List<String> all = List.of("-XX:+UseG1GC", "-XX:+UseParallelGC", "-XX:+UseSerialGC");
    return Integer.getInteger("penstock.test.fewer", 1) > 1 ? all.subList(0, 1) : all;
  }

  @ParameterizedTest
  @MethodSource("collectors")
  void queriesGoToDiskAndEnd(String collector) throws Exception {
    String out = host(collector);
    assertTrue(out.contains("running true\n"), out);
    assertTrue(out.contains("filled true\n"), out);
    assertTrue(out.contains("ended before its reader true\n"), out);
    assertTrue(out.contains("read slowly true\n"), out);
    assertEquals(3, count(out, "ample spilled [], out of heap false"), out);
    assertTrue(out.contains("tight spilled [sort], "), out);
    assertTrue(out.contains("tight spilled [sort, group], "), out);
    assertTrue(out.contains("tight spilled [sort, join], "), out);
    assertEquals(3, count(out, "again spilled [], out of heap false"), out);
    assertTrue(out.contains(" segments, heap tight for "), out);
    assertTrue(out.contains("emptied true\n"), out);
    assertEquals(6, count(out, "same true"), out);
    assertTrue(out.endsWith("holds 0\n"), out);
    assertEquals(0, Objects.requireNonNull(directory.toFile().list()).length);
  }

  private static long count(String out, String line) {
    return out.lines().filter(line::equals).count();
  }

  private String host(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx320m");
    command.add("-XX:TieredStopAtLevel=1"); // it ends before the larger compiler pays
    command.addAll(List.of(flags));
    command.add("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
    for (String export : List.of("sun.nio.ch", "jdk.internal.ref")) {
      command.add("--add-exports=java.base/" + export + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PressureHost.class.getName(), directory.toString()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assumeTrue(!out.contains("Unrecognized VM option"), out);
      assertTrue(child.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, child.exitValue(), out);
      return out;
    } finally {
      child.destroyForcibly();
    }
  }
}
