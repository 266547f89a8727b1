package dev.penstock.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts {@code ./penstock} as a person would, on the Java that runs this test. */
final class LauncherTest {
  private static final Path LAUNCHER = Path.of("../penstock").toAbsolutePath().normalize();

  @TempDir Path folder;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void isPackaged() {
    assumeTrue(
        Files.exists(LAUNCHER.resolveSibling("cli/target/penstock.jar")),
        "the cli module is packaged (mvn verify, not mvn test)");
    assumeTrue(File.separatorChar == '/', "a bash script");
  }

  @Test
  void versionIsOneLineAndNothingElse() throws Exception {
    Ended ended = run(LAUNCHER, System.getProperty("java.home"), "", "--version");
    assertEquals(
        new Ended(0, "penstock 0.1.0-SNAPSHOT, Java " + Runtime.version().feature() + "\n", ""),
        ended);
  }

  @Test
  void startsThroughLinksFromAnyFolder() throws Exception {
    Path inner = Files.createDirectory(folder.resolve("a b"));
    Path absolute = Files.createSymbolicLink(inner.resolve("absolute"), LAUNCHER);
    Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("a b/absolute"));
    for (Path link : List.of(absolute, relative)) {
      Ended ended = run(link, System.getProperty("java.home"), "", "--version");
      assertEquals("", ended.err);
      assertTrue(ended.out.startsWith("penstock 0.1.0-SNAPSHOT, Java "), ended.out);
    }
  }

  @Test
  void anArchiveThatDoesNotFitIsNotMentioned() throws Exception {
    Ended ended = run(LAUNCHER, System.getProperty("java.home"), "-XX:+UseSerialGC", "--version");
    assertEquals("", ended.err);
    assertEquals(0, ended.code);
  }

  @Test
  void aWrongJavaHomeIsNamed() throws Exception {
    assertEquals(
        new Ended(
            1, "", "penstock: PENSTOCK_JAVA_HOME=/nowhere is not the home of a Java 17 or later\n"),
        run(LAUNCHER, "/nowhere", "", "--version"));
  }

  @Test
  void textIsUtf8InTheCLocaleToo() throws Exception {
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
        "this test itself can write the argument");
    assertEquals(
        new Ended(0, "A\nÅ日\n", ""),
        run(LAUNCHER, System.getProperty("java.home"), "", "-e", "(values+ [A] [[\"Å日\"]])"));
  }

  @Test
  void exitCodesPass() throws Exception {
    assertEquals(2, run(LAUNCHER, System.getProperty("java.home"), "", "--no-such-option").code);
  }

  @Test
  void runsThePlanOfTheFirstPage() throws Exception {
    Path root = LAUNCHER.getParent();
    assertEquals(
        new Ended(
            0,
            """
            Name,DeptName
            Ada,Research
            Björn,Sales
            Dana,Research
            Emeka,"Health, Safety"
            """,
            ""),
        run(
            LAUNCHER,
            System.getProperty("java.home"),
            "",
            "run",
            root.resolve("samples/people/adults.edn").toString(),
            "--data",
            root.toString()));
  }

  private Ended run(Path launcher, String javaHome, String javaOptions, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("PENSTOCK_JAVA_HOME", javaHome);
    builder.environment().put("PENSTOCK_JAVA_OPTS", javaOptions);
    builder.environment().remove("PENSTOCK_REBUILD");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end in 60 s: " + command);
    }
    return new Ended(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
